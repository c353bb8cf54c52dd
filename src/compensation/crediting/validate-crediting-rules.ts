import { RATIO_ONE, RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioFromDecimal, ratioMultiply, ratioToDecimal } from '../../decimal/ratio.js';
import {
  checkBoolean,
  checkId,
  checkKeys,
  checkList,
  checkNumber,
  checkOneOf,
  checkRecord,
  checkText,
  type IssueSink,
  isPlainRecord,
  type PlainRecord,
} from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { createIssue, type Issue, type IssuePath } from '../../errors/issue.js';
import { rootOf } from '../../money/read-money.js';
import { compareRank, type Ranked } from '../../organization/rank.js';
import { specificityOf } from '../../organization/record-filter.js';
import { readDay, readDays } from '../../organization/validate-hierarchy.js';
import type { CreditingRule, CreditStage, QuotaWeight } from './crediting-rule.js';
import { checkTransactionFilter, compileTransactionFilter, type TransactionPredicate } from './transaction-filter.js';
import { checkDecimalText } from './validate-transaction.js';

const RULE_KEYS = [
  'id',
  'label',
  'type',
  'match',
  'recipients',
  'share',
  'divide',
  'split',
  'priority',
  'createdOn',
  'group',
  'from',
  'to',
  'creditOn',
  'staged',
  'quotaWeights',
  'componentIds',
] as const satisfies readonly (keyof CreditingRule)[];

/** What a roll-up takes over from the credits that it rolls up. */
const NOT_FOR_ROLL_UPS = ['divide', 'split', 'creditOn', 'staged', 'quotaWeights'] as const;

const MAX_LEVELS = 100;

/** Stages with their shares as exact numbers. */
export type ReadSchedule = readonly { readonly on: CreditStage['on']; readonly share: Ratio }[];

/** Everything comes with the booking. */
export const BOOKING_SCHEDULE: ReadSchedule = [{ on: 'booking', share: RATIO_ONE }];

/** A factor ready to be applied. */
export interface ReadWeight {
  readonly matches: TransactionPredicate;
  readonly weight: Ratio;
}

/** A roll-up with its defaults. */
export interface ReadRollUp {
  readonly of: 'direct' | 'overlay' | 'all';
  /** Infinity for all. */
  readonly levels: number;
  /** Share of a level, from 1. */
  readonly shareOf: (level: number) => Ratio;
  readonly deduplicate: boolean;
}

/** A rule ready to be applied. */
export interface ReadRule extends Ranked {
  readonly rule: CreditingRule;
  readonly index: number;
  readonly type: 'direct' | 'overlay' | 'indirect';
  readonly group: string;
  readonly matches: TransactionPredicate;
  readonly share: Ratio;
  readonly divide: 'equally' | 'each';
  readonly start: number;
  readonly end: number;
  /** Undefined: that of the call. */
  readonly schedule: ReadSchedule | undefined;
  readonly weights: readonly ReadWeight[];
  readonly rollUp: ReadRollUp | undefined;
}

/**
 * Finds everything that is wrong with a list of crediting rules. Never throws.
 *
 * Ids are unique; shares are fractions; the shares of named sellers sum to exactly 1, and no direct rule credits more than the sale (credit on top is of type
 * `overlay`); the stages of a schedule sum to exactly 1; a roll-up has no schedule or weights of its own.
 *
 * @param value - any value
 * @param path - where it stands in a larger input
 * @returns the issues; empty if the rules can be used
 * @example
 * ```ts
 * import { validateCreditingRules } from 'dealwright/compensation';
 * validateCreditingRules([{ id: 'sellers', recipients: 'splits' }]); // => []
 * const issues = validateCreditingRules([{ id: 'duo', recipients: { payees: [{ payeeId: 'ann', share: '0.6' }, { payeeId: 'bob', share: '0.5' }] } }]);
 * issues[0]?.code; // => 'invalid_splits'
 * ```
 * @category compensation
 */
export function validateCreditingRules(value: unknown, path: IssuePath = []): readonly Issue[] {
  const issues: IssueSink = [];
  readRules(value, rootOf(path), issues);
  return issues;
}

/**
 * Checks crediting rules and returns them unchanged.
 *
 * @param rules - the rules
 * @returns the same list
 * @throws DomainError named `InvalidCreditingRulesError` with every issue that `validateCreditingRules` finds: `invalid_splits` | `unknown_key` | `duplicate_id` | …
 * @example
 * ```ts
 * import { defineCreditingRules } from 'dealwright/compensation';
 * const rules = defineCreditingRules([
 *   { id: 'sellers', recipients: 'splits' },
 *   { id: 'engineers', type: 'overlay', recipients: { role: 'se' }, share: '0.3' },
 *   { id: 'managers', recipients: { rollUp: { levels: 'all' } } },
 * ]);
 * rules.length; // => 3
 * ```
 * @category compensation
 */
