import type { Period } from '../../calendar/period.js';
import { ratioNegate } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkOneOf, checkText, type IssueSink } from '../../errors/checks.js';
import type { Issue } from '../../errors/issue.js';
import { type AccumulationUnit, defineComponent, type EvaluationContext, type Posting } from '../component.js';
import { checkMeasure, isMoneyMeasure, type Measure } from '../measure.js';
import { type CreditPart, type MeasuredCredit, payFlat, payTiers, type TierBand, type TierInput } from '../tier-payout.js';
import { checkPayRate, type PayRate, type TierTable } from '../tier-table.js';
import { checkValueExpression, isValueExpression, type ValueExpression } from '../value-expression.js';

/**
 * Pay on what is measured: a flat rate or a table of tiers, within an accumulation window.
 *
 * @category compensation
 */
export interface CommissionConfig {
  /** Put before the labels of the lines. */
  readonly label?: string;
  /** What is measured. */
  readonly measure: Measure;
  /** A flat rate, or a table of tiers. */
  readonly rate: PayRate;
  /** Target for the window. Default: the quotas given for the payee. Needed for tiers by attainment. */
  readonly quota?: ValueExpression;
  /** Within which window the measure accumulates. Default: the plan's period. */
  readonly accumulate?: AccumulationUnit;
}

/** The accumulation units that a plan may name. */
export const ACCUMULATION_UNITS: readonly AccumulationUnit[] = ['deal', 'week', 'month', 'quarter', 'half', 'year', 'plan'];

const KEYS = ['label', 'measure', 'rate', 'quota', 'accumulate'] as const;

/**
 * Commission: `rate × measure`, flat or by tiers in one of five modes, by amount or by attainment, per deal, period or year.
 *
 * Within a window, `marginal` and `lookup` pay each part at the rate that holds when it is credited; the other modes pay what is due to date less what was
 * earned before. A negative measure is paid at the first tier's rate; a negative deal (accumulated per deal) mirrors the sale.
 *
 * @category compensation
 */
export const commissionComponent = /* @__PURE__ */ defineComponent<'commission', CommissionConfig>({
  kind: 'commission',
  section: 'commission',
  keys: KEYS,
  check: (config, _issue) => checkCommission(config),
  evaluate: (config, context) => evaluateCommission(config, context),
  describe: (config, plan) => describeCommission(config, plan.currency),
});

function checkCommission(config: CommissionConfig): readonly Issue[] {
  const issues: IssueSink = [];
  const record = config as unknown as Readonly<Record<string, unknown>>;
  checkKeys(record, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(record, 'label')) checkText(record['label'], ['label'], issues);
  checkMeasure(record['measure'], ['measure'], issues);
  const fractions = issues.length === 0 && isMoneyMeasure(config.measure);
  checkPayRate(record['rate'], ['rate'], issues, { ratesAreFractions: fractions });
  if (Object.hasOwn(record, 'quota')) checkValueExpression(record['quota'], ['quota'], issues);
  if (Object.hasOwn(record, 'accumulate')) checkOneOf(record['accumulate'], ACCUMULATION_UNITS, ['accumulate'], issues);
  return issues;
}

function evaluateCommission(config: CommissionConfig, context: EvaluationContext): readonly Posting[] {
  if (config.accumulate === 'deal') return payPerDeal(config, context);
  return context.windows(config.accumulate).flatMap((window) => payWindow(config, context, window));
}

/** The table, or undefined for a flat rate. */
function tableOf(rate: PayRate): TierTable | undefined {
  return isValueExpression(rate) ? undefined : rate;
}

