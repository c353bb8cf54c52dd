import { checkKeys, checkList, checkNumber, checkRecord, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { createIssue } from '../../errors/issue.js';

/**
 * Options of {@link pacePeriod}.
 *
 * @category forecasting
 */
export interface PacePeriodOptions {
  /** Won so far, cumulated: at the end of each part (week, working day) of the current period that has passed. At least one. */
  readonly current: readonly number[];
  /** What was expected of the whole period before it began (plan, or a forecast): the prior of Bornhuetter–Ferguson. */
  readonly prior?: number;
}

/**
 * The period projected in one way.
 *
 * @category forecasting
 */
export interface PaceProjection {
  /** What the whole period would close; `null` where it cannot be told. */
  readonly total: number | null;
  /** Standard error; `null` where it cannot be told. */
  readonly standardError: number | null;
  /** Why there is no figure; `null` otherwise. */
  readonly reason: 'nothing-won-by-then' | 'prior-not-given' | 'too-few-periods' | null;
}

/**
 * Result of {@link pacePeriod}.
 *
 * @category forecasting
 */
export interface PeriodPace {
  /** Parts that have passed. */
  readonly elapsed: number;
  /** Parts of the whole period. */
  readonly parts: number;
  /** Won so far. */
  readonly won: number;
  /** Booking curve: cumulative share of the total that was won by the end of each part, from the development factors of past periods; `null` for parts before anything was won. */
  readonly curve: readonly (number | null)[];
  /** won / elapsed × parts. */
  readonly runRate: PaceProjection;
  /** won × Π of the development factors still to come (chain ladder), with Mack's standard error. */
  readonly chainLadder: PaceProjection;
  /** won + (1 − curve) × prior. */
  readonly bornhuetterFerguson: PaceProjection;
}

const MAX_PARTS = 1_000;

/**
 * Where a period that is under way will end by its pace, from the booking curves of past periods: the run rate, which takes the same for every part; the chain ladder, which
 * knows that more is won near the end; and Bornhuetter–Ferguson, which trusts the prior for what is still to come and so does not overreact to an early start.
 *
 * The factor from part k to k + 1 is Σ cumulated after / Σ cumulated before over the past periods. Standard error of the chain ladder: T. Mack, Distribution-free calculation
 * of the standard error of chain ladder reserve estimates, ASTIN Bulletin 23 (1993), with the last variance extrapolated as there.
 *
 * @param past - cumulated wins at the end of each part, one list per past period, all of equal length; at least one period
 * @param options - the current period so far, and a prior
 * @returns the curve and three projections
 * @throws DomainError `invalid_type` | `empty` | `length_mismatch` | `not_finite` | `too_long` | `unknown_key` | `out_of_range`
 * @example
 * ```ts
 * import { pacePeriod } from 'dealwright/forecasting';
 * const pace = pacePeriod([[10, 30, 100], [20, 50, 180]], { current: [12, 36], prior: 120 });
 * pace.runRate.total; // => 54
 * pace.chainLadder.total; // => 126
 * pace.bornhuetterFerguson.total?.toFixed(4); // => '121.7143'
 * ```
 * @category forecasting
 */
export function pacePeriod(past: readonly (readonly number[])[], options: PacePeriodOptions): PeriodPace {
  const issues: IssueSink = [];
  const rows = (checkList(past, ['past'], issues, { min: 1, expected: 'a list of past periods' }) ?? []).slice(0, 10_000).map((row, i) => readRow(row, ['past', i], issues));
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['current', 'prior'], [], issues);
  const current = readRow(record.current, ['current'], issues);
  const prior = record.prior === undefined ? null : (checkNumber(record.prior, ['prior'], issues, { min: 0, max: 1e100 }) ?? null);
  const parts = rows[0]?.length ?? 0;
  for (const [i, row] of rows.entries()) if (row.length !== parts) issues.push(createIssue('length_mismatch', ['past', i], { expected: `${parts} parts`, received: row.length }));
  if (current.length > parts) issues.push(createIssue('length_mismatch', ['current'], { expected: `at most ${parts} parts`, received: current.length }));
  throwIfIssues(issues);

  const elapsed = current.length;
  const won = current[elapsed - 1] ?? 0;
  // Development factors and Mack's variances.
  const factors: (number | null)[] = [];
  const variances: (number | null)[] = [];
  const sums: number[] = [];
  for (let k = 0; k + 1 < parts; k += 1) {
    let before = 0;
    let after = 0;
    for (const row of rows) {
      before += row[k] ?? 0;
      after += row[k + 1] ?? 0;
    }
    sums.push(before);
    const factor = before > 0 ? after / before : null;
    factors.push(factor);
    let spread = 0;
    let used = 0;
    if (factor !== null) {
      for (const row of rows) {
        const own = row[k] ?? 0;
        if (own <= 0) continue;
        spread += own * ((row[k + 1] ?? 0) / own - factor) ** 2;
        used += 1;
      }
    }
    variances.push(used > 1 ? spread / (used - 1) : null);
  }
  const curve: (number | null)[] = new Array<number | null>(parts).fill(null);
  let share: number | null = 1;
  for (let k = parts - 1; k >= 0; k -= 1) {
    curve[k] = share;
    const factor = k > 0 ? (factors[k - 1] ?? null) : null;
    share = share !== null && factor !== null && factor > 0 ? share / factor : null;
  }
  let total: number | null = won;
  let relative: number | null = 0;
  for (let k = elapsed - 1; k + 1 < parts; k += 1) {
    const factor: number | null = factors[k] ?? null;
    const variance: number | null = variances[k] ?? null;
    if (factor === null || total === null) {
      total = null;
      break;
    }
    const level: number = total;
    relative =
      relative !== null && variance !== null && factor > 0 && level > 0 ? relative + (variance / (factor * factor)) * (1 / level + 1 / Math.max(1e-300, sums[k] ?? 0)) : null;
    total = level * factor;
  }
  const reached = curve[elapsed - 1] ?? null;
  const none = (reason: NonNullable<PaceProjection['reason']>): PaceProjection => ({ total: null, standardError: null, reason });
  const chainLadder: PaceProjection = total === null ? none('nothing-won-by-then') : { total, standardError: relative === null ? null : total * Math.sqrt(relative), reason: null };
  return {
    elapsed,
    parts,
    won,
    curve,
    runRate: { total: (won / elapsed) * parts, standardError: null, reason: null },
    chainLadder,
    bornhuetterFerguson:
      prior === null
        ? none('prior-not-given')
        : reached === null
          ? none('nothing-won-by-then')
          : {
              total: won + (1 - reached) * prior,
              standardError: total === null || relative === null || !(total > 0) ? null : Math.sqrt(relative) * prior * Math.abs(1 - reached),
              reason: null,
            },
  };
}