export function defineCreditingRules(rules: readonly CreditingRule[]): readonly CreditingRule[] {
  const issues = validateCreditingRules(rules);
  throwIfIssues(issues, { name: 'InvalidCreditingRulesError', summary: `${issues.length} problem${issues.length === 1 ? '' : 's'} in the crediting rules` });
  return rules;
}

/** Rules of unknown shape, ready to be applied, by rank. Those that are wrong are left out, with issues. */
export function readRules(value: unknown, path: IssuePath, issues: IssueSink): readonly ReadRule[] {
  const list = checkList(value, path, issues, { expected: 'a list of crediting rules' }) ?? [];
  const ids = new Set<string>();
  const rules: ReadRule[] = [];
  for (let index = 0; index < list.length; index += 1) {
    const read = readRule(list[index], index, [...path, index], issues);
    if (read === undefined) continue;
    if (ids.has(read.id)) issues.push(createIssue('duplicate_id', [...path, index, 'id'], { received: read.id }));
    else rules.push(read);
    ids.add(read.id);
  }
  return rules.sort(compareRank);
}

function readRule(value: unknown, index: number, path: IssuePath, issues: IssueSink): ReadRule | undefined {
  const before = issues.length;
  const record = checkRecord(value, path, issues, 'a crediting rule { id, recipients }');
  if (record === undefined) return undefined;
  checkKeys(record, RULE_KEYS, path, issues);
  checkId(record['id'], [...path, 'id'], issues);
  const rollUp = readRecipients(record['recipients'], [...path, 'recipients'], issues);
  const type = checkOptional(record, 'type', path, ['direct', 'overlay', 'indirect'] as const, issues) ?? (rollUp === undefined ? 'direct' : 'indirect');
  if (rollUp !== undefined && type !== 'indirect')
    issues.push(createIssue('invalid_value', [...path, 'type'], { expected: '"indirect": a roll-up credits managers', received: type }));
  if (Object.hasOwn(record, 'match')) checkTransactionFilter(record['match'], [...path, 'match'], issues);
  const share = Object.hasOwn(record, 'share') ? checkShare(record['share'], [...path, 'share'], issues) : RATIO_ONE;
  if (share !== undefined && type === 'direct' && ratioCompare(share, RATIO_ONE) > 0) {
    issues.push(createIssue('invalid_splits', [...path, 'share'], { expected: 'at most 1', received: record['share'], hint: 'credit on top of the sale is of type "overlay"' }));
  }
  const divide = checkOptional(record, 'divide', path, ['equally', 'each'] as const, issues) ?? (type === 'direct' ? 'equally' : 'each');
  if (type === 'direct' && divide === 'each') issues.push(createIssue('invalid_splits', [...path, 'divide'], { expected: '"equally", or the type "overlay"', received: divide }));
  checkOptional(record, 'split', path, ['credit', 'payout'] as const, issues);
  checkOptional(record, 'staged', path, ['all', 'quota'] as const, issues);
  for (const key of ['label', 'group']) if (Object.hasOwn(record, key)) checkText(record[key], [...path, key], issues);
  if (type === 'direct' && Object.hasOwn(record, 'group'))
    issues.push(createIssue('invalid_value', [...path, 'group'], { expected: 'no group: direct rules are always one', received: record['group'] }));
  if (Object.hasOwn(record, 'priority')) checkNumber(record['priority'], [...path, 'priority'], issues);
  if (Object.hasOwn(record, 'createdOn')) readDay(record['createdOn'], [...path, 'createdOn'], issues);
  const { start, end } = readDays(record, path, issues, { openStart: true });
  const schedule = Object.hasOwn(record, 'creditOn') ? readSchedule(record['creditOn'], [...path, 'creditOn'], issues) : undefined;
  const weights = Object.hasOwn(record, 'quotaWeights') ? readWeights(record['quotaWeights'], [...path, 'quotaWeights'], issues) : [];
  if (Object.hasOwn(record, 'componentIds')) checkIds(record['componentIds'], [...path, 'componentIds'], issues);
  if (rollUp !== undefined) {
    for (const key of NOT_FOR_ROLL_UPS)
      if (Object.hasOwn(record, key)) issues.push(createIssue('unknown_key', [...path, key], { expected: 'nothing: a roll-up takes it over from the credits that it rolls up' }));
  }
  checkPayoutSplit(record, type, path, issues);
  if (issues.length > before || share === undefined) return undefined;
  // Every key has just been checked.
  const rule = value as CreditingRule;
  return {
    rule,
    id: rule.id,
    index,
    priority: rule.priority ?? 0,
    specificity: specificityOf(rule.match),
    createdOn: rule.createdOn ?? null,
    type,
    group: type === 'direct' ? 'direct' : rule.group === undefined ? `rule ${rule.id}` : `group ${rule.group}`,
    matches: compileTransactionFilter(rule.match),
    share,
    divide,
    start,
    end,
    schedule,
    weights,
    rollUp,
  };
}