function payWindow(config: CommissionConfig, context: EvaluationContext, window: Period): readonly Posting[] {
  const measured = context.measure(config.measure, window);
  const quota = quotaOf(config, context, window);
  const { before, toDate } = context.accumulate('measured', window, measured.total);
  const table = tableOf(config.rate);
  if (quota !== undefined || table?.by === 'attainment') context.attain(window, toDate, quota);
  const boundUnit = boundUnitOf(table, quota, context);
  if (boundUnit === 'unknown') return [];
  const common = tierInput(context, { before, toDate, credits: measured.credits });
  if (table === undefined) return postBands(config, context, payFlatRate(config, context, common), window);
  const earnedBefore = context.accumulate('earned', window, context.exact('0')).before;
  const bands = payTiers({ ...common, table, earnedBefore, ...(boundUnit === undefined ? {} : { boundUnit }) });
  if (bands === undefined) return [];
  for (const band of bands) context.accumulate('earned', window, band.amount);
  return postBands(config, context, bands, window);
}

/** The quota where bounds are fractions of it, `unknown` where it is missing or zero (reported), undefined where bounds are amounts. */
function boundUnitOf(table: TierTable | undefined, quota: ExactValue | undefined, context: EvaluationContext): ExactValue | 'unknown' | undefined {
  if (table?.by !== 'attainment') return undefined;
  if (quota === undefined) {
    context.report('missing_quota', { expected: `a quota for ${context.payee.id} in ${context.period.label}` });
    return 'unknown';
  }
  if (context.sign(quota) <= 0) {
    context.report('undefined_attainment', { expected: 'a quota above 0', hint: 'attainment of a quota of 0 is not defined, so nothing is paid by attainment' });
    return 'unknown';
  }
  return quota;
}

function tierInput(
  context: EvaluationContext,
  totals: { readonly before: ExactValue; readonly toDate: ExactValue; readonly credits: () => readonly MeasuredCredit[] },
): Omit<TierInput, 'table' | 'earnedBefore'> {
  return {
    ...totals,
    arithmetic: context,
    path: [...context.path, 'rate'],
    currency: context.currency,
    resolve: (expression, name) => context.value(expression, name),
    wantsParts: context.wantsParts,
  };
}

function payFlatRate(config: CommissionConfig, context: EvaluationContext, input: Omit<TierInput, 'table' | 'earnedBefore'>): readonly TierBand[] {
  const rate = isValueExpression(config.rate) ? context.value(config.rate, 'rate') : undefined;
  return rate === undefined ? [] : payFlat(input, rate);
}

function postBands(config: CommissionConfig, context: EvaluationContext, bands: readonly TierBand[], window: Period | undefined): readonly Posting[] {
  return bands.map((band) =>
    context.post(band.amount, {
      label: config.label === undefined ? band.label : `${config.label}: ${band.label}`,
      basisUnit: unitOf(config.measure, context.currency),
      planPath: band.planPath,
      parts: band.parts,
      ...(band.basis === undefined ? {} : { basis: band.basis }),
      ...(band.rate === undefined ? {} : { rate: band.rate }),
      ...(window === undefined ? {} : { roundingWindow: window }),
    }),
  );
}

function unitOf(measure: Measure, currency: string): string {
  if ('count' in measure) return measure.count;
  return isMoneyMeasure(measure) ? currency : measure.sum;
}

