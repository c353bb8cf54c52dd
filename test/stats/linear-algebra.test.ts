import { isDomainError } from 'dealwright/errors';
import {
  decomposeCholesky,
  decomposeSymmetric,
  exponentiateMatrix,
  invertMatrix,
  multiplyMatrices,
  raiseMatrix,
  solveLeastSquares,
  solveLinearSystem,
  transposeMatrix,
} from 'dealwright/stats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from './oracle-comparison.js';

const SEED = { seed: 20260101, numRuns: 100 };
const entry = fc.double({ min: -10, max: 10, noNaN: true });
const squareMatrix = fc.integer({ min: 1, max: 6 }).chain((n) => fc.array(fc.array(entry, { minLength: n, maxLength: n }), { minLength: n, maxLength: n }));

/** Well conditioned: the random matrix plus a heavy diagonal. */
function dominant(a: readonly (readonly number[])[]): number[][] {
  return a.map((row, i) => row.map((value, j) => value + (i === j ? 100 : 0)));
}

describe('dense matrices', () => {
  it('solves, inverts and multiplies consistently', () => {
    fc.assert(
      fc.property(squareMatrix, (raw) => {
        const a = dominant(raw);
        const n = a.length;
        const b = a.map((_, i) => i + 1);
        const x = solveLinearSystem(a, b);
        expectClose(
          multiplyMatrices(
            a,
            x.map((value) => [value]),
          ).flat(),
          b,
          1e-12,
        );
        const unit = a.map((_, i) => a.map((_unused, j) => (i === j ? 1 : 0)));
        expectClose(multiplyMatrices(a, invertMatrix(a)).flat(), unit.flat(), 1e-12);
        expect(raiseMatrix(a, 0)).toEqual(unit);
        expectClose(raiseMatrix(a, 3).flat(), multiplyMatrices(a, multiplyMatrices(a, a)).flat(), 1e-12);
        expect(transposeMatrix(transposeMatrix(a))).toEqual(a);
        expect(n).toBe(a.length);
      }),
      SEED,
    );
  });

  it('factorises a symmetric positive definite matrix', () => {
    fc.assert(
      fc.property(squareMatrix, (raw) => {
        const a = multiplyMatrices(dominant(raw), transposeMatrix(dominant(raw)));
        const factor = decomposeCholesky(a);
        expectClose(multiplyMatrices(factor, transposeMatrix(factor)).flat(), a.flat(), 1e-12);
        const { values, vectors } = decomposeSymmetric(a);
        const rebuilt = a.map((_, i) => a.map((_unused, j) => values.reduce((sum, value, k) => sum + value * (vectors[k]?.[i] ?? 0) * (vectors[k]?.[j] ?? 0), 0)));
        expectClose(rebuilt.flat(), a.flat(), 1e-11);
        expect([...values].sort((left, right) => right - left)).toEqual(values);
      }),
      SEED,
    );
  });

  it('solves least squares as the normal equations do', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(entry, entry, entry), { minLength: 5, maxLength: 30 }), (rows) => {
        const a = rows.map(([first, second], i) => [1, first + i, second - i * i]);
        const b = rows.map(([, , third]) => third);
        const x = solveLeastSquares(a, b);
        const residual = rows.map((_, i) => (b[i] ?? 0) - (a[i] ?? []).reduce((sum, value, j) => sum + value * (x[j] ?? 0), 0));
        const gradient = transposeMatrix(a).map((column) => column.reduce((sum, value, i) => sum + value * (residual[i] ?? 0), 0));
        const scale = Math.max(...a.flat().map(Math.abs)) * 30;
        for (const value of gradient) expect(Math.abs(value)).toBeLessThan(1e-9 * scale);
      }),
      SEED,
    );
  });

  it('takes the exponential: exp(A) exp(−A) = 1, known cases, large norms', () => {
    fc.assert(
      fc.property(squareMatrix, (a) => {
        const negative = a.map((row) => row.map((value) => -value / 4));
        const positive = a.map((row) => row.map((value) => value / 4));
        const left = exponentiateMatrix(positive);
        const right = exponentiateMatrix(negative);
        const scale = Math.max(...left.flat().map(Math.abs)) * Math.max(...right.flat().map(Math.abs));
        const unit = a.map((_, i) => a.map((_unused, j) => (i === j ? 1 : 0)));
        multiplyMatrices(left, right)
          .flat()
          .forEach((value, k) => expect(Math.abs(value - (unit.flat()[k] ?? 0))).toBeLessThan(1e-12 * (1 + scale)));
      }),
      SEED,
    );
    expectClose(
      exponentiateMatrix([
        [0, -Math.PI],
        [Math.PI, 0],
      ]).flat(),
      [-1, 0, 0, -1],
      1e-14,
    );
    expectClose(
      exponentiateMatrix([
        [-1000, 1000],
        [0, 0],
      ]).flat(),
      [0, 1, 0, 1],
      1e-12,
    );
    expectClose(exponentiateMatrix([[3]]).flat(), [Math.exp(3)], 1e-14);
  });

  it('refuses singular, ragged and hostile matrices with a DomainError', () => {
    const refuses = (run: () => unknown, code: string): void => {
      try {
        run();
      } catch (error) {
        expect(isDomainError(error, code), String(error)).toBe(true);
        return;
      }
      expect.fail(`no error where ${code} is expected`);
    };
    refuses(
      () =>
        solveLinearSystem(
          [
            [1, 2],
            [2, 4],
          ],
          [1, 2],
        ),
      'singular_matrix',
    );
    refuses(
      () =>
        solveLinearSystem(
          [
            [0.1, 0.2],
            [0.3, 0.6],
          ],
          [1, 2],
        ),
      'singular_matrix',
    );
    refuses(() => invertMatrix([[0]]), 'singular_matrix');
    refuses(
      () =>
        decomposeCholesky([
          [1, 2],
          [2, 1],
        ]),
      'singular_matrix',
    );
    refuses(
      () =>
        solveLeastSquares(
          [
            [1, 2],
            [2, 4],
            [3, 6],
          ],
          [1, 2, 3],
        ),
      'singular_matrix',
    );
    refuses(() => solveLeastSquares([[1, 2]], [1]), 'insufficient_data');
    refuses(() => solveLinearSystem([[1, 2], [3]], [1, 2]), 'length_mismatch');
    refuses(
      () =>
        solveLinearSystem(
          [
            [1, 2],
            [3, 4],
          ],
          [1],
        ),
      'length_mismatch',
    );
    refuses(() => multiplyMatrices([[1, 2]], [[1, 2]]), 'length_mismatch');
    refuses(() => invertMatrix([]), 'empty');
    refuses(() => raiseMatrix([[1]], 0.5), 'not_an_integer');
    refuses(() => raiseMatrix([[1e200]], 9), 'not_finite');
    refuses(() => exponentiateMatrix([[1e300]]), 'out_of_range');
    refuses(() => exponentiateMatrix([[1000]]), 'not_finite');
  });

  it('never throws anything else, whatever it is given', () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true, withSparseArray: true });
    const calls: readonly ((a: never, b: never) => unknown)[] = [
      solveLinearSystem,
      invertMatrix,
      decomposeCholesky,
      decomposeSymmetric,
      solveLeastSquares,
      multiplyMatrices,
      transposeMatrix,
      raiseMatrix,
      exponentiateMatrix,
    ];
    fc.assert(
      fc.property(fc.oneof(anything, squareMatrix, fc.array(fc.array(fc.double()))), anything, (a, b) => {
        for (const call of calls) {
          try {
            call(a as never, b as never);
          } catch (error) {
            expect(isDomainError(error), String(error)).toBe(true);
          }
        }
      }),
      { ...SEED, numRuns: 300 },
    );
  });

  it('reads typed arrays and leaves its input alone', () => {
    const row = Object.freeze([2, 1]);
    const a = Object.freeze([row, Object.freeze([1, 3])]);
    expect(solveLinearSystem(a, Object.freeze([3, 4]))).toEqual(solveLinearSystem([new Float64Array([2, 1]), new Int32Array([1, 3])], new Uint8Array([3, 4])));
  });
});