function checkPayoutSplit(record: PlainRecord, type: string, path: IssuePath, issues: IssueSink): void {
  if (record['split'] === 'payout' && type !== 'direct')
    issues.push(createIssue('invalid_value', [...path, 'split'], { expected: '"credit": only sellers split the pay of a sale', received: 'payout' }));
}

function checkOptional<const T extends string>(record: PlainRecord, key: string, path: IssuePath, allowed: readonly T[], issues: IssueSink): T | undefined {
  return Object.hasOwn(record, key) ? checkOneOf(record[key], allowed, [...path, key], issues) : undefined;
}

function checkIds(value: unknown, path: IssuePath, issues: IssueSink): void {
  const list = checkList(value, path, issues, { min: 1, expected: 'a list of ids' }) ?? [];
  for (let index = 0; index < list.length; index += 1) checkId(list[index], [...path, index], issues);
}

/** A share of at least 0 as an exact number. */
function checkShare(value: unknown, path: IssuePath, issues: IssueSink): Ratio | undefined {
  const text = checkDecimalText(value, path, issues);
  if (text === undefined) return undefined;
  if (!text.startsWith('-')) return ratioFromDecimal(text);
  issues.push(createIssue('fraction_out_of_range', path, { expected: 'a fraction of at least 0', received: value }));
  return undefined;
}

/** Checks the recipients; gives the roll-up if they are one. */
function readRecipients(value: unknown, path: IssuePath, issues: IssueSink): ReadRollUp | undefined {
  if (value === 'owner' || value === 'splits' || value === 'overlay-splits') return undefined;
  if (!isPlainRecord(value)) {
    if (typeof value === 'string') checkOneOf(value, ['owner', 'splits', 'overlay-splits'], path, issues);
    else issues.push(createIssue('invalid_type', path, { expected: '"owner", "splits", "overlay-splits", { payees }, { role }, { territory } or { rollUp }', received: value }));
    return undefined;
  }
  const [key = '', ...more] = Object.keys(value);
  if (more.length > 0 || !['payees', 'role', 'territory', 'rollUp'].includes(key)) {
    checkKeys(value, ['payees', 'role', 'territory', 'rollUp'], path, issues);
    issues.push(createIssue('missing_key', path, { expected: 'exactly one of payees, role, territory, rollUp' }));
    return undefined;
  }
  if (key === 'payees') checkNamed(value['payees'], [...path, 'payees'], issues);
  else if (key === 'rollUp') return readRollUp(value['rollUp'], [...path, 'rollUp'], issues);
  else checkText(value[key], [...path, key], issues);
  return undefined;
}

/** Named payees: each once, and shares that sum to exactly 1. More than the sale is a matter of the rule's own share, and of overlays only. */
function checkNamed(value: unknown, path: IssuePath, issues: IssueSink): void {
  const before = issues.length;
  const list = checkList(value, path, issues, { min: 1, expected: 'a list of { payeeId, share }' }) ?? [];
  const seen = new Set<string>();
  let sum = RATIO_ZERO;
  for (let index = 0; index < list.length; index += 1) {
    const at = [...path, index];
    const record = checkRecord(list[index], at, issues, 'a payee { payeeId, share }');
    if (record === undefined) continue;
    checkKeys(record, ['payeeId', 'share'], at, issues);
    const payeeId = checkId(record['payeeId'], [...at, 'payeeId'], issues);
    if (payeeId !== undefined && seen.has(payeeId)) issues.push(createIssue('duplicate_id', [...at, 'payeeId'], { received: payeeId }));
    if (payeeId !== undefined) seen.add(payeeId);
    sum = ratioAdd(sum, checkShare(record['share'], [...at, 'share'], issues) ?? RATIO_ZERO);
  }
  if (issues.length === before && ratioCompare(sum, RATIO_ONE) !== 0) {
    issues.push(
      createIssue('invalid_splits', path, {
        expected: 'shares that sum to exactly 1',
        received: ratioToDecimal(sum) ?? '',
        hint: 'how much of the sale they share is the "share" of the rule',
      }),
    );
  }
}

