import type { TailPair } from './gamma-function.js';

/** A cdf seen along u = ln x: both tails, and dF/du = x · density. */
export interface LogScaleCdf extends TailPair {
  readonly slope: number;
}

/**
 * Solves F(x) = p on the scale u = ln x by Newton's method on the logarithm of the smaller tail, kept inside a shrinking bracket
 * (bisection when a step leaves it). Relative error of x about that of the cdf. Returns 0 where x is below the smallest number.
 */
export function solveOnLogScale(cdf: (x: number) => LogScaleCdf, p: number, q: number, highest: number, start: number): number {
  const isLower = p <= q;
  const target = Math.log(isLower ? p : q);
  let low = -744;
  let high = highest;
  let u = Math.min(Math.max(start, low), high);
  for (let iteration = 0; iteration < 400; iteration += 1) {
    const at = cdf(Math.exp(u));
    const tail = isLower ? at.lower : at.upper;
    const difference = tail > 0 ? Math.log(tail) - target : -Infinity;
    if (difference === 0) return Math.exp(u);
    // The lower tail rises with u, the upper one falls.
    if (difference > 0 === isLower) high = u;
    else low = u;
    const slope = (isLower ? at.slope : -at.slope) / tail;
    let next = u - difference / slope;
    if (!(next > low && next < high)) next = (low + high) / 2;
    const step = Math.abs(next - u);
    u = next;
    if (step <= 1e-16 * Math.max(1, Math.abs(u)) || high - low <= 1e-15 * Math.max(1, Math.abs(u))) break;
  }
  return u <= -743.9 ? 0 : Math.exp(u);
}