/** Every deal starts at the first tier. Bands of one tier are posted together, so that a period has one line per band. */
function payPerDeal(config: CommissionConfig, context: EvaluationContext): readonly Posting[] {
  const measured = context.measure(config.measure);
  const table = tableOf(config.rate);
  const [statementWindow] = context.windows();
  const quota = statementWindow === undefined ? undefined : quotaOf(config, context, statementWindow);
  const boundUnit = boundUnitOf(table, quota, context);
  if (boundUnit === 'unknown') return [];
  const zero = context.exact('0');
  const byTier = new Map<number, TierBand[]>();
  for (const credits of groupByDeal(measured.credits())) {
    const total = credits.reduce((sum, credit) => context.sum([sum, exactValueOfRatio(credit.value)]), zero);
    const negative = context.sign(total) < 0;
    const value = exactValueOfRatio(negative ? ratioNegate(ratioOf(total)) : ratioOf(total), { name: credits[0]?.dealId ?? credits[0]?.creditId ?? 'deal' });
    const mirrored = negative ? credits.map((credit) => ({ ...credit, value: ratioNegate(credit.value) })) : credits;
    const input = tierInput(context, { before: zero, toDate: value, credits: () => mirrored });
    const bands = table === undefined ? payFlatRate(config, context, input) : payTiers({ ...input, table, earnedBefore: zero, ...(boundUnit === undefined ? {} : { boundUnit }) });
    for (const band of bands ?? []) {
      const list = byTier.get(band.tier) ?? [];
      list.push(negative ? mirrorBand(context, band) : band);
      byTier.set(band.tier, list);
    }
  }
  const merged = [...byTier.entries()].sort(([a], [b]) => a - b).map(([, bands]) => mergeBands(context, bands));
  return postBands(config, context, merged, undefined);
}

function quotaOf(config: CommissionConfig, context: EvaluationContext, window: Period): ExactValue | undefined {
  return config.quota === undefined ? context.quota(window) : context.value(config.quota, 'quota');
}

function groupByDeal(credits: readonly MeasuredCredit[]): readonly (readonly MeasuredCredit[])[] {
  const groups = new Map<string, MeasuredCredit[]>();
  for (const credit of credits) {
    const key = credit.dealId === undefined ? `c:${credit.creditId}` : `d:${credit.dealId}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [credit]);
    else group.push(credit);
  }
  return [...groups.values()];
}

function mirrorBand(context: EvaluationContext, band: TierBand): TierBand {
  const parts: readonly CreditPart[] = band.parts.map((part) => ({ ...part, basis: ratioNegate(part.basis) }));
  return {
    ...band,
    parts,
    amount: context.negate(band.amount, { label: 'Reversed', unit: context.currency }),
    ...(band.basis === undefined ? {} : { basis: context.negate(band.basis, { label: 'Reversed' }) }),
  };
}

function mergeBands(context: EvaluationContext, bands: readonly TierBand[]): TierBand {
  const [first] = bands;
  if (first === undefined || bands.length === 1) return first ?? { tier: 0, label: '', planPath: '', amount: context.exact('0'), parts: [] };
  const bases = bands.flatMap((band) => (band.basis === undefined ? [] : [band.basis]));
  const { label, planPath } = first;
  const parts = bands.flatMap((band) => band.parts);
  if (first.rate === undefined || bases.length < bands.length) {
    const amount = context.sum(
      bands.map((band) => band.amount),
      { label, planPath, unit: context.currency },
    );
    return { tier: first.tier, label, planPath, amount, parts, ...(bases.length === bands.length ? { basis: context.sum(bases, { label: 'All deals' }) } : {}) };
  }
  const basis = context.sum(bases, { label: 'Part of all deals in this tier' });
  return { ...first, parts, basis, amount: context.multiply([basis, first.rate], { label, planPath, unit: context.currency }) };
}

function describeCommission(config: CommissionConfig, currency: string): string {
  const what = 'sum' in config.measure ? config.measure.sum : `number of ${config.measure.count}`;
  const per = config.accumulate === undefined ? '' : config.accumulate === 'deal' ? ', for each deal by itself' : `, accumulated over the ${config.accumulate}`;
  const table = tableOf(config.rate);
  if (table === undefined)
    return `You earn ${typeof config.rate === 'string' ? percentText(config.rate, config.measure, currency) : 'a rate that is set for you'} of ${what}${per}.`;
  return `You earn on ${what}${per} by ${table.tiers.length} tiers (${table.mode}${table.by === 'attainment' ? ', by attainment of quota' : ''}).`;
}

function percentText(rate: string, measure: Measure, currency: string): string {
  return isMoneyMeasure(measure) ? `${Math.round(Number(rate) * 1e8) / 1e6} %` : `${rate} ${currency} per unit`;
}
