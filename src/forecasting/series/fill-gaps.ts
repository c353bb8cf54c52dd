import { readSeries, type SeriesInput } from './time-series.js';

/** Fills NaN: straight lines between neighbours, after taking out a seasonal figure where two seasons are known. Returns the input if it has no gap. */
export function fillNaN(y: Float64Array, m: number): Float64Array {
  const n = y.length;
  let gaps = 0;
  let observed = 0;
  for (const value of y) {
    if (value === value) observed += 1;
    else gaps += 1;
  }
  if (gaps === 0) return y;
  const figure = new Float64Array(m);
  if (m > 1 && observed >= 2 * m) {
    // Mean distance of each position in the season from a centred line through the known neighbours: the mean over whole windows of m periods.
    const counts = new Float64Array(m);
    const bridged = bridge(y, new Float64Array(1), 1);
    const half = Math.floor(m / 2);
    for (let t = 0; t < n; t += 1) {
      const value = y[t] ?? NaN;
      if (value !== value) continue;
      const from = Math.min(Math.max(0, t - half), Math.max(0, n - m));
      const to = Math.min(n, from + m);
      let sum = 0;
      for (let k = from; k < to; k += 1) sum += bridged[k] ?? 0;
      figure[t % m] = (figure[t % m] ?? 0) + value - sum / (to - from);
      counts[t % m] = (counts[t % m] ?? 0) + 1;
    }
    let total = 0;
    for (let j = 0; j < m; j += 1) {
      figure[j] = (counts[j] ?? 0) > 0 ? (figure[j] ?? 0) / (counts[j] ?? 1) : 0;
      total += figure[j] ?? 0;
    }
    for (let j = 0; j < m; j += 1) figure[j] = (figure[j] ?? 0) - total / m;
  }
  return bridge(y, figure, m);
}

function bridge(y: Float64Array, figure: Float64Array, m: number): Float64Array {
  const n = y.length;
  const filled = Float64Array.from(y);
  const at = (t: number): number => (filled[t] ?? 0) - (figure[t % m] ?? 0);
  let previous = -1;
  for (let t = 0; t < n; t += 1) {
    const value = filled[t] ?? NaN;
    if (value !== value) continue;
    if (previous < 0) for (let k = 0; k < t; k += 1) filled[k] = at(t) + (figure[k % m] ?? 0);
    else {
      const from = at(previous);
      const to = at(t);
      for (let k = previous + 1; k < t; k += 1) filled[k] = from + ((to - from) * (k - previous)) / (t - previous) + (figure[k % m] ?? 0);
    }
    previous = t;
  }
  if (previous < 0) return filled.fill(0);
  const last = at(previous);
  for (let k = previous + 1; k < n; k += 1) filled[k] = last + (figure[k % m] ?? 0);
  return filled;
}

/**
 * A series without gaps: straight lines between the known neighbours, drawn through the seasonally adjusted values where at least two seasons are known;
 * before the first and after the last known value the nearest one is repeated (with its season). For looking at a series and for models that cannot
 * take gaps; those that can (ETS, regression, mean) are given the gaps themselves.
 *
 * @param series - the series
 * @returns one value for each period; an empty list if no value is known
 * @throws DomainError `invalid_type` | `unknown_key` | `too_long` | `invalid_value` | `out_of_range` | `not_an_integer` | `invalid_period` | `invalid_fiscal_calendar`
 * @example
 * ```ts
 * import { fillGaps } from 'dealwright/forecasting';
 * fillGaps([10, null, 14, null]); // => [10, 12, 14, 14]
 * ```
 * @category forecasting
 */
export function fillGaps(series: SeriesInput): number[] {
  const read = readSeries(series);
  return read.observed === 0 ? [] : Array.from(fillNaN(read.y, read.seasonLength));
}
