import type { Period } from '../../calendar/period.js';
import { isPlainDate } from '../../calendar/plain-date.js';
import { RATIO_ZERO, ratioCompare, ratioSign } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkList, checkRecord, checkText, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { createIssue, formatPath, type Issue, type IssuePath } from '../../errors/issue.js';
import { literalRatio } from '../amount-text.js';
import { defineComponent, type EvaluationContext, type MeasuredToDate, type Posting } from '../component.js';
import { checkMeasure, describeMeasure, type Measure, referencesOfMeasure, unitOfBasis } from '../measure.js';
import { checkEligibility, mayEarn, type PayeeEligibility } from '../payee-eligibility.js';
import type { TierBand } from '../tier-band.js';
import { payTiers, resolveTable } from '../tier-payout.js';
import type { TierTable } from '../tier-table.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';

/**
 * A band of distance.
 *
 * @category compensation
 */
export interface MileageTier {
  /** Distance of the tax year at which it starts, `0` for the first. */
  readonly from: ValueExpression;
  /** Money for each unit of distance. */
  readonly rate: ValueExpression;
}

/**
 * An allowance for driving in one's own car.
 *
 * @category compensation
 */
export interface MileageConfig {
  /** What the line says; default `Mileage`. */
  readonly label?: string;
  /** The distance. Default: `values.distance` of the credits that have one. */
  readonly measure?: Measure;
  /** Money for each unit of distance, by bands of the tax year. Rates are yours to give: they change by country and year. */
  readonly tiers: readonly [MileageTier, ...MileageTier[]];
  /** First day of the tax year, `MM-DD`; `04-06` in the United Kingdom. Default: the year of the plan's calendar. */
  readonly yearStart?: string;
  /** What the tax authority approves. The difference to what is paid shows as `memo`: relief that the payee may claim, or an amount above the approved one. */
  readonly approved?: { readonly tiers: readonly [MileageTier, ...MileageTier[]] };
  /** Who gets it, for example field roles. */
  readonly eligibility?: PayeeEligibility;
}

const KEYS = ['label', 'measure', 'tiers', 'yearStart', 'approved', 'eligibility'] as const;
const DISTANCE: Measure = { sum: 'values.distance', where: { not: { 'values.distance': null } } };

/**
 * Mileage: each part of the distance of a tax year at the rate of the band it lies in, less what was paid before. An allowance, not pay. A period in which one tax
 * year ends and the next begins counts in both, each day in its own.
 *
 * @example
 * ```ts
 * import { computeCompensation, definePlan } from 'dealwright/compensation';
 * const plan = definePlan({ id: 'p', currency: 'GBP', period: 'month', components: [{ kind: 'mileage', id: 'car', yearStart: '04-06', tiers: [{ from: '0', rate: '0.45' }, { from: '10000', rate: '0.25' }] }] });
 * const run = computeCompensation({
 *   plans: [plan], payees: [{ id: 'ada' }], assignments: [{ payeeId: 'ada', planId: 'p', from: '2026-01-01' }],
 *   credits: [{ id: 'm1', payeeId: 'ada', on: '2026-05-31', values: { distance: '11500' } }], periods: ['2026-05'],
 * });
 * run.statements.map((statement) => statement.allowances); // => [{ amount: '4875.00', currency: 'GBP' }]
 * ```
 * @category compensation
 */
export const mileageComponent = /* @__PURE__ */ defineComponent<'mileage', MileageConfig>({
  kind: 'mileage',
  section: 'allowance',
  keys: KEYS,
  dependsOn: (config) => (config.measure === undefined ? [] : referencesOfMeasure(config.measure)),
  check: (config, _issue) => checkMileage(config as unknown as PlainRecord),
  evaluate: (config, context) => taxYears(config.yearStart, context).flatMap((year) => payYear(config, context, year)),
  describe: (config, plan) => {
    const bands = config.tiers.map(
      ({ from, rate }) => `${typeof rate === 'string' ? `${rate} ${plan.currency}` : 'a rate set for you'} from ${typeof from === 'string' ? from : 'a distance set for you'}`,
    );
    return `You are paid back for ${config.measure === undefined ? 'the distance driven' : describeMeasure(config.measure)}: ${bands.join(', ')}, counted over the tax year.`;
  },
});

function checkMileage(config: PlainRecord): readonly Issue[] {
  const issues: IssueSink = [];
  checkKeys(config, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(config, 'label')) checkText(config['label'], ['label'], issues);
  if (Object.hasOwn(config, 'measure')) checkMeasure(config['measure'], ['measure'], issues);
  checkBands(config['tiers'], ['tiers'], issues);
  if (Object.hasOwn(config, 'approved')) {
    const approved = checkRecord(config['approved'], ['approved'], issues, 'rates { tiers }');
    if (approved !== undefined) {
      checkKeys(approved, ['tiers'], ['approved'], issues);
      checkBands(approved['tiers'], ['approved', 'tiers'], issues);
    }
  }
  const start = config['yearStart'];
  if (Object.hasOwn(config, 'yearStart') && !(typeof start === 'string' && isPlainDate(`2001-${start}`)))
    issues.push(createIssue('invalid_date', ['yearStart'], { expected: 'a day of every year, MM-DD', received: start }));
  if (Object.hasOwn(config, 'eligibility')) checkEligibility(config['eligibility'], ['eligibility'], issues);
  return issues;
}

