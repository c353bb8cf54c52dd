import { checkBoolean, checkKeys, checkNumber, checkRecord, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { createIssue } from '../../errors/issue.js';
import { type Decomposition, requireSeasons } from './decompose.js';
import { fillNaN } from './fill-gaps.js';
import { readSeries, type SeriesInput } from './time-series.js';

/**
 * Settings of {@link decomposeStl}. Windows are spans of the loess smoothers in periods (odd; even ones are raised by one).
 *
 * @category forecasting
 */
export interface DecomposeStlOptions {
  /** Length of the season. Default: that of the series. */
  readonly seasonLength?: number;
  /** Window of the seasonal smoother in seasons, or `periodic` for a pattern that does not change. Default `periodic`. */
  readonly seasonalWindow?: number | 'periodic';
  /** Window of the trend. Default: the next odd number from 1.5 m / (1 − 1.5 / seasonal window). */
  readonly trendWindow?: number;
  /** Give little weight to outliers (1 inner and 15 outer iterations instead of 2 and 0). Default false. */
  readonly robust?: boolean;
}

/** Weighted local regression of `y[from..to]` (1-based, inclusive) at `x`; NaN if all weights are 0. */
function estimate(y: Float64Array, n: number, length: number, degree: number, x: number, from: number, to: number, w: Float64Array, weights: Float64Array | null): number {
  let h = Math.max(x - from, to - x);
  if (length > n) h += Math.floor((length - n) / 2);
  const far = 0.999 * h;
  const near = 0.001 * h;
  let a = 0;
  for (let j = from; j <= to; j += 1) {
    let value = 0;
    const r = Math.abs(j - x);
    if (r <= far) {
      value = r <= near ? 1 : (1 - (r / h) ** 3) ** 3;
      if (weights !== null) value *= weights[j - 1] ?? 0;
      a += value;
    }
    w[j - 1] = value;
  }
  if (a <= 0) return NaN;
  for (let j = from; j <= to; j += 1) w[j - 1] = (w[j - 1] ?? 0) / a;
  if (h > 0 && degree > 0) {
    let centre = 0;
    for (let j = from; j <= to; j += 1) centre += (w[j - 1] ?? 0) * j;
    let b = x - centre;
    let c = 0;
    for (let j = from; j <= to; j += 1) c += (w[j - 1] ?? 0) * (j - centre) ** 2;
    if (Math.sqrt(c) > 0.001 * (n - 1)) {
      b /= c;
      for (let j = from; j <= to; j += 1) w[j - 1] = (w[j - 1] ?? 0) * (b * (j - centre) + 1);
    }
  }
  let sum = 0;
  for (let j = from; j <= to; j += 1) sum += (w[j - 1] ?? 0) * (y[j - 1] ?? 0);
  return sum;
}

/** Loess at every `jump`th point, straight lines between. */
function loess(y: Float64Array, n: number, length: number, degree: number, jumpWanted: number, weights: Float64Array | null, out: Float64Array, w: Float64Array): void {
  if (n < 2) {
    out[0] = y[0] ?? 0;
    return;
  }
  const jump = Math.min(jumpWanted, n - 1);
  const half = Math.floor((length + 1) / 2);
  let from = 1;
  let to = n;
  const at = (i: number): void => {
    const value = estimate(y, n, length, degree, i, from, to, w, weights);
    out[i - 1] = value === value ? value : (y[i - 1] ?? 0);
  };
  if (length >= n) for (let i = 1; i <= n; i += jump) at(i);
  else if (jump === 1) {
    to = length;
    for (let i = 1; i <= n; i += 1) {
      if (i > half && to !== n) {
        from += 1;
        to += 1;
      }
      at(i);
    }
  } else {
    for (let i = 1; i <= n; i += jump) {
      if (i < half) {
        from = 1;
        to = length;
      } else if (i >= n - half + 1) {
        from = n - length + 1;
        to = n;
      } else {
        from = i - half + 1;
        to = length + i - half;
      }
      at(i);
    }
  }
  if (jump === 1) return;
  for (let i = 1; i <= n - jump; i += jump) {
    const left = out[i - 1] ?? 0;
    const slope = ((out[i + jump - 1] ?? 0) - left) / jump;
    for (let j = i + 1; j < i + jump; j += 1) out[j - 1] = left + slope * (j - i);
  }
  const k = Math.floor((n - 1) / jump) * jump + 1;
  if (k === n) return;
  at(n);
  if (k === n - 1) return;
  const left = out[k - 1] ?? 0;
  const slope = ((out[n - 1] ?? 0) - left) / (n - k);
  for (let j = k + 1; j < n; j += 1) out[j - 1] = left + slope * (j - k);
}

/** Moving averages of length `length` of the first `n` entries of `x`; n − length + 1 of them. */
function average(x: Float64Array, n: number, length: number, out: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < length; i += 1) sum += x[i] ?? 0;
  out[0] = sum / length;
  for (let i = length; i < n; i += 1) {
    sum += (x[i] ?? 0) - (x[i - length] ?? 0);
    out[i - length + 1] = sum / length;
  }
}

