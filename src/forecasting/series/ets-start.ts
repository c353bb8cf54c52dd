/*
 * Heuristic start states of exponential smoothing: classical decomposition (a first harmonic when there are fewer than three seasons), then a line
 * through the first seasonally adjusted observations. Internal.
 */
import type { EtsProblem } from './ets-kernel.js';

/** Start states in the layout of a problem's parameter vector. */
export interface EtsStart {
  level: number;
  growth: number;
  /** c₀ … c_{m−1}: c_j drives observation j of the first season. */
  readonly seasonal: Float64Array;
}

/** Gaps filled by straight lines; ends by the nearest value. Used for start values only. */
export function bridgeGaps(y: Float64Array): Float64Array {
  const filled = Float64Array.from(y);
  let previous = -1;
  for (let t = 0; t < filled.length; t += 1) {
    const value = filled[t] ?? NaN;
    if (value !== value) continue;
    if (previous < 0) for (let k = 0; k < t; k += 1) filled[k] = value;
    else {
      const from = filled[previous] ?? 0;
      for (let k = previous + 1; k < t; k += 1) filled[k] = from + ((value - from) * (k - previous)) / (t - previous);
    }
    previous = t;
  }
  if (previous < 0) filled.fill(0);
  else for (let k = previous + 1; k < filled.length; k += 1) filled[k] = filled[previous] ?? 0;
  return filled;
}

/** Seasonal figure of a series by position in the season (position 0 = first observation), normalised to sum 0 or m. */
export function seasonalFigure(y: Float64Array, m: number, multiplicative: boolean): Float64Array {
  const n = y.length;
  const figure = new Float64Array(m);
  const count = new Float64Array(m);
  const half = Math.floor(m / 2);
  if (n >= 3 * m) {
    for (let t = half; t < n - half; t += 1) {
      let sum = 0;
      if (m % 2 === 0) {
        sum = 0.5 * ((y[t - half] ?? 0) + (y[t + half] ?? 0));
        for (let k = t - half + 1; k < t + half; k += 1) sum += y[k] ?? 0;
      } else for (let k = t - half; k <= t + half; k += 1) sum += y[k] ?? 0;
      const trend = sum / m;
      const value = multiplicative ? (Math.abs(trend) < 1e-300 ? 1 : (y[t] ?? 0) / trend) : (y[t] ?? 0) - trend;
      figure[t % m] = (figure[t % m] ?? 0) + value;
      count[t % m] = (count[t % m] ?? 0) + 1;
    }
    for (let j = 0; j < m; j += 1) figure[j] = (figure[j] ?? 0) / Math.max(1, count[j] ?? 1);
  } else {
    // Distance from the straight line through the series, averaged by position.
    const [intercept, slope] = fitLine(y, n);
    for (let t = 0; t < n; t += 1) {
      const line = intercept + slope * (t + 1);
      const value = multiplicative ? (Math.abs(line) < 1e-300 ? 1 : (y[t] ?? 0) / line) : (y[t] ?? 0) - line;
      figure[t % m] = (figure[t % m] ?? 0) + value;
      count[t % m] = (count[t % m] ?? 0) + 1;
    }
    for (let j = 0; j < m; j += 1) figure[j] = (count[j] ?? 0) > 0 ? (figure[j] ?? 0) / (count[j] ?? 1) : multiplicative ? 1 : 0;
  }
  let sum = 0;
  for (const value of figure) sum += value;
  for (let j = 0; j < m; j += 1) figure[j] = multiplicative ? (sum > 0 ? ((figure[j] ?? 0) * m) / sum : 1) : (figure[j] ?? 0) - sum / m;
  return figure;
}

/** Intercept and slope of the least-squares line through the first `count` values against 1, 2, …. */
export function fitLine(y: Float64Array, count: number): readonly [intercept: number, slope: number] {
  let sumY = 0;
  let sumTY = 0;
  for (let t = 0; t < count; t += 1) {
    sumY += y[t] ?? 0;
    sumTY += (t + 1) * (y[t] ?? 0);
  }
  const sumT = (count * (count + 1)) / 2;
  const sumTT = (count * (count + 1) * (2 * count + 1)) / 6;
  const determinant = count * sumTT - sumT * sumT;
  const slope = determinant === 0 ? 0 : (count * sumTY - sumT * sumY) / determinant;
  return [(sumY - slope * sumT) / count, slope];
}

/** Start states for a form. `filled` has no gaps. */
export function startStates(filled: Float64Array, m: number, trend: 0 | 1 | 2, season: 0 | 1 | 2): EtsStart {
  const n = filled.length;
  const seasonal = season === 0 ? new Float64Array(1) : seasonalFigure(filled, m, season === 2);
  const span = Math.min(n, Math.max(10, 2 * (season === 0 ? 1 : m)));
  const adjusted = new Float64Array(span);
  if (season === 2) {
    let sum = 0;
    for (let j = 0; j < m; j += 1) {
      seasonal[j] = Math.max(seasonal[j] ?? 1, 1e-2);
      sum += seasonal[j] ?? 0;
    }
    for (let j = 0; j < m; j += 1) seasonal[j] = ((seasonal[j] ?? 1) * m) / sum;
  }
  for (let t = 0; t < span; t += 1) {
    const value = filled[t] ?? 0;
    adjusted[t] = season === 0 ? value : season === 1 ? value - (seasonal[t % m] ?? 0) : value / (seasonal[t % m] ?? 1);
  }
  if (trend === 0) {
    let sum = 0;
    for (const value of adjusted) sum += value;
    return { level: sum / span, growth: 0, seasonal };
  }
  const [intercept, slope] = fitLine(adjusted, span);
  if (trend === 1) {
    const nearZero = Math.abs(intercept + slope) < 1e-8;
    return { level: nearZero ? intercept * (1 + 1e-3) : intercept, growth: nearZero ? slope * (1 - 1e-3) : slope, seasonal };
  }
  const first = intercept + slope;
  let level = Math.abs(first) < 1e-8 ? 1e-7 : first;
  let growth = (intercept + 2 * slope) / level;
  level /= growth;
  if (!(level > 1e-8) || !(growth > 1e-8) || level > 1e10) {
    level = Math.max(adjusted[0] ?? 1, 1e-3);
    growth = Math.max((adjusted[1] ?? 1) / (adjusted[0] ?? 1), 1e-3);
    if (!(growth < 10)) growth = 1;
  }
  return { level, growth, seasonal };
}

/** Writes start states into a parameter vector. */
export function setStates(problem: EtsProblem, theta: Float64Array, start: EtsStart): void {
  theta[problem.iL] = start.level;
  if (problem.iB >= 0) theta[problem.iB] = start.growth;
  if (problem.iS >= 0) for (let j = 1; j < problem.m; j += 1) theta[problem.iS + j - 1] = start.seasonal[j] ?? 0;
}
