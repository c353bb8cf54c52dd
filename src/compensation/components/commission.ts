import { checkId, checkKeys, checkOneOf, checkRecord, checkText, type IssueSink, isPlainRecord } from '../../errors/checks.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import { type AccumulationUnit, type ComponentReference, defineComponent } from '../component.js';
import { earnCommission } from '../earning/earn-commission.js';
import { checkGates, type Gate } from '../earning/gate.js';
import { checkKickers, type Kicker } from '../earning/kicker.js';
import { type Cap, checkCaps, checkFloors, type Floor } from '../earning/limits.js';
import { checkModifiers, type Modifier } from '../earning/modifier.js';
import { checkPaySchedule, type PaySchedule } from '../earning/pay-schedule.js';
import { checkThreshold, type Threshold } from '../earning/threshold.js';
import { checkTrueUp, type NegativePolicy, type TrueUp } from '../earning/true-up.js';
import { checkWindfall, type Windfall } from '../earning/windfall.js';
import { checkMeasure, describeMeasure, isMoneyMeasure, type Measure, referencesOfMeasure } from '../measure.js';
import { percentOf } from '../percent-of.js';
import { checkProration, type ProrationPolicy } from '../quotas/active-share.js';
import { checkQuotaConfig, type QuotaConfig } from '../quotas/quota-policy.js';
import { checkPayRate, type PayRate, type Tier, type TierTable, tierReturnOf } from '../tier-table.js';
import { describeExpression, isValueExpression, type ValueExpression } from '../value-expression.js';

/**
 * Pay on what is measured: a flat rate, a table of tiers or a matrix, within an accumulation window, with gates, modifiers, kickers, limits and true-up.
 *
 * @category compensation
 */
export interface CommissionConfig {
  /** What the statement calls it. */
  readonly label?: string;
  /** What is measured: it counts toward tiers and attainment. */
  readonly measure: Measure;
  /** What the rate applies to, where that is not what is measured: quota is retired by one amount, pay is computed on another. */
  readonly basis?: Measure;
  /** What is paid per unit of it. */
  readonly rate: PayRate;
  /** Target for the window, or how to come to it. Default: the quotas given for the payee. Needed for everything by attainment. */
  readonly quota?: QuotaConfig;
  /** Within which window the measure accumulates. Default: the plan's period. `deal` and `credit` start each deal or credit at the first tier. */
  readonly accumulate?: AccumulationUnit;
  /**
   * What a new assignment to the plan within a window means: the window goes on, and the quota is put together from its parts (`continuous`, default), or a new
   * window starts with a quota of its own (`discrete`).
   */
  readonly segments?: 'continuous' | 'discrete';
  /** The component of an earlier plan that this one goes on from: what it measured and earned in the window counts here. */
  readonly continues?: ComponentReference;
  /** What is prorated, and how, when a payee is on the plan for a part of a window only. Default: nothing. */
  readonly proration?: ProrationPolicy;
  /** What must be measured before anything is paid. */
  readonly threshold?: Threshold;
  /** Conditions on pay, in order. */
  readonly gates?: readonly Gate[];
  /** Factors on what is earned, in order. */
  readonly modifiers?: readonly Modifier[];
  /** Money on top for reaching levels. */
  readonly kickers?: readonly Kicker[];
  /** Lower limits. */
  readonly floors?: readonly Floor[];
  /** Upper limits, applied after the floors of the same scope. */
  readonly caps?: readonly Cap[];
  /** What happens to exceptional deals. */
  readonly windfall?: Windfall;
  /** Pay by the period, made good over a longer window. */
  readonly trueUp?: TrueUp;
  /** What becomes of a negative result of a period: taken back at once (`recover`, default), carried and set off against later pay, or forgiven. */
  readonly negative?: NegativePolicy;
  /** When it is paid, if not on the statement of the period. */
  readonly pay?: PaySchedule;
}