function nextOdd(value: number): number {
  const whole = Math.round(value);
  return whole % 2 === 0 ? whole + 1 : whole;
}

/** Numbers of an STL run. */
export interface StlPlan {
  readonly m: number;
  readonly seasonalWindow: number;
  readonly seasonalDegree: 0 | 1;
  readonly trendWindow: number;
  readonly periodic: boolean;
  readonly robust: boolean;
}

/** STL on typed arrays (Cleveland et al. 1990). */
export function runStl(y: Float64Array, plan: StlPlan): { readonly trend: Float64Array; readonly seasonal: Float64Array } {
  const { m, seasonalWindow, seasonalDegree, trendWindow, robust } = plan;
  const n = y.length;
  const lowWindow = nextOdd(m);
  const jumpOf = (window: number): number => Math.ceil(window / 10);
  const inner = robust ? 1 : 2;
  const outer = robust ? 15 : 0;
  const long = n + 2 * m;
  const trend = new Float64Array(n);
  const seasonal = new Float64Array(n);
  const one = new Float64Array(long);
  const cycle = new Float64Array(long);
  const low = new Float64Array(long);
  const w = new Float64Array(long);
  const subseries = new Float64Array(Math.ceil(n / m) + 1);
  const smooth = new Float64Array(subseries.length + 2);
  const inside = new Float64Array(subseries.length + 2);
  const subWeights = new Float64Array(subseries.length);
  let weights: Float64Array | null = null;
  for (let round = 0; round <= outer; round += 1) {
    for (let pass = 0; pass < inner; pass += 1) {
      for (let t = 0; t < n; t += 1) one[t] = (y[t] ?? 0) - (trend[t] ?? 0);
      for (let j = 0; j < m; j += 1) {
        const k = Math.floor((n - j - 1) / m) + 1;
        for (let i = 0; i < k; i += 1) {
          subseries[i] = one[i * m + j] ?? 0;
          if (weights !== null) subWeights[i] = weights[i * m + j] ?? 0;
        }
        const sub = weights === null ? null : subWeights;
        loess(subseries, k, seasonalWindow, seasonalDegree, jumpOf(seasonalWindow), sub, inside, w);
        for (let i = 0; i < k; i += 1) smooth[i + 1] = inside[i] ?? 0;
        const before = estimate(subseries, k, seasonalWindow, seasonalDegree, 0, 1, Math.min(seasonalWindow, k), w, sub);
        smooth[0] = before === before ? before : (smooth[1] ?? 0);
        const after = estimate(subseries, k, seasonalWindow, seasonalDegree, k + 1, Math.max(1, k - seasonalWindow + 1), k, w, sub);
        smooth[k + 1] = after === after ? after : (smooth[k] ?? 0);
        for (let i = 0; i < k + 2; i += 1) cycle[i * m + j] = smooth[i] ?? 0;
      }
      average(cycle, long, m, low);
      average(low, long - m + 1, m, one);
      average(one, long - 2 * m + 2, 3, low);
      loess(low, n, lowWindow, 1, jumpOf(lowWindow), null, one, w);
      for (let t = 0; t < n; t += 1) seasonal[t] = (cycle[m + t] ?? 0) - (one[t] ?? 0);
      for (let t = 0; t < n; t += 1) one[t] = (y[t] ?? 0) - (seasonal[t] ?? 0);
      loess(one.subarray(0, n), n, trendWindow, 1, jumpOf(trendWindow), weights, trend, w);
    }
    if (round === outer) break;
    // Bisquare weights from the remainders.
    const r = new Float64Array(n);
    for (let t = 0; t < n; t += 1) r[t] = Math.abs((y[t] ?? 0) - (trend[t] ?? 0) - (seasonal[t] ?? 0));
    const sorted = Float64Array.from(r).sort();
    const scale = 3 * ((sorted[Math.floor(n / 2)] ?? 0) + (sorted[n - Math.floor(n / 2) - 1] ?? 0));
    weights = r.map((value) => (value <= 0.001 * scale ? 1 : value <= 0.999 * scale ? (1 - (value / scale) ** 2) ** 2 : 0));
  }
  if (plan.periodic) {
    const sums = new Float64Array(m);
    const counts = new Float64Array(m);
    for (let t = 0; t < n; t += 1) {
      sums[t % m] = (sums[t % m] ?? 0) + (seasonal[t] ?? 0);
      counts[t % m] = (counts[t % m] ?? 0) + 1;
    }
    for (let t = 0; t < n; t += 1) seasonal[t] = (sums[t % m] ?? 0) / (counts[t % m] ?? 1);
  }
  return { trend, seasonal };
}

