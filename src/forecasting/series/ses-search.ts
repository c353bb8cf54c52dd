/*
 * The smoothing parameter of simple exponential smoothing with its start level estimated: for a given α the best start level is a ratio of two sums, so the
 * search is over α alone. Internal; allocates nothing.
 */
import { LOWER, UPPER } from './ets-kernel.js';

/** An estimated simple exponential smoothing. */
export interface SesFit {
  alpha: number;
  level: number;
  sumOfSquares: number;
  /** Level after the last value. */
  last: number;
}

/** Σe² at α with the best start level. `shift` is taken off the values for the sake of digits. */
function profile(y: Float64Array, n: number, shift: number, alpha: number, out: SesFit | null): number {
  const keep = 1 - alpha;
  let level = 0;
  let weight = 1;
  let aa = 0;
  let aw = 0;
  let ww = 0;
  for (let t = 0; t < n; t += 1) {
    const value = (y[t] ?? 0) - shift;
    const a = value - level;
    aa += a * a;
    aw += a * weight;
    ww += weight * weight;
    level += alpha * a;
    weight *= keep;
  }
  const start = aw / ww;
  const sum = aa - start * aw;
  if (out !== null) {
    out.alpha = alpha;
    out.level = start + shift;
    out.sumOfSquares = Math.max(0, sum);
    out.last = level + weight * start + shift;
  }
  return sum;
}

const GRID = 24;
const GOLDEN = 0.3819660112501051;

/** Minimises Σe² over 1e-4 ≤ α ≤ 0.9999: a grid, then golden section with parabolas around its best point. */
export function fitSes(y: Float64Array, n: number): SesFit {
  const result: SesFit = { alpha: LOWER, level: 0, sumOfSquares: 0, last: 0 };
  const shift = y[0] ?? 0;
  let best = 0;
  let bestValue = Infinity;
  for (let i = 0; i <= GRID; i += 1) {
    const value = profile(y, n, shift, LOWER + ((UPPER - LOWER) * i) / GRID, null);
    if (value < bestValue) {
      bestValue = value;
      best = i;
    }
  }
  const step = (UPPER - LOWER) / GRID;
  let a = Math.max(LOWER, LOWER + step * (best - 1));
  let b = Math.min(UPPER, LOWER + step * (best + 1));
  // Brent.
  let x = best === 0 || best === GRID ? a + GOLDEN * (b - a) : LOWER + step * best;
  let w = x;
  let v = x;
  let fx = best === 0 || best === GRID ? profile(y, n, shift, x, null) : bestValue;
  let fw = fx;
  let fv = fx;
  let d = 0;
  let e = 0;
  for (let i = 0; i < 60; i += 1) {
    const middle = 0.5 * (a + b);
    const tolerance = 1e-9 * Math.abs(x) + 1e-10;
    if (Math.abs(x - middle) <= 2 * tolerance - 0.5 * (b - a)) break;
    let parabolic = false;
    if (Math.abs(e) > tolerance) {
      let r = (x - w) * (fx - fv);
      let q = (x - v) * (fx - fw);
      let p = (x - v) * q - (x - w) * r;
      q = 2 * (q - r);
      if (q > 0) p = -p;
      else q = -q;
      r = e;
      e = d;
      if (Math.abs(p) < Math.abs(0.5 * q * r) && p > q * (a - x) && p < q * (b - x)) {
        parabolic = true;
        d = p / q;
        const u = x + d;
        if (u - a < 2 * tolerance || b - u < 2 * tolerance) d = x < middle ? tolerance : -tolerance;
      }
    }
    if (!parabolic) {
      e = x < middle ? b - x : a - x;
      d = GOLDEN * e;
    }
    const u = x + (Math.abs(d) >= tolerance ? d : d > 0 ? tolerance : -tolerance);
    const fu = profile(y, n, shift, u, null);
    if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      v = w;
      fv = fw;
      w = x;
      fw = fx;
      x = u;
      fx = fu;
    } else {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) {
        v = w;
        fv = fw;
        w = u;
        fw = fu;
      } else if (fu <= fv || v === x || v === w) {
        v = u;
        fv = fu;
      }
    }
  }
  // A limit may be better than anything inside.
  if (best === 0 && profile(y, n, shift, LOWER, null) <= fx) x = LOWER;
  if (best === GRID && profile(y, n, shift, UPPER, null) <= fx) x = UPPER;
  profile(y, n, shift, x, result);
  return result;
}