/** The accumulation units that a plan may name. */
export const ACCUMULATION_UNITS: readonly AccumulationUnit[] = ['credit', 'deal', 'week', 'month', 'quarter', 'half', 'year', 'plan'];

const KEYS = [
  'label',
  'measure',
  'basis',
  'rate',
  'quota',
  'accumulate',
  'segments',
  'continues',
  'proration',
  'threshold',
  'gates',
  'modifiers',
  'kickers',
  'floors',
  'caps',
  'windfall',
  'trueUp',
  'negative',
  'pay',
] as const;

/**
 * Commission: `rate × measure`, flat, by tiers in one of five modes, or by a matrix of two measures; per deal, period or year.
 *
 * The order of operations, each step shown in the trace or on a line of its own:
 *
 * 1. credit: cap per line, cap per deal, windfall
 * 2. accumulation in the window (credit caps of component, period and year), quota
 * 3. attainment and its cap, threshold
 * 4. gates
 * 5. rate and its cap
 * 6. modifiers, then kickers
 * 7. floor and cap per line, then per deal
 * 8. true-up, then what becomes of a negative result
 * 9. floor and cap of the component's window, of the period, of the year
 * 10. pay schedule; the engine rounds and posts
 *
 * Within a window, `marginal` and `lookup` pay each part at the rate that holds when it is credited; the other modes pay what is due to date less what was
 * earned before. A negative measure is paid at the first tier's rate; a negative deal (accumulated per deal) mirrors the sale. Without a quota, or with a
 * quota of 0, nothing is paid by attainment; a measure without a value pays nothing. All of that is reported.
 *
 * @category compensation
 */
export const commissionComponent = /* @__PURE__ */ defineComponent<'commission', CommissionConfig>({
  kind: 'commission',
  section: 'commission',
  keys: KEYS,
  check: (config, _issue) => checkCommission(config),
  dependsOn: (config) => referencesOf(config),
  evaluate: (config, context) => earnCommission(config, context),
  describe: (config, plan) => describeCommission(config, plan.currency),
});

function checkCommission(config: CommissionConfig): readonly Issue[] {
  const issues: IssueSink = [];
  const record = config as unknown as Readonly<Record<string, unknown>>;
  checkKeys(record, [...KEYS, 'kind', 'id'], [], issues);
  const has = (key: (typeof KEYS)[number]): boolean => Object.hasOwn(record, key);
  if (has('label')) checkText(record['label'], ['label'], issues);
  checkMeasure(record['measure'], ['measure'], issues);
  if (has('basis')) checkMeasure(record['basis'], ['basis'], issues);
  const fractions = issues.length === 0 && isMoneyMeasure(config.basis ?? config.measure);
  checkPayRate(record['rate'], ['rate'], issues, { ratesAreFractions: fractions });
  if (has('quota')) checkQuotaConfig(record['quota'], ['quota'], issues);
  if (has('accumulate')) checkOneOf(record['accumulate'], ACCUMULATION_UNITS, ['accumulate'], issues);
  if (has('segments')) checkOneOf(record['segments'], ['continuous', 'discrete'], ['segments'], issues);
  if (has('continues')) {
    const reference = checkRecord(record['continues'], ['continues'], issues, 'a component { planId, componentId }');
    if (reference !== undefined) {
      checkKeys(reference, ['planId', 'componentId'], ['continues'], issues);
      checkId(reference['componentId'], ['continues', 'componentId'], issues);
      if (Object.hasOwn(reference, 'planId')) checkId(reference['planId'], ['continues', 'planId'], issues);
    }
  }
  if (has('proration')) checkProration(record['proration'], ['proration'], issues);
  if (has('threshold')) checkThreshold(record['threshold'], ['threshold'], issues);
  const rate = issues.length === 0 ? config.rate : undefined;
  const table = rate === undefined || isValueExpression(rate) || !('tiers' in rate) ? undefined : rate;
  const byRate = table !== undefined && (tierReturnOf(table) === 'rate' || tierReturnOf(table) === 'multiplier');
  const hasBaseRate = rate === undefined || isValueExpression(rate) || byRate;
  const grouped = record['accumulate'] === 'deal' || record['accumulate'] === 'credit';
  const linesKnown = rate === undefined || isValueExpression(rate) || grouped || (byRate && (table.mode === 'marginal' || table.mode === 'lookup'));
  if (has('gates')) checkGates(record['gates'], ['gates'], issues, { hasBaseRate, linesKnown });
  if (has('modifiers')) checkModifiers(record['modifiers'], ['modifiers'], issues);
  if (has('kickers')) checkKickers(record['kickers'], ['kickers'], issues);
  if (has('floors')) checkFloors(record['floors'], ['floors'], issues);
  if (has('caps')) checkCaps(record['caps'], ['caps'], issues);
  if (has('windfall')) checkWindfall(record['windfall'], ['windfall'], issues, { hasBaseRate });
  if (has('trueUp')) checkTrueUp(record['trueUp'], ['trueUp'], issues, { ratesAreFractions: fractions });
  if (has('negative')) checkOneOf(record['negative'], ['recover', 'carry', 'forgive'], ['negative'], issues);
  if (has('pay')) checkPaySchedule(record['pay'], ['pay'], issues);
  if (issues.length === 0) checkTogether(config, table, grouped, issues);
  return issues;
}