/** The numbers of an STL run from its settings. */
export function planStl(n: number, m: number, seasonalWindow: number | 'periodic', trendWindow: number | undefined, robust: boolean): StlPlan {
  const periodic = seasonalWindow === 'periodic';
  const window = periodic ? 10 * n + 1 : Math.max(3, nextOdd(seasonalWindow));
  return {
    m,
    seasonalWindow: window,
    seasonalDegree: periodic ? 0 : 1,
    trendWindow: Math.max(3, trendWindow === undefined ? nextOdd(Math.ceil((1.5 * m) / (1 - 1.5 / window))) : nextOdd(trendWindow)),
    periodic,
    robust,
  };
}

/**
 * STL: seasonal and trend decomposition by loess (Cleveland, Cleveland, McRae and Terpenning 1990), with the defaults of R's `stl`: local lines for trend
 * and low-pass (degree 0 for a periodic season), evaluated at every tenth of their window. Unlike the classical decomposition it reaches to both ends,
 * lets the season change, and can resist outliers.
 *
 * @param series - the series, with a season; gaps are filled first and stay gaps in the remainder
 * @param options - windows and robustness
 * @returns trend, seasonal effect and remainder for each period (additive)
 * @throws DomainError `insufficient_data` (less than two full seasons, or no season) | `invalid_type` | `invalid_value` | `unknown_key` | `too_long` | `out_of_range` | `not_an_integer` | `invalid_period` | `invalid_fiscal_calendar`
 * @example
 * ```ts
 * import { decomposeStl } from 'dealwright/forecasting';
 * const parts = decomposeStl({ values: [10, 20, 12, 22, 14, 24, 16, 26], seasonLength: 2 });
 * parts.figure?.map((value) => value.toFixed(1)); // => ['-4.5', '4.5']
 * ```
 * @category forecasting
 */
export function decomposeStl(series: SeriesInput, options: DecomposeStlOptions = {}): Decomposition {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['seasonLength', 'seasonalWindow', 'trendWindow', 'robust'], ['options'], issues);
  const wholeNumber = (key: string, min: number): number | undefined =>
    record[key] === undefined ? undefined : checkNumber(record[key], ['options', key], issues, { integer: true, min, max: 1_000_000 });
  const given = wholeNumber('seasonLength', 2);
  let seasonalWindow: number | 'periodic' = 'periodic';
  if (record.seasonalWindow !== undefined && record.seasonalWindow !== 'periodic') {
    if (typeof record.seasonalWindow === 'number') seasonalWindow = wholeNumber('seasonalWindow', 3) ?? 'periodic';
    else issues.push(createIssue('invalid_type', ['options', 'seasonalWindow'], { expected: 'a whole number, or "periodic"', received: record.seasonalWindow }));
  }
  const trendWindow = wholeNumber('trendWindow', 3);
  const robust = record.robust === undefined ? false : (checkBoolean(record.robust, ['options', 'robust'], issues) ?? false);
  throwIfIssues(issues);
  const read = readSeries(series);
  const m = given ?? read.seasonLength;
  const n = read.y.length;
  requireSeasons(m, n, read.observed);
  const y = fillNaN(read.y, m);
  const plan = planStl(n, m, seasonalWindow, trendWindow, robust);
  const { trend, seasonal } = runStl(y, plan);
  return {
    type: 'additive',
    seasonLength: m,
    figure: plan.periodic ? Array.from(seasonal.subarray(0, m)) : null,
    trend: Array.from(trend),
    seasonal: Array.from(seasonal),
    remainder: Array.from(trend, (level, t) => {
      const rest = (read.y[t] ?? NaN) - level - (seasonal[t] ?? 0);
      return Number.isFinite(rest) ? rest : null;
    }),
  };
}
