/* The search for parameters works in room that is allocated once per problem. */
import { expect, test } from 'vitest';
import { createEtsProblem, etsNormalEquations, etsObjective } from '../../src/forecasting/series/ets-kernel.js';
import { setSmoothing } from '../../src/forecasting/series/ets-search.js';
import { setStates, startStates } from '../../src/forecasting/series/ets-start.js';

const y = Float64Array.from({ length: 115 }, (_, t) => (1000 + 4 * t) * (1 + 0.2 * Math.sin((2 * Math.PI * t) / 12)) + ((t * 37) % 11));

/** Bytes of heap that one call takes, on average over many; collections in between can only lower it, so the largest of several rounds counts. */
function bytesPerCall(run: () => number): number {
  let sum = 0;
  for (let i = 0; i < 3000; i += 1) sum += run();
  let most = 0;
  for (let round = 0; round < 5; round += 1) {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 2000; i += 1) sum += run();
    most = Math.max(most, (process.memoryUsage().heapUsed - before) / 2000);
  }
  expect(Number.isFinite(sum)).toBe(true);
  return most;
}

test.each([
  ['ETS(A,A,A)', { error: 0, trend: 1, season: 1, damped: false }],
  ['ETS(M,Ad,M)', { error: 1, trend: 1, season: 2, damped: true }],
  ['ETS(M,N,N)', { error: 1, trend: 0, season: 0, damped: false }],
] as const)('%s: neither the objective nor its derivatives allocate', (_, options) => {
  const problem = createEtsProblem(y, 12, options);
  const theta = new Float64Array(problem.p);
  setStates(problem, theta, startStates(y, 12, options.trend, options.season));
  setSmoothing(problem, theta, 0.3, 0.2, 0.1, 0.95);
  // One boxed number a call (the result) is 16 bytes; one for each of 115 steps would be 1,840.
  expect(bytesPerCall(() => etsObjective(problem, theta, 0))).toBeLessThan(400);
  expect(bytesPerCall(() => etsNormalEquations(problem, theta, 0))).toBeLessThan(400);
});

test('the derivatives are those of the objective', () => {
  const forms = [];
  for (const error of [0, 1] as const)
    for (const trend of [0, 1, 2] as const)
      for (const season of [0, 1, 2] as const) for (const damped of [false, true]) if (!damped || trend !== 0) forms.push({ error, trend, season, damped });
  expect(forms.length).toBe(30);
  const gapped = y.map((value, t) => (t === 20 || t === 57 ? NaN : value));
  for (const options of forms) {
    const problem = createEtsProblem(gapped, 12, options);
    const theta = new Float64Array(problem.p);
    setStates(problem, theta, startStates(y, 12, options.trend, options.season));
    setSmoothing(problem, theta, 0.3, 0.2, 0.1, 0.95);
    for (const criterion of [0, 1, 2] as const) {
      expect(etsNormalEquations(problem, theta, criterion)).toBeCloseTo(etsObjective(problem, theta, criterion), 8);
      const gradient = Float64Array.from(problem.gradient);
      const numeric = gradient.map((__, k) => {
        const kept = theta[k] ?? 0;
        const h = 1e-5 * Math.max(1e-2, Math.abs(kept));
        theta[k] = kept + h;
        const above = etsObjective(problem, theta, criterion);
        theta[k] = kept - h;
        const below = etsObjective(problem, theta, criterion);
        theta[k] = kept;
        return (above - below) / (2 * h);
      });
      // The gradient is known up to a positive factor; it is the same for every parameter.
      let inner = 0;
      let size = 0;
      numeric.forEach((value, k) => {
        inner += value * (gradient[k] ?? 0);
        size += (gradient[k] ?? 0) ** 2;
      });
      const factor = inner / size;
      expect(factor).toBeGreaterThan(0);
      const largest = Math.max(...numeric.map(Math.abs));
      numeric.forEach((value, k) => expect(Math.abs(value - factor * (gradient[k] ?? 0)), `${JSON.stringify(options)} ${criterion} ${k}`).toBeLessThan(1e-4 * largest));
    }
  }
});