/** What does not go together, once every part is sound. */
function checkTogether(config: CommissionConfig, table: TierTable | undefined, grouped: boolean, issues: IssueSink): void {
  const { caps = [], measure } = config;
  const limitsCredit = config.windfall !== undefined || caps.some((cap) => cap.on === 'credit');
  const ofCredits = 'sum' in measure || 'count' in measure || 'weighted' in measure;
  if (limitsCredit && !ofCredits) issues.push(createIssue('invalid_value', ['measure'], { expected: 'a sum, a count or a weighted sum of credits, where credit is limited' }));
  if (grouped) {
    if (config.trueUp !== undefined) issues.push(createIssue('invalid_value', ['trueUp'], { expected: 'a component that accumulates over a period', received: config.accumulate }));
    caps.forEach((cap, index) => {
      if (cap.on === 'credit' && cap.scope !== 'deal' && cap.scope !== 'line')
        issues.push(
          createIssue('invalid_value', ['caps', index, 'scope'], { expected: '"deal" or "line", where pay is computed deal by deal', received: cap.scope ?? 'component' }),
        );
    });
  }
  if (config.basis === undefined) return;
  const returns = table === undefined ? undefined : tierReturnOf(table);
  if (table !== undefined && (returns === 'amount' || returns === 'share' || table.mode === 'retro-to-threshold' || table.mode === 'interpolated')) {
    issues.push(
      createIssue('invalid_value', ['basis'], { expected: 'a rate that is flat, or of mode marginal, lookup or whole-amount with rates or multipliers', received: table.mode }),
    );
  }
  if (limitsCredit || config.threshold !== undefined || config.trueUp !== undefined || caps.some((cap) => cap.on === 'attainment')) {
    issues.push(createIssue('invalid_value', ['basis'], { expected: 'no limit on credit or attainment, threshold, windfall or true-up: those work on what is measured' }));
  }
}

/** The components that a commission reads: by its measures, wherever they stand, or to go on from. */
function referencesOf(config: CommissionConfig): readonly ComponentReference[] {
  const { rate, trueUp } = config;
  const measures: Measure[] = [config.measure];
  const add = (selector: unknown): void => {
    // Checked: whatever is an object here is a measure.
    if (isPlainRecord(selector)) measures.push(selector as unknown as Measure);
  };
  add(config.basis);
  const rates: readonly unknown[] = [rate, trueUp?.rate];
  for (const one of rates) {
    if (!isPlainRecord(one)) continue;
    add(one['by']);
    for (const axis of ['rows', 'columns'] as const) if (isPlainRecord(one[axis])) add(one[axis]['by']);
  }
  for (const entry of [...(config.gates ?? []), ...(config.modifiers ?? []), ...(config.kickers ?? [])]) add(entry.by);
  return [...measures.flatMap(referencesOfMeasure), ...(config.continues === undefined ? [] : [config.continues])];
}