function checkBands(value: unknown, path: IssuePath, issues: IssueSink): void {
  let previous = undefined as ReturnType<typeof literalRatio>;
  checkList(value, path, issues, { min: 1, expected: 'bands { from, rate }' })?.forEach((entry, index) => {
    const at = [...path, index];
    const band = checkRecord(entry, at, issues, 'a band such as { from: "0", rate: "0.45" }');
    if (band === undefined) return;
    checkKeys(band, ['from', 'rate'], at, issues);
    checkValueExpression(band['from'], [...at, 'from'], issues);
    checkValueExpression(band['rate'], [...at, 'rate'], issues);
    const from = literalRatio(band['from']);
    if (from === undefined) return;
    if (index === 0 && ratioSign(from) !== 0) issues.push(createIssue('tiers_do_not_start', [...at, 'from'], { expected: '"0"', received: band['from'] }));
    if (previous !== undefined && ratioCompare(from, previous) <= 0)
      issues.push(createIssue('tiers_not_ascending', [...at, 'from'], { expected: 'more than the band before', received: band['from'] }));
    previous = from;
  });
}

/** The tax years that the segment touches. */
function taxYears(start: string | undefined, context: EvaluationContext): readonly Period[] {
  if (start === undefined) return context.windows('year');
  const { segment } = context;
  const yearOf = (date: string): number => Number(date.slice(0, 4)) - (date.slice(5) < start ? 1 : 0);
  const day = (year: number): string => (year > 9999 ? '9999-12-31' : year < 1 ? '0001-01-01' : `${String(year).padStart(4, '0')}-${start}`);
  const years: Period[] = [];
  for (let year = yearOf(segment.start); day(year) < segment.endExclusive; year += 1) {
    years.push({ start: day(year), endExclusive: day(year + 1), label: `tax year from ${day(year)}` });
    if (year >= 9999) break;
  }
  return years;
}

function payYear(config: MileageConfig, context: EvaluationContext, year: Period): readonly Posting[] {
  const { label = 'Mileage', measure = DISTANCE } = config;
  const measured = context.measureToDate(measure, year, 'distance');
  if (measured.unknown !== undefined || !mayEarn(config.eligibility, context, year)) return [];
  const bands = payBands(config.tiers, context, measured, context.path);
  if (bands === undefined) return [];
  const unit = unitOfBasis(measure, context.currency);
  const postings = bands.map((band, index) =>
    context.post(band.amount, {
      label: bands.length === 1 && index === 0 ? label : `${label}: ${band.label.toLowerCase()}`,
      planPath: band.planPath,
      basisUnit: unit === 'values.distance' ? 'distance' : unit,
      parts: band.parts,
      roundingWindow: year,
      ...(band.basis === undefined ? {} : { basis: band.basis }),
      ...(band.rate === undefined ? {} : { rate: band.rate }),
    }),
  );
  return [...postings, ...relief(config, context, measured, bands, year)];
}

function payBands(tiers: MileageConfig['tiers'], context: EvaluationContext, measured: MeasuredToDate, path: IssuePath): readonly TierBand[] | undefined {
  const table = context.once(tiers, (): TierTable => ({ mode: 'marginal', tiers }));
  const resolved = resolveTable(table, { arithmetic: context, currency: context.currency, resolve: (expression, name) => context.value(expression, name) });
  if (resolved === undefined) return undefined;
  const { before, toDate, credits } = measured;
  return payTiers(
    resolved,
    { before, toDate, earnedBefore: context.exact('0'), credits, wantsParts: context.wantsParts },
    { arithmetic: context, path, currency: context.currency },
  );
}

/** What the tax authority approves beyond what is paid, or the other way round. */
function relief(config: MileageConfig, context: EvaluationContext, measured: MeasuredToDate, paid: readonly TierBand[], year: Period): readonly Posting[] {
  const { approved, label = 'Mileage' } = config;
  const bands = approved === undefined ? undefined : payBands(approved.tiers, context, measured, [...context.path, 'approved']);
  if (bands === undefined) return [];
  const difference = context.subtract(total(bands, context, 'Approved'), total(paid, context, 'Paid'), { label: 'Approved less paid', unit: context.currency });
  const sign = context.sign(difference);
  if (sign === 0) return [];
  const memo = sign > 0 ? difference : context.negate(difference, { label: 'Paid beyond the approved amount', unit: context.currency });
  const zero = context.exact('0', { name: 'not paid', unit: context.currency });
  const planPath = formatPath([...context.path, 'approved']);
  return [context.post(zero, { label: `${label}: ${sign > 0 ? 'approved beyond what is paid' : 'paid beyond what is approved'}`, planPath, memo, roundingWindow: year })];
}

function total(bands: readonly TierBand[], context: EvaluationContext, label: string): ExactValue {
  if (bands.length === 0) return exactValueOfRatio(RATIO_ZERO, { name: 'no distance', unit: context.currency });
  return context.sum(
    bands.map((band) => band.amount),
    { label, unit: context.currency },
  );
}
