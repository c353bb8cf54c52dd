import { readCall, requireFiniteResult } from './distribution-parameters.js';
import { devianceTerm, lnGamma, stirlingError, type TailPair } from './gamma-function.js';
import { solveOnLogScale } from './monotone-root.js';

/** n!/(x!(n−x)!) p^x q^(n−x) for real 0 < x < n (Loader 2000). */
export function binomialKernel(x: number, n: number, p: number, q: number): number {
  const rest = n - x;
  const logarithm = stirlingError(n) - stirlingError(x) - stirlingError(rest) - devianceTerm(x, n * p) - devianceTerm(rest, n * q);
  return Math.exp(logarithm) * Math.sqrt(n / (6.283185307179586 * x * rest));
}

/** x^a y^b / B(a, b), with y = 1 − x given apart so that neither loses digits. */
function betaKernel(a: number, b: number, x: number, y: number): number {
  const sum = a + b;
  return ((a * b) / sum) * binomialKernelOfShapes(a, b, sum, x, y);
}

function binomialKernelOfShapes(a: number, b: number, sum: number, x: number, y: number): number {
  const logarithm = stirlingError(sum) - stirlingError(a) - stirlingError(b) - devianceTerm(a, sum * x) - devianceTerm(b, sum * y);
  return (Math.exp(logarithm) * Math.sqrt(sum / (6.283185307179586 * a))) / Math.sqrt(b);
}

/** Continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8) by Lentz's method. */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const sum = a + b;
  let c = 1;
  let d = 1 - (sum * x) / (a + 1);
  if (Math.abs(d) < tiny) d = tiny;
  d = 1 / d;
  let fraction = d;
  for (let m = 1; m < 2_000_000; m += 1) {
    const m2 = 2 * m;
    let coefficient = (m * (b - m) * x) / ((a + m2 - 1) * (a + m2));
    d = 1 + coefficient * d;
    if (Math.abs(d) < tiny) d = tiny;
    c = 1 + coefficient / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    fraction *= d * c;
    coefficient = (-(a + m) * (sum + m) * x) / ((a + m2) * (a + m2 + 1));
    d = 1 + coefficient * d;
    if (Math.abs(d) < tiny) d = tiny;
    c = 1 + coefficient / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const delta = d * c;
    fraction *= delta;
    if (Math.abs(delta - 1) < 2e-16) break;
  }
  return fraction;
}

/** Regularised incomplete beta function I_x(a, b) and its complement, with y = 1 − x given apart; unchecked. */
export function incompleteBeta(a: number, b: number, x: number, y: number): TailPair {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (y <= 0) return { lower: 1, upper: 0 };
  const kernel = betaKernel(a, b, x, y);
  if (x * (a + b + 2) <= a + 1) {
    const lower = kernel === 0 ? 0 : Math.min(1, (kernel * betaFraction(a, b, x)) / a);
    return { lower, upper: 1 - lower };
  }
  const upper = kernel === 0 ? 0 : Math.min(1, (kernel * betaFraction(b, a, y)) / b);
  return { lower: 1 - upper, upper };
}

/** The x with I_x(a, b) = p (and 1 − x, with its own digits), given both tail masses; unchecked. */
export function incompleteBetaInverse(a: number, b: number, p: number, q: number): { readonly x: number; readonly y: number } {
  if (p <= 0) return { x: 0, y: 1 };
  if (q <= 0) return { x: 1, y: 0 };
  const half = incompleteBeta(a, b, 0.5, 0.5);
  const isLeft = p <= q ? p <= half.lower : q >= half.upper;
  const [near, far] = isLeft ? [a, b] : [b, a];
  const cdf = (x: number) => {
    const y = 1 - x;
    const tails = incompleteBeta(near, far, x, y);
    return { lower: tails.lower, upper: tails.upper, slope: betaKernel(near, far, x, y) / y };
  };
  const root = solveOnLogScale(cdf, isLeft ? p : q, isLeft ? q : p, Math.log(0.5), Math.log(near / (near + far)));
  return isLeft ? { x: root, y: 1 - root } : { x: 1 - root, y: root };
}

/**
 * Natural logarithm of the beta function, ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b). Absolute error about 1e-13 times the largest of the three terms.
 *
 * @param a - more than 0
 * @param b - more than 0
 * @returns ln B(a, b)
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range`
 * @example
 * ```ts
 * import { logBeta } from 'dealwright/stats';
 * Math.round(1 / Math.exp(logBeta(2, 3))); // => 12
 * ```
 * @category stats
 */
export function logBeta(a: number, b: number): number {
  const first = readCall('a', a, { above: 0, max: 1e300 }, undefined, {}).value;
  const second = readCall('b', b, { above: 0, max: 1e300 }, undefined, {}).value;
  return requireFiniteResult(lnBeta(first, second), ['a']);
}

/** ln B(a, b), unchecked; without cancellation of large terms where both shapes are large. */
export function lnBeta(a: number, b: number): number {
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (small < 15) {
    // ln Γ(large) − ln Γ(large + small) by Stirling's series, whose leading terms cancel analytically.
    if (large < 15) return lnGamma(small) + lnGamma(large) - lnGamma(small + large);
    const sum = large + small;
    const difference = -(large - 0.5) * Math.log1p(small / large) - small * Math.log(sum) + small + stirlingError(large) - stirlingError(sum);
    return lnGamma(small) + difference;
  }
  const sum = small + large;
  return (
    0.9189385332046727 +
    (small - 0.5) * Math.log(small / sum) +
    (large - 0.5) * Math.log1p(-small / sum) -
    0.5 * Math.log(sum) +
    stirlingError(small) +
    stirlingError(large) -
    stirlingError(sum)
  );
}