function describeCommission(config: CommissionConfig, currency: string): string {
  const { rate, accumulate } = config;
  const paid = describeMeasure(config.basis ?? config.measure);
  const per =
    accumulate === undefined
      ? ''
      : accumulate === 'deal' || accumulate === 'credit'
        ? `, for each ${accumulate} by itself`
        : accumulate === 'plan'
          ? ', over the whole time on the plan'
          : `, accumulated over the ${accumulate}`;
  const isTable = !isValueExpression(rate);
  const first = !isTable
    ? `You earn ${rateText(rate, config.basis ?? config.measure, currency)} of ${paid}${per}.`
    : 'cells' in rate
      ? `You earn on ${paid}${per} by a matrix of ${rate.rows.at.length} × ${rate.columns.at.length} cells.`
      : `You earn on ${paid}${per} by tiers (${rate.mode}${rate.by === 'attainment' ? ', by attainment of quota' : ''}): ${rate.tiers.map((tier) => tierText(tier, rate, config.basis ?? config.measure, currency)).join('; ')}.`;
  const more = [
    config.threshold === undefined ? undefined : `Pay starts at a threshold (${config.threshold.pays ?? 'first-dollar'}).`,
    config.gates === undefined || config.gates.length === 0
      ? undefined
      : `It depends on ${config.gates.length === 1 ? 'a condition' : `${config.gates.length} conditions`}: ${config.gates.map((gate) => gate.label ?? selectorText(gate.by ?? 'attainment')).join(', ')}.`,
    config.modifiers === undefined || config.modifiers.length === 0
      ? undefined
      : `It is multiplied by ${config.modifiers.map((modifier) => modifier.label ?? 'a factor').join(' and ')}.`,
    config.kickers === undefined || config.kickers.length === 0 ? undefined : 'Reaching a level pays extra.',
    config.caps === undefined || config.caps.length === 0 ? undefined : `It is capped (${config.caps.map((cap) => `${cap.on} per ${cap.scope ?? 'component'}`).join(', ')}).`,
    config.trueUp === undefined ? undefined : `It is trued up over the ${config.trueUp.over}${config.trueUp.direction === 'upward' ? ', upward only' : ''}.`,
  ];
  return [first, ...more.filter((text) => text !== undefined)].join(' ');
}

function selectorText(selector: NonNullable<Gate['by']>): string {
  return typeof selector === 'string' ? selector : describeMeasure(selector);
}

/** A rate on money as a percentage, on units as money; an expression as it is computed. */
function rateText(rate: ValueExpression, measure: Measure, currency: string): string {
  if (typeof rate !== 'string') return describeExpression(rate);
  return isMoneyMeasure(measure) ? percentOf(rate) : `${rate} ${currency} per unit`;
}

function tierText(tier: Tier, table: TierTable, measure: Measure, currency: string): string {
  const bound = table.by === 'attainment' && typeof tier.from === 'string' ? `${percentOf(tier.from)} of quota` : describeExpression(tier.from);
  const base = table.of === undefined ? 'the base' : describeExpression(table.of);
  const pays =
    tier.rate !== undefined
      ? rateText(tier.rate, measure, currency)
      : tier.multiplier !== undefined
        ? `${describeExpression(tier.multiplier)} × ${base}`
        : tier.amount !== undefined
          ? `${describeExpression(tier.amount)} ${currency}`
          : `${tier.share === undefined ? '' : typeof tier.share === 'string' ? percentOf(tier.share) : describeExpression(tier.share)} of ${base}`;
  return `from ${bound}: ${pays}`;
}
