/* Reads the entries of a contest and what its options have in common. Not a public entry. */

import { readDecimal } from '../../decimal/parse-decimal.js';
import { RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioDivide, ratioFromDecimal, ratioRound, ratioSign, ratioToDecimal } from '../../decimal/ratio.js';
import { checkBoolean, checkId, checkKeys, checkList, checkOneOf, checkRecord, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { createIssue, type IssuePath } from '../../errors/issue.js';
import { fractionDigitsOf } from '../../money/canonical-amount.js';
import { exponentOf } from '../../money/currencies.js';
import type { Money } from '../../money/money.js';
import { readMoney } from '../../money/read-money.js';
import { CONTEST_METRICS, type ContestExclusion, type ContestMetric } from './contest-entry.js';

/** An entry that has been read. */
export interface ReadEntry {
  readonly id: string;
  /** What is compared; undefined where it is not known. */
  readonly value: Ratio | undefined;
  readonly keys: readonly (Ratio | undefined)[];
  readonly reason: ContestExclusion | undefined;
  readonly team: string | undefined;
}

const ENTRY_KEYS = ['id', 'score', 'quota', 'tieBreakers', 'eligible'];

/** Reads entries of unknown shape. */
export function readEntries(value: unknown, metric: ContestMetric, minimum: Ratio | undefined, issues: IssueSink, extraKeys: readonly string[] = []): readonly ReadEntry[] {
  const seen = new Set<string>();
  return (
    checkList(value, ['entries'], issues)?.flatMap((row, index): readonly ReadEntry[] => {
      const at = ['entries', index];
      const entry = checkRecord(row, at, issues, 'an entry { id, score }');
      if (entry === undefined) return [];
      checkKeys(entry, [...ENTRY_KEYS, ...extraKeys], at, issues);
      const id = checkId(entry['id'], [...at, 'id'], issues);
      if (id === undefined) return [];
      if (seen.has(id)) issues.push(createIssue('duplicate_id', [...at, 'id'], { received: id }));
      seen.add(id);
      if (!Object.hasOwn(entry, 'score')) issues.push(createIssue('missing_key', [...at, 'score'], { expected: 'a score, or null if it is not known' }));
      const score = optionalRatio(entry['score'], [...at, 'score'], issues);
      const quota = optionalRatio(entry['quota'], [...at, 'quota'], issues);
      const keys = entry['tieBreakers'] === undefined ? [] : (checkList(entry['tieBreakers'], [...at, 'tieBreakers'], issues) ?? []);
      const eligible = entry['eligible'] === undefined ? true : checkBoolean(entry['eligible'], [...at, 'eligible'], issues);
      const team = extraKeys.includes('team') ? checkId(entry['team'], [...at, 'team'], issues) : undefined;
      const compared = metricOf(score, quota, metric);
      return [
        {
          id,
          value: compared,
          keys: keys.map((key, place) => optionalRatio(key, [...at, 'tieBreakers', place], issues)),
          reason: exclusionOf(eligible !== false, score, compared, minimum),
          team,
        },
      ];
    }) ?? []
  );
}

/** The score, or its fraction of a quota above zero. */
export function metricOf(score: Ratio | undefined, quota: Ratio | undefined, metric: ContestMetric): Ratio | undefined {
  if (metric === 'raw' || score === undefined) return score;
  return quota === undefined || ratioSign(quota) <= 0 ? undefined : ratioDivide(score, quota);
}

/** Why an entry is not ranked, or undefined. */
export function exclusionOf(eligible: boolean, score: Ratio | undefined, compared: Ratio | undefined, minimum: Ratio | undefined): ContestExclusion | undefined {
  if (!eligible) return 'not-eligible';
  if (score === undefined) return 'no-score';
  if (compared === undefined) return 'no-quota';
  return minimum !== undefined && ratioCompare(compared, minimum) < 0 ? 'below-minimum' : undefined;
}

function optionalRatio(value: unknown, path: IssuePath, issues: IssueSink): Ratio | undefined {
  return value === undefined || value === null ? undefined : readRatio(value, path, issues);
}

/** A number of unknown shape. */
export function readRatio(value: unknown, path: IssuePath, issues: IssueSink): Ratio | undefined {
  const read = readDecimal(value, path);
  if (typeof read === 'string') return ratioFromDecimal(read);
  issues.push(read);
  return undefined;
}

/** Options that every contest has. */
export function readMetric(options: PlainRecord, issues: IssueSink): { readonly metric: ContestMetric; readonly minimum: Ratio | undefined } {
  const metric = options['metric'] === undefined ? 'raw' : (checkOneOf(options['metric'], CONTEST_METRICS, ['options', 'metric'], issues) ?? 'raw');
  const minimum = options['minimum'] === undefined ? undefined : readRatio(options['minimum'], ['options', 'minimum'], issues);
  return { metric, minimum };
}

/** Money that is not negative. */
export function readPrize(value: unknown, path: IssuePath, issues: IssueSink): Money | undefined {
  const prize = readMoney(value, path);
  if (Array.isArray(prize)) {
    issues.push(...prize);
    return undefined;
  }
  if (prize.amount.startsWith('-')) {
    issues.push(createIssue('out_of_range', [...path, 'amount'], { expected: 'a prize that is not negative', received: prize.amount }));
    return undefined;
  }
  return prize;
}

/** Prizes of one currency, at least one. */
export function readPrizes(value: unknown, path: IssuePath, issues: IssueSink): readonly Money[] {
  const prizes: Money[] = [];
  checkList(value, path, issues, { min: 1, expected: 'prizes, best first' })?.forEach((entry, index) => {
    const prize = readPrize(entry, [...path, index], issues);
    if (prize === undefined) return;
    const [first = prize] = prizes;
    if (prize.currency === first.currency) prizes.push(prize);
    else issues.push(createIssue('currency_mismatch', [...path, index, 'currency'], { expected: first.currency, received: prize.currency }));
  });
  return prizes;
}

/** Decimals at which prizes are divided: those of the currency, or of the prize that has more. */
export function scaleOf(prizes: readonly Money[]): number {
  return prizes.reduce((scale, prize) => Math.max(scale, fractionDigitsOf(prize.amount)), exponentOf(prizes[0]?.currency ?? 'USD'));
}

/** The sum of the prizes of some places; a place without a prize is worth nothing. */
export function sumOfPrizes(prizes: readonly Ratio[], places: readonly [number, number]): Ratio {
  return prizes.slice(places[0], places[1]).reduce(ratioAdd, RATIO_ZERO);
}

/** A score as it is shown. */
export function shownScore(value: Ratio | undefined): string | null {
  return value === undefined ? null : (ratioToDecimal(value) ?? ratioToDecimal(ratioRound(value, { scale: 12, mode: 'half-even' })));
}
