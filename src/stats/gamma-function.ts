import { readCall, requireFiniteResult } from './distribution-parameters.js';
import { normalTail } from './normal-tail.js';

const LOG_SQRT_2PI = 0.9189385332046727;
const TWO_PI = 6.283185307179586;

/** Both tails of a distribution at one point, and the density times the point (or another scale) for Newton steps. */
export interface TailPair {
  readonly lower: number;
  readonly upper: number;
}

/** Terms of the Stirling series: ln Γ(n + 1) − (n + ½) ln n + n − ln √(2π), for n ≥ 15 correct to the last bit. */
function stirlingSeries(n: number): number {
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n;
}

/** ln Γ(x) for x > 0, unchecked. Stirling's series from 15 on, below it the recurrence Γ(x + 1) = x Γ(x). Absolute error about 1e-14. */
export function lnGamma(x: number): number {
  let shifted = x;
  let product = 1;
  while (shifted < 15) {
    product *= shifted;
    shifted += 1;
  }
  return (shifted - 0.5) * Math.log(shifted) - shifted + LOG_SQRT_2PI + stirlingSeries(shifted) - (product === 1 ? 0 : Math.log(product));
}

/** Error of Stirling's approximation of ln Γ(n + 1), n > 0 (C. Loader, Fast and Accurate Computation of Binomial Probabilities, 2000). */
export function stirlingError(n: number): number {
  return n >= 15 ? stirlingSeries(n) : lnGamma(n + 1) - (n + 0.5) * Math.log(n) + n - LOG_SQRT_2PI;
}

/** Deviance term x ln(x / m) + m − x without cancellation where x is near m (Loader 2000). */
export function devianceTerm(x: number, m: number): number {
  if (Math.abs(x - m) < 0.1 * (x + m)) {
    const ratio = (x - m) / (x + m);
    let sum = (x - m) * ratio;
    let term = 2 * x * ratio;
    const square = ratio * ratio;
    for (let j = 1; j < 1000; j += 1) {
      term *= square;
      const next = sum + term / (2 * j + 1);
      if (next === sum) return next;
      sum = next;
    }
    return sum;
  }
  return x * (Math.log(x) - Math.log(m)) + m - x;
}

/** m^x e^−m / Γ(x + 1) for real x ≥ 0, m ≥ 0: the Poisson mass where x is whole. */
export function poissonKernel(x: number, m: number): number {
  if (m === 0) return x === 0 ? 1 : 0;
  if (x === 0) return Math.exp(-m);
  return Math.exp(-stirlingError(x) - devianceTerm(x, m)) / Math.sqrt(TWO_PI * x);
}

/** Shape from which the uniform expansion of Temme replaces series and continued fraction. */
const UNIFORM_FROM = 1e7;

/**
 * Regularised incomplete gamma functions P(a, x) and Q(a, x), a > 0, x ≥ 0, unchecked.
 * Series below a + 1, Lentz's continued fraction above (Abramowitz and Stegun 6.5.29, 6.5.31); for very large a
 * the leading terms of Temme's uniform expansion (Temme 1979), whose error is below 1e-13 there.
 */
export function incompleteGamma(a: number, x: number): TailPair {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (a > UNIFORM_FROM) return uniformIncompleteGamma(a, x);
  const kernel = poissonKernel(a, x);
  if (x < a + 1) {
    let term = 1;
    let sum = 1;
    for (let n = 1; n < 100_000; n += 1) {
      term *= x / (a + n);
      sum += term;
      if (term < sum * 1e-17) break;
    }
    const lower = Math.min(1, kernel * sum);
    return { lower, upper: 1 - lower };
  }
  if (kernel === 0) return { lower: 1, upper: 0 };
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 100_000; n += 1) {
    const an = -n * (n - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const delta = d * c;
    fraction *= delta;
    if (Math.abs(delta - 1) < 2e-16) break;
  }
  const upper = Math.min(1, kernel * a * fraction);
  return { lower: 1 - upper, upper };
}

function uniformIncompleteGamma(a: number, x: number): TailPair {
  const excess = (x - a) / a;
  if (excess > 0.5) return { lower: 1, upper: 0 };
  if (excess < -0.5) return { lower: 0, upper: 1 };
  const halfSquare = devianceTerm(a, x); // a η² / 2
  const root = Math.sqrt(2 * halfSquare);
  const eta = (excess < 0 ? -root : root) / Math.sqrt(a);
  const coefficient = Math.abs(eta) < 0.01 ? -1 / 3 + eta * (1 / 12 + eta * (-2 / 135 + eta * (1 / 864 + eta / 2835))) : 1 / excess - 1 / eta;
  const correction = (Math.exp(-halfSquare) / Math.sqrt(TWO_PI * a)) * coefficient;
  const small = normalTail(root); // upper tail of the standard normal at |η| √a
  return excess < 0
    ? { lower: Math.max(0, small - correction), upper: Math.min(1, 1 - small + correction) }
    : { lower: Math.min(1, 1 - small - correction), upper: Math.max(0, small + correction) };
}

/**
 * Natural logarithm of the gamma function, ln Γ(x), for x > 0. Absolute error about 1e-14 (relative 1e-15 where |ln Γ| is large).
 *
 * Method: Stirling's series for x ≥ 15, below it the recurrence Γ(x + 1) = x Γ(x).
 *
 * @param x - more than 0, at most 1e305
 * @returns ln Γ(x)
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range`
 * @example
 * ```ts
 * import { logGamma } from 'dealwright/stats';
 * Math.round(Math.exp(logGamma(5))); // => 24
 * ```
 * @category stats
 */
export function logGamma(x: number): number {
  const { value } = readCall('x', x, { above: 0, max: 1e305 }, undefined, {});
  return requireFiniteResult(lnGamma(value), ['x']);
}
