import { checkId, checkKeys, checkList, checkNumber, checkRecord, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { compensatedSum } from '../../stats/compensated-sum.js';

/**
 * A forecast that a person called, and what happened.
 *
 * @category forecasting
 */
export interface ForecastCall {
  /** Who called it. */
  readonly callerId: string;
  /** What was called; above 0. */
  readonly called: number;
  /** What happened; not negative. */
  readonly actual: number;
}

/**
 * The bias of one caller.
 *
 * @category forecasting
 */
export interface CallerBias {
  /** Who. */
  readonly callerId: string;
  /** Number of calls. */
  readonly calls: number;
  /** Σ actual / Σ called; `null` where nothing was called or nothing happened. */
  readonly observedRatio: number | null;
  /** The ratio drawn towards that of all: multiply a call by it. Below 1 the caller is too optimistic. */
  readonly ratio: number;
  /** Weight of the caller's own history in it, 0 to 1. */
  readonly ownWeight: number;
  /** Standard deviation of ln(actual / called) around the caller's own mean: noise, not optimism; `null` with fewer than two usable calls. */
  readonly noise: number | null;
}

/**
 * Result of {@link estimateCallBias}.
 *
 * @category forecasting
 */
export interface CallBias {
  /** Σ actual / Σ called of all callers; 1 where nothing can be told. */
  readonly overallRatio: number;
  /** Callers, by id. */
  readonly callers: readonly CallerBias[];
}

/**
 * How optimistic each caller is, apart from how noisy: ln ratio = B × own + (1 − B) × that of all, where B = t² / (t² + s² / n) with t² the variance of the true biases between
 * callers and s² the noise of one call (method of moments). A caller with few calls is judged by what is usual.
 *
 * @param calls - forecasts that were called with what happened, in any order
 * @returns bias by caller
 * @throws DomainError `invalid_type` | `not_finite` | `out_of_range` | `unknown_key` | `reserved_key` | `empty`
 * @example
 * ```ts
 * import { estimateCallBias } from 'dealwright/forecasting';
 * const { callers } = estimateCallBias([{ callerId: 'ann', called: 100, actual: 80 }, { callerId: 'ann', called: 200, actual: 160 }]);
 * [callers[0].observedRatio, callers[0].ratio.toFixed(2)]; // => [0.8, '0.80']
 * ```
 * @category forecasting
 */
export function estimateCallBias(calls: readonly ForecastCall[]): CallBias {
  const issues: IssueSink = [];
  const list = checkList(calls, ['calls'], issues, { expected: 'a list of { callerId, called, actual }' }) ?? [];
  const byCaller = new Map<string, { called: number[]; actual: number[]; logs: number[]; calls: number }>();
  for (let i = 0; i < list.length && issues.length < 100; i += 1) {
    const record = checkRecord(list[i], [i], issues);
    if (record === undefined) continue;
    checkKeys(record, ['callerId', 'called', 'actual'], [i], issues);
    const id = checkId(record.callerId, [i, 'callerId'], issues);
    const called = checkNumber(record.called, [i, 'called'], issues, { min: 0, max: 1e100 });
    const actual = checkNumber(record.actual, [i, 'actual'], issues, { min: 0, max: 1e100 });
    if (id === undefined || called === undefined || actual === undefined) continue;
    const entry = byCaller.get(id) ?? { called: [], actual: [], logs: [], calls: 0 };
    entry.called.push(called);
    entry.actual.push(actual);
    entry.calls += 1;
    if (called > 0 && actual > 0) entry.logs.push(Math.log(actual / called));
    byCaller.set(id, entry);
  }
  throwIfIssues(issues);
  const ids = [...byCaller.keys()].sort();
  const entries = ids.flatMap((id) => {
    const entry = byCaller.get(id);
    return entry === undefined ? [] : [{ id, calls: entry.calls, called: total(entry.called), actual: total(entry.actual), logs: [...entry.logs].sort((a, b) => a - b) }];
  });
  const called = entries.reduce((sum, entry) => sum + entry.called, 0);
  const actual = entries.reduce((sum, entry) => sum + entry.actual, 0);
  const overallRatio = called > 0 && actual > 0 ? actual / called : 1;
  // Noise within callers, pooled; then what callers differ by beyond it.
  let squares = 0;
  let degrees = 0;
  for (const { logs } of entries) {
    const mean = logs.reduce((sum, x) => sum + x, 0) / Math.max(1, logs.length);
    for (const x of logs) squares += (x - mean) ** 2;
    degrees += Math.max(0, logs.length - 1);
  }
  const noise = degrees > 0 ? squares / degrees : null;
  const usable = entries.filter((entry) => entry.called > 0 && entry.actual > 0);
  const centre = Math.log(overallRatio);
  let between = 0;
  if (noise !== null && usable.length > 1) {
    const excess = usable.reduce((sum, entry) => sum + (Math.log(entry.actual / entry.called) - centre) ** 2 - noise / Math.max(1, entry.logs.length), 0);
    between = Math.max(0, excess / (usable.length - 1));
  }
  return {
    overallRatio,
    callers: entries.map((entry) => {
      const observed = entry.called > 0 && entry.actual > 0 ? entry.actual / entry.called : null;
      const n = entry.logs.length;
      const weight = observed === null || n === 0 || between === 0 || noise === null ? 0 : between / (between + noise / n);
      const mean = n > 0 ? entry.logs.reduce((sum, x) => sum + x, 0) / n : 0;
      return {
        callerId: entry.id,
        calls: entry.calls,
        observedRatio: observed,
        ratio: observed === null ? overallRatio : Math.exp(weight * Math.log(observed) + (1 - weight) * centre),
        ownWeight: weight,
        noise: n > 1 ? Math.sqrt(entry.logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1)) : null,
      };
    }),
  };
}

/** A sum that does not depend on the order. */
function total(amounts: readonly number[]): number {
  return compensatedSum(Float64Array.from(amounts).sort());
}
