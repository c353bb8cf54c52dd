import { type DecimalInput, readDecimal } from '../decimal/parse-decimal.js';
import {
  RATIO_ONE,
  RATIO_ZERO,
  type Ratio,
  ratioAdd,
  ratioCompare,
  ratioDivide,
  ratioFromDecimal,
  ratioMultiply,
  ratioRound,
  ratioSign,
  ratioSubtract,
  ratioToDecimal,
  ratioToText,
} from '../decimal/ratio.js';
import { checkFraction, checkId, checkKeys, checkList, checkRecord, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type IssuePath } from '../errors/issue.js';

/**
 * What is known of somebody's pay. Two of `base`, `targetIncentive` and `onTargetEarnings` are enough, or one of them with `variableShare`.
 *
 * @category compensation
 */
export interface PayStructureInput {
  /** Base salary for the year. */
  readonly base?: DecimalInput;
  /** Variable pay at 100 % attainment. */
  readonly targetIncentive?: DecimalInput;
  /** Base and target incentive together. */
  readonly onTargetEarnings?: DecimalInput;
  /** Share of variable pay in on-target earnings: `0.4` for a mix of 60 : 40. */
  readonly variableShare?: DecimalInput;
  /** What must be sold for the target incentive, in any unit. */
  readonly quota?: DecimalInput;
  /** Components with their weights; the weights sum to 1. */
  readonly components?: readonly { readonly id: string; readonly weight: DecimalInput; readonly quota?: DecimalInput }[];
}

/**
 * A part of the target incentive.
 *
 * @category compensation
 */
export interface WeightedComponent {
  /** The component. */
  readonly id: string;
  /** Its share of the target incentive. */
  readonly weight: string;
  /** `weight × target incentive`, exact. */
  readonly targetIncentive: string;
  /** Its target incentive ÷ its quota; `null` without a quota, or with a quota of 0. */
  readonly baseCommissionRate: string | null;
}

/**
 * The structure of somebody's pay. Amounts are exact; a rate or share that does not end is rounded half-even to 12 decimals.
 *
 * @category compensation
 */
export interface PayStructure {
  /** Base salary. */
  readonly base: string;
  /** Variable pay at 100 % attainment. */
  readonly targetIncentive: string;
  /** Base + target incentive. */
  readonly onTargetEarnings: string;
  /** Shares of on-target earnings; `null` where those are 0. */
  readonly payMix: { readonly base: string; readonly variable: string } | null;
  /** Target incentive ÷ quota; `null` without a quota, or with a quota of 0. */
  readonly baseCommissionRate: string | null;
  /** Quota ÷ on-target earnings; `null` without a quota, or where those are 0. */
  readonly quotaToEarnings: string | null;
  /** Whether there is base salary, variable pay, or both. */
  readonly kind: 'straight-salary' | 'commission-only' | 'hybrid';
  /** Empty where none are given. */
  readonly components: readonly WeightedComponent[];
}

const KEYS = ['base', 'targetIncentive', 'onTargetEarnings', 'variableShare', 'quota', 'components'];

/**
 * Works out on-target earnings, pay mix and base commission rate: `OTE = base + TI`, `mix = base ÷ OTE : TI ÷ OTE`, `rate = TI ÷ quota`,
 * `TI of a component = weight × TI`.
 *
 * @param input - what is known; more than is needed must agree
 * @returns the whole structure, as exact decimals
 * @throws DomainError `missing_key` (too little is known) | `invalid_value` (what is given does not agree) | `invalid_weights` | `duplicate_id` | `out_of_range` |
 *   `fraction_out_of_range` | `invalid_type` | `invalid_decimal` | `precision_exceeded` | `imprecise_number` | `not_finite` | `unknown_key` | `reserved_key`
 * @example
 * ```ts
 * import { payStructure } from 'dealwright/compensation';
 * const pay = payStructure({ base: '70000', targetIncentive: '30000', quota: '600000' });
 * pay.onTargetEarnings; // => '100000'
 * pay.payMix; // => { base: '0.7', variable: '0.3' }
 * pay.baseCommissionRate; // => '0.05'
 * payStructure({ onTargetEarnings: '180000', variableShare: '0.5' }).targetIncentive; // => '90000'
 * ```
 * @category compensation
 */
export function payStructure(input: PayStructureInput): PayStructure {
  const issues: IssueSink = [];
  const record = checkRecord(input, [], issues, 'an object { base, targetIncentive }') ?? {};
  checkKeys(record, KEYS, [], issues);
  const read = (key: string): Ratio | undefined => (record[key] === undefined ? undefined : readAmount(record[key], [key], issues));
  const given = { base: read('base'), incentive: read('targetIncentive'), earnings: read('onTargetEarnings'), share: read('variableShare') };
  if (given.share !== undefined && ratioCompare(given.share, RATIO_ONE) > 0) checkFraction(Number(ratioToText(given.share)), ['variableShare'], issues);
  const quota = read('quota');
  const parts = readComponents(record['components'], issues);
  throwIfIssues(issues);
  const { base, incentive } = solve(given, issues);
  throwIfIssues(issues);
  const earnings = ratioAdd(base, incentive);
  const quotient = (a: Ratio, b: Ratio | undefined): string | null => (b === undefined || ratioSign(b) === 0 ? null : shownQuotient(ratioDivide(a, b)));
  const variable = quotient(incentive, earnings);
  return {
    base: textOf(base),
    targetIncentive: textOf(incentive),
    onTargetEarnings: textOf(earnings),
    payMix: variable === null ? null : { base: textOf(ratioSubtract(RATIO_ONE, ratioFromDecimal(variable))), variable },
    baseCommissionRate: quotient(incentive, quota),
    quotaToEarnings: quota === undefined ? null : quotient(quota, earnings),
    kind: ratioSign(incentive) === 0 ? 'straight-salary' : ratioSign(base) === 0 ? 'commission-only' : 'hybrid',
    components: parts.map((part) => {
      const own = ratioMultiply(part.weight, incentive);
      return { id: part.id, weight: textOf(part.weight), targetIncentive: textOf(own), baseCommissionRate: quotient(own, part.quota) };
    }),
  };
}