function readRow(value: unknown, path: readonly (string | number)[], issues: IssueSink): readonly number[] {
  const list = checkList(value, path, issues, { min: 1, expected: 'a list of cumulated amounts' }) ?? [];
  if (list.length > MAX_PARTS) {
    issues.push(createIssue('too_long', path, { expected: `at most ${MAX_PARTS} parts`, received: list }));
    return [];
  }
  return list.map((item, k) => checkNumber(item, [...path, k], issues, { min: -1e100, max: 1e100 }) ?? 0);
}

/**
 * Result of {@link assessLinearity}.
 *
 * @category forecasting
 */
export interface Linearity {
  /** Share of each part in the whole; `null` where nothing was won. */
  readonly shares: readonly number[] | null;
  /** 1 − ½ Σ |share − 1/k| × k / (k − 1): 1 where every part brings the same, 0 where one part brings everything. */
  readonly index: number | null;
  /** Why there are none; `null` otherwise. */
  readonly reason: 'nothing-won' | 'one-part' | null;
}

/**
 * How evenly bookings are spread over a period.
 *
 * @param amounts - amount won in each part (month, week), not negative
 * @returns shares and index
 * @throws DomainError `invalid_type` | `empty` | `not_finite` | `out_of_range` | `too_long`
 * @example
 * ```ts
 * import { assessLinearity } from 'dealwright/forecasting';
 * assessLinearity([100, 100, 200]); // => { shares: [0.25, 0.25, 0.5], index: 0.75, reason: null }
 * ```
 * @category forecasting
 */
export function assessLinearity(amounts: readonly number[]): Linearity {
  const issues: IssueSink = [];
  const row = readRow(amounts, ['amounts'], issues);
  for (const [k, amount] of row.entries()) if (amount < 0) issues.push(createIssue('out_of_range', ['amounts', k], { expected: 'at least 0', received: amount }));
  throwIfIssues(issues);
  const total = row.reduce((sum, amount) => sum + amount, 0);
  if (!(total > 0)) return { shares: null, index: null, reason: 'nothing-won' };
  const shares = row.map((amount) => amount / total);
  const k = shares.length;
  if (k === 1) return { shares, index: null, reason: 'one-part' };
  const distance = shares.reduce((sum, share) => sum + Math.abs(share - 1 / k), 0);
  return { shares, index: Math.max(0, 1 - (0.5 * distance * k) / (k - 1)), reason: null };
}
