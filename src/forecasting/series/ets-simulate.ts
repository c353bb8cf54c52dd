/*
 * Simulated futures of exponential smoothing, for the forms whose variance has no closed form. Internal.
 */
import { quantileOfSorted } from '../../stats/quantile.js';
import { openRandom } from '../../stats/random.js';
import type { EtsNumbers, EtsStates } from './ets-paths.js';
import type { ForecastInterval } from './forecast-model.js';

const TINY = 1e-10;

/** What a simulation is made of. */
export interface EtsSimulation {
  readonly numbers: EtsNumbers;
  readonly states: EtsStates;
  /** Standard deviation of the innovations. */
  readonly sigma: number;
  /** Innovations to draw from; normal ones if empty. */
  readonly pool: readonly number[];
  readonly paths: number;
  readonly seed: number | string;
  readonly horizon: number;
  readonly levels: readonly number[];
}

/** Quantile intervals and standard errors of simulated futures. Normal innovations come in pairs of opposite sign. */
export function simulateIntervals(simulation: EtsSimulation): { readonly intervals: ForecastInterval[]; readonly standardErrors: number[] } {
  const { numbers, states, sigma, pool, paths, seed, horizon, levels } = simulation;
  const { error, trend, season, alpha, beta, gamma, phi } = numbers;
  const random = openRandom(seed);
  const m = Math.max(1, states.seasonal.length);
  const seasonal = new Float64Array(m);
  const start = Float64Array.from(states.seasonal);
  const shocks = new Float64Array(horizon);
  const columns = Array.from({ length: horizon }, () => new Float64Array(paths));
  for (let path = 0; path < paths; path += 1) {
    const mirrored = pool.length === 0 && path % 2 === 1;
    if (!mirrored) for (let h = 0; h < horizon; h += 1) shocks[h] = pool.length === 0 ? sigma * random.normal() : (pool[Math.floor(random.uniform() * pool.length)] ?? 0);
    const sign = mirrored ? -1 : 1;
    seasonal.set(start);
    let { level, growth } = states;
    for (let h = 0; h < horizon; h += 1) {
      const j = h % m;
      const s = season === 0 ? 0 : (seasonal[j] ?? 0);
      const damping = trend === 0 ? 0 : trend === 1 ? phi * growth : phi === 1 ? growth : Math.max(growth, TINY) ** phi;
      const q = trend === 0 ? level : trend === 1 ? level + damping : level * damping;
      const mu = season === 0 ? q : season === 1 ? q + s : q * s;
      // A relative error below −1 would turn a sale into its opposite.
      const e = error === 1 ? mu * Math.max(sign * (shocks[h] ?? 0), -1) : sign * (shocks[h] ?? 0);
      const value = mu + e;
      const column = columns[h];
      if (column !== undefined) column[path] = Number.isFinite(value) ? value : 0;
      const a = season === 2 ? (Math.abs(s) < TINY ? 0 : value / s - q) : e;
      if (trend === 1) growth = damping + beta * a;
      else if (trend === 2) growth = damping + (Math.abs(level) < TINY ? 0 : (beta * a) / level);
      level = q + alpha * a;
      if (season === 1) seasonal[j] = s + gamma * e;
      else if (season === 2) seasonal[j] = s + (Math.abs(q) < TINY ? 0 : gamma * (value / q - s));
    }
  }
  const standardErrors = columns.map((column) => {
    let sum = 0;
    for (const value of column) sum += value;
    const mean = sum / paths;
    let squares = 0;
    for (const value of column) squares += (value - mean) ** 2;
    return Math.sqrt(squares / Math.max(1, paths - 1));
  });
  for (const column of columns) column.sort();
  const intervals = levels.map((level) => ({
    level,
    lower: columns.map((column) => quantileOfSorted(column, (1 - level) / 2)),
    upper: columns.map((column) => quantileOfSorted(column, (1 + level) / 2)),
  }));
  return { intervals, standardErrors };
}