function readRollUp(value: unknown, path: IssuePath, issues: IssueSink): ReadRollUp | undefined {
  const record = checkRecord(value, path, issues, 'a roll-up {}');
  if (record === undefined) return undefined;
  checkKeys(record, ['of', 'levels', 'levelShares', 'deduplicate'], path, issues);
  const of = checkOptional(record, 'of', path, ['direct', 'overlay', 'all'] as const, issues) ?? 'direct';
  const given = record['levels'];
  const shares = Object.hasOwn(record, 'levelShares') ? readLevelShares(record['levelShares'], [...path, 'levelShares'], issues) : undefined;
  const counted =
    given === undefined
      ? (shares?.length ?? 1)
      : given === 'all'
        ? Number.POSITIVE_INFINITY
        : (checkNumber(given, [...path, 'levels'], issues, { integer: true, min: 1, max: MAX_LEVELS }) ?? 1);
  if (shares !== undefined && shares.length !== counted) {
    issues.push(
      createIssue('length_mismatch', [...path, 'levelShares'], {
        expected: given === 'all' ? 'no shares, or a number of levels' : `${counted} shares, one for each level`,
        received: record['levelShares'],
      }),
    );
  }
  const deduplicate = Object.hasOwn(record, 'deduplicate') ? (checkBoolean(record['deduplicate'], [...path, 'deduplicate'], issues) ?? true) : true;
  return { of, levels: counted, shareOf: (level) => (shares === undefined ? RATIO_ONE : (shares[level - 1] ?? RATIO_ZERO)), deduplicate };
}

function readLevelShares(value: unknown, path: IssuePath, issues: IssueSink): readonly Ratio[] {
  const list = checkList(value, path, issues, { min: 1, expected: 'a list of fractions' }) ?? [];
  const shares: Ratio[] = [];
  for (let index = 0; index < list.length; index += 1) shares.push(checkShare(list[index], [...path, index], issues) ?? RATIO_ZERO);
  return shares;
}

/** A schedule of unknown shape: each kind of event once, shares that sum to exactly 1. */
export function readSchedule(value: unknown, path: IssuePath, issues: IssueSink): ReadSchedule {
  const before = issues.length;
  const list = checkList(value, path, issues, { min: 1, expected: 'a list of stages { on, share }' }) ?? [];
  const stages: { readonly on: CreditStage['on']; readonly share: Ratio }[] = [];
  for (let index = 0; index < list.length; index += 1) {
    const at = [...path, index];
    const record = checkRecord(list[index], at, issues, 'a stage { on, share }');
    if (record === undefined) continue;
    checkKeys(record, ['on', 'share'], at, issues);
    const on = checkOneOf(record['on'], ['booking', 'invoice', 'payment'], [...at, 'on'], issues);
    const share = checkShare(record['share'], [...at, 'share'], issues);
    if (on !== undefined && stages.some((stage) => stage.on === on)) issues.push(createIssue('duplicate_id', [...at, 'on'], { received: on }));
    if (on !== undefined && share !== undefined) stages.push({ on, share });
  }
  const sum = stages.reduce((total, stage) => ratioAdd(total, stage.share), RATIO_ZERO);
  if (issues.length === before && ratioCompare(sum, RATIO_ONE) !== 0)
    issues.push(createIssue('invalid_splits', path, { expected: 'shares that sum to exactly 1', received: ratioToDecimal(sum) ?? '' }));
  return issues.length === before ? stages : BOOKING_SCHEDULE;
}

function readWeights(value: unknown, path: IssuePath, issues: IssueSink): readonly ReadWeight[] {
  const list = checkList(value, path, issues, { expected: 'a list of weights { match, weight }' }) ?? [];
  const weights: ReadWeight[] = [];
  for (let index = 0; index < list.length; index += 1) {
    const before = issues.length;
    const at = [...path, index];
    const record = checkRecord(list[index], at, issues, 'a weight { match, weight }');
    if (record === undefined) continue;
    checkKeys(record, ['match', 'weight'], at, issues);
    if (Object.hasOwn(record, 'match')) checkTransactionFilter(record['match'], [...at, 'match'], issues);
    const weight = checkShare(record['weight'], [...at, 'weight'], issues);
    if (issues.length > before || weight === undefined) continue;
    // Every key has just been checked.
    weights.push({ matches: compileTransactionFilter((record as unknown as QuotaWeight).match), weight });
  }
  return weights;
}

/** The product of the factors that match. */
export function weightOf(weights: readonly ReadWeight[], transaction: Parameters<TransactionPredicate>[0]): Ratio {
  return weights.reduce((product, { matches, weight }) => (matches(transaction) ? ratioMultiply(product, weight) : product), RATIO_ONE);
}