interface Given {
  readonly base: Ratio | undefined;
  readonly incentive: Ratio | undefined;
  readonly earnings: Ratio | undefined;
  readonly share: Ratio | undefined;
}

/** Base and target incentive from whatever is enough. */
function solve({ base, incentive, earnings, share }: Given, issues: IssueSink): { readonly base: Ratio; readonly incentive: Ratio } {
  const rest = share === undefined ? undefined : ratioSubtract(RATIO_ONE, share);
  const fromShare = (): Ratio | undefined => {
    if (share === undefined || rest === undefined) return undefined;
    if (earnings !== undefined) return ratioMultiply(earnings, share);
    if (base !== undefined && ratioSign(rest) !== 0) return ratioDivide(ratioMultiply(base, share), rest);
    return undefined;
  };
  const variable = incentive ?? (earnings !== undefined && base !== undefined ? ratioSubtract(earnings, base) : fromShare());
  const total =
    earnings ??
    (variable !== undefined && base !== undefined
      ? ratioAdd(base, variable)
      : variable !== undefined && share !== undefined && ratioSign(share) !== 0
        ? ratioDivide(variable, share)
        : undefined);
  if (variable === undefined || total === undefined) {
    issues.push(createIssue('missing_key', [], { expected: 'two of base, targetIncentive, onTargetEarnings, or one of them and variableShare' }));
    return { base: RATIO_ZERO, incentive: RATIO_ZERO };
  }
  const fixed = ratioSubtract(total, variable);
  const agrees = (value: Ratio | undefined, found: Ratio): boolean => value === undefined || ratioCompare(value, found) === 0;
  if (!agrees(base, fixed))
    issues.push(
      createIssue('invalid_value', ['base'], {
        expected: ratioToText(fixed),
        received: ratioToText(base ?? RATIO_ZERO),
        hint: 'on-target earnings are base and target incentive together',
      }),
    );
  if (!agrees(share === undefined ? undefined : ratioMultiply(share, total), variable))
    issues.push(createIssue('invalid_value', ['variableShare'], { expected: 'target incentive ÷ on-target earnings', received: ratioToText(share ?? RATIO_ZERO) }));
  if (ratioSign(fixed) < 0 || ratioSign(variable) < 0) issues.push(createIssue('out_of_range', [], { expected: 'base and target incentive of 0 or more' }));
  for (const [key, value] of [
    ['base', fixed],
    ['targetIncentive', variable],
  ] as const) {
    if (ratioToDecimal(value) === null)
      issues.push(
        createIssue('invalid_value', [key], { expected: 'an amount that is an exact decimal', received: ratioToText(value), hint: 'state it as an amount instead of a share' }),
      );
  }
  return { base: fixed, incentive: variable };
}

function readComponents(value: unknown, issues: IssueSink): readonly { readonly id: string; readonly weight: Ratio; readonly quota: Ratio | undefined }[] {
  if (value === undefined) return [];
  const seen = new Set<string>();
  const parts = (checkList(value, ['components'], issues) ?? []).map((entry, index) => {
    const at = ['components', index];
    const part = checkRecord(entry, at, issues, 'a component { id, weight }') ?? {};
    checkKeys(part, ['id', 'weight', 'quota'], at, issues);
    const id = checkId(part['id'], [...at, 'id'], issues) ?? '';
    if (seen.has(id)) issues.push(createIssue('duplicate_id', [...at, 'id'], { received: id }));
    seen.add(id);
    return {
      id,
      weight: readAmount(part['weight'], [...at, 'weight'], issues),
      quota: part['quota'] === undefined ? undefined : readAmount(part['quota'], [...at, 'quota'], issues),
    };
  });
  const sum = parts.reduce((total, part) => ratioAdd(total, part.weight), RATIO_ZERO);
  if (issues.length === 0 && parts.length > 0 && ratioCompare(sum, RATIO_ONE) !== 0) {
    const hundred = ratioCompare(sum, ratioFromDecimal('100')) === 0;
    issues.push(
      createIssue('invalid_weights', ['components'], {
        expected: 'weights that sum to 1',
        received: ratioToText(sum),
        ...(hundred ? { hint: 'percentages? write "0.25" for 25 %' } : {}),
      }),
    );
  }
  return parts;
}

function readAmount(value: unknown, path: IssuePath, issues: IssueSink): Ratio {
  const read = readDecimal(value, path);
  if (typeof read !== 'string') {
    issues.push(read);
    return RATIO_ZERO;
  }
  const amount = ratioFromDecimal(read);
  if (ratioSign(amount) < 0) issues.push(createIssue('out_of_range', path, { expected: '0 or more', received: read }));
  return amount;
}

function shownQuotient(value: Ratio): string {
  return ratioToDecimal(ratioRound(value, { scale: 12, mode: 'half-even' })) ?? '0';
}

function textOf(value: Ratio): string {
  return ratioToDecimal(value) ?? '0';
}
