import { RATIO_ZERO, ratioAdd, ratioCompare, ratioSign } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkKeys, checkList, checkOneOf, checkRecord, checkText, type IssueSink } from '../../errors/checks.js';
import { createIssue, formatPath, type IssuePath } from '../../errors/issue.js';
import type { AccumulationUnit, EvaluationContext } from '../component.js';
import type { Measure } from '../measure.js';
import { checkFactorText } from '../percent-hint.js';
import { type QuotaSource, readQuota } from '../quotas/quota-policy.js';
import type { CreditPart } from '../tier-band.js';
import { checkTierSelector, QUOTA_REFERENCES, type QuotaReference, type TierSelector } from '../tier-selector.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { type EarnedBand, namedZero, plainBand, sumOfBands, totalOfBands } from './band-operations.js';
import { type EarningSource, select } from './earning-work.js';

/**
 * A condition on pay, also called hurdle or qualifier: what is earned is paid only if a measure reaches a level.
 *
 * @category compensation
 */
export interface Gate {
  /** What the statement calls it. */
  readonly label?: string;
  /** What must reach the level: the attainment of the component itself (default), its amount, or another measure. */
  readonly by?: TierSelector;
  /** Which quota attainment refers to. Default `full`. */
  readonly reference?: QuotaReference;
  /** Over which window the gate looks, where that is not the component's own: a quarter's pay may depend on the year to date. */
  readonly over?: Exclude<AccumulationUnit, 'credit' | 'deal'>;
  /** The level; it is reached if the measure is no less. */
  readonly least: ValueExpression;
  /**
   * When it is tested: with everything measured in the statement's period (`end-of-period`, default), or for each credit in the declared order (`each-line`):
   * attainment and amount as they are with that credit, another measure by that credit alone. Credits that fail still count toward attainment.
   */
  readonly test?: 'end-of-period' | 'each-line';
  /** What happens to pay below the level: nothing is paid (`zero`, default), it is paid at the base rate, or held until the level is reached in the window. */
  readonly otherwise?: 'zero' | 'base-rate' | 'hold';
  /** For `base-rate`. Default: the rate of the first tier. */
  readonly baseRate?: ValueExpression;
}

/** Checks gates of unknown shape. `hasBaseRate`: the rate has a first tier. */
export function checkGates(value: unknown, path: IssuePath, issues: IssueSink, options: { readonly hasBaseRate: boolean; readonly linesKnown: boolean }): void {
  checkList(value, path, issues, { expected: 'a list of gates' })?.forEach((entry, index) => {
    const at = [...path, index];
    const gate = checkRecord(entry, at, issues, 'a gate { least }');
    if (gate === undefined) return;
    checkKeys(gate, ['label', 'by', 'reference', 'over', 'least', 'test', 'otherwise', 'baseRate'], at, issues);
    if (Object.hasOwn(gate, 'label')) checkText(gate['label'], [...at, 'label'], issues);
    if (Object.hasOwn(gate, 'by')) checkTierSelector(gate['by'], [...at, 'by'], issues);
    if (Object.hasOwn(gate, 'reference')) checkOneOf(gate['reference'], QUOTA_REFERENCES, [...at, 'reference'], issues);
    if (Object.hasOwn(gate, 'over')) checkOneOf(gate['over'], ['week', 'month', 'quarter', 'half', 'year', 'plan'], [...at, 'over'], issues);
    checkValueExpression(gate['least'], [...at, 'least'], issues);
    if ((gate['by'] ?? 'attainment') === 'attainment') checkFactorText(gate['least'], [...at, 'least'], issues);
    const test = Object.hasOwn(gate, 'test') ? checkOneOf(gate['test'], ['end-of-period', 'each-line'], [...at, 'test'], issues) : 'end-of-period';
    const otherwise = Object.hasOwn(gate, 'otherwise') ? checkOneOf(gate['otherwise'], ['zero', 'base-rate', 'hold'], [...at, 'otherwise'], issues) : 'zero';
    if (Object.hasOwn(gate, 'baseRate')) checkValueExpression(gate['baseRate'], [...at, 'baseRate'], issues);
    if (otherwise === 'base-rate' && !Object.hasOwn(gate, 'baseRate') && !options.hasBaseRate)
      issues.push(createIssue('missing_key', [...at, 'baseRate'], { expected: 'the rate that is paid instead' }));
    if (test === 'each-line') {
      if (otherwise === 'hold')
        issues.push(createIssue('invalid_value', [...at, 'otherwise'], { expected: '"zero" or "base-rate": a line that has failed does not pass later', received: otherwise }));
      if (Object.hasOwn(gate, 'over')) issues.push(createIssue('invalid_value', [...at, 'over'], { expected: 'only with test: "end-of-period"' }));
      if (!options.linesKnown)
        issues.push(
          createIssue('invalid_value', [...at, 'test'], {
            expected: '"end-of-period", or a rate that pays credit by credit: flat, marginal or lookup, or accumulate: "deal" or "credit"',
            received: test,
          }),
        );
    }
  });
}

/** What a gate works on. */
export interface GateWork {
  readonly context: EvaluationContext;
  readonly measure: Measure;
  readonly quotas: QuotaSource;
  readonly source: EarningSource;
  /** The rate of the first tier. */
  readonly baseRate: ExactValue | undefined;
  /** Whether the source is a window that goes on, rather than a deal. */
  readonly follows: boolean;
}

/** Lets bands through a gate: changes those that do not pass, and releases what an earlier period held. */
export function passGate(gate: Gate, place: number, bands: readonly EarnedBand[], work: GateWork): readonly EarnedBand[] {
  const { context } = work;
  const path: IssuePath = [...context.path, 'gates', place];
  if (gate.test === 'each-line' && work.follows) return passLines(gate, path, bands, work);
  const open = isOpen(gate, place, work);
  const name = gate.label ?? 'Gate';
  const held = `held.${place}`;
  if (gate.otherwise === 'hold') {
    const window = work.source.window;
    const waiting = context.accumulate(held, window, namedZero(context, 'nothing')).before;
    if (!open) {
      const total = totalOfBands(bands, context, 'Earned');
      context.accumulate(held, window, total);
      return bands.length === 0 ? [] : [closedBand(`${name} not met: held`, path, total, bands, context)];
    }
    if (ratioSign(ratioOf(waiting)) === 0) return bands;
    context.accumulate(held, window, context.negate(waiting));
    return [...bands, plainBand(`${name} met: held pay released`, formatPath(path), waiting, { section: 'release' })];
  }
  if (open || bands.length === 0) return bands;
  if (gate.otherwise === 'base-rate') return atBaseRate(gate, path, bands, work, `${name} not met: base rate`);
  return [closedBand(`${name} not met: nothing is paid`, path, totalOfBands(bands, context, 'Would have been earned'), bands, context)];
}

/** Whether the level is reached. A gate whose measure has no value stays closed; that is reported. */
function isOpen(gate: Gate, place: number, work: GateWork): boolean {
  const { context, source } = work;
  const least = context.value(gate.least, 'gate');
  const looked = gate.over === undefined ? source : sourceOver(gate.over, place, work);
  const found = select(gate.by ?? 'attainment', gate.reference ?? 'full', looked, `gate.${place}`, context);
  if (least === undefined || found === undefined) return false;
  const bound = found.unit === undefined ? least : context.multiply([least, found.unit]);
  return ratioCompare(ratioOf(found.value), ratioOf(bound)) >= 0;
}

/** The component's own measure over another window. */
function sourceOver(unit: Exclude<AccumulationUnit, 'credit' | 'deal'>, place: number, work: GateWork): EarningSource {
  const { context, measure, quotas } = work;
  const windows = context.windows(unit);
  const window = windows[windows.length - 1] ?? context.period;
  // Followed once for each gate, whatever the gate looks at.
  const { before, toDate, credits } = context.measureToDate(measure, window, `gate.${place}.own`);
  return {
    window,
    before,
    toDate,
    credits,
    creditsStart: undefined,
    quota: (reference) => readQuota(quotas, context, window, reference),
    second: (second, key) => {
      const measured = context.measureToDate(second, window, key);
      return { total: measured.toDate, ...(measured.unknown === undefined ? {} : { unknown: measured.unknown }) };
    },
  };
}

/** A line of nothing that shows what it would have been. */
function closedBand(label: string, path: IssuePath, earned: ExactValue, bands: readonly EarnedBand[], context: EvaluationContext): EarnedBand {
  const planPath = formatPath(path);
  const amount = context.select([namedZero(context, 'gate not met'), earned], 0, { label, planPath, unit: context.currency });
  return plainBand(label, planPath, amount, { parts: bands.flatMap((band) => band.parts.map((part) => ({ ...part, amount: RATIO_ZERO }))) });
}

function atBaseRate(gate: Gate, path: IssuePath, bands: readonly EarnedBand[], work: GateWork, label: string): readonly EarnedBand[] {
  const { context, source } = work;
  const rate = gate.baseRate === undefined ? work.baseRate : context.value(gate.baseRate, 'base rate');
  if (rate === undefined) return [];
  const planPath = formatPath(path);
  const bases = bands.filter((band) => band.rate !== undefined).flatMap((band) => (band.basis === undefined ? [] : [band.basis]));
  const basis = bases.length > 0 ? context.sum(bases, { label: 'Credited now' }) : context.subtract(source.toDate, source.before, { label: 'Credited now' });
  const parts = bands.filter((band) => band.rate !== undefined).flatMap((band) => band.parts.map(({ amount: _, ...part }) => part));
  return [{ tier: 0, label, planPath, basis, rate, amount: context.multiply([basis, rate], { label, planPath, unit: context.currency }), parts }];
}

/** Tests each credit: parts of bands whose credit fails are paid nothing, or the base rate. */
function passLines(gate: Gate, path: IssuePath, bands: readonly EarnedBand[], work: GateWork): readonly EarnedBand[] {
  const { context } = work;
  const failed = failedCredits(gate, work);
  if (failed === undefined || failed.size === 0) return failed === undefined ? [] : bands;
  const name = gate.label ?? 'Gate';
  const kept: EarnedBand[] = [];
  const lost: CreditPart[] = [];
  const lostBands: EarnedBand[] = [];
  for (const band of bands) {
    const out = band.parts.filter((part) => failed.has(part.creditId));
    if (out.length === 0 || band.rate === undefined) {
      kept.push(band);
      continue;
    }
    const stays = band.parts.filter((part) => !failed.has(part.creditId));
    lost.push(...out);
    const outBasis = exactValueOfRatio(
      out.reduce((sum, part) => ratioAdd(sum, part.basis), RATIO_ZERO),
      { name: 'credits that do not pass the gate' },
    );
    lostBands.push({ ...band, parts: out, basis: outBasis, amount: context.multiply([outBasis, band.rate], { label: band.label, unit: context.currency }) });
    const basis = exactValueOfRatio(
      stays.reduce((sum, part) => ratioAdd(sum, part.basis), RATIO_ZERO),
      { name: 'credits that pass the gate' },
    );
    if (stays.length > 0)
      kept.push({ ...band, parts: stays, basis, amount: context.multiply([basis, band.rate], { label: band.label, planPath: band.planPath, unit: context.currency }) });
  }
  if (lost.length === 0) return kept;
  if (gate.otherwise === 'base-rate') return [...kept, ...atBaseRate(gate, path, lostBands, work, `${name} not met: base rate`)];
  return [
    ...kept,
    closedBand(`${name} not met: nothing is paid`, path, exactValueOfRatio(sumOfBands(lostBands), { name: 'would have been earned', unit: context.currency }), lostBands, context),
  ];
}

/** The credits that do not pass. Undefined where the gate has no value. */
function failedCredits(gate: Gate, work: GateWork): ReadonlySet<string> | undefined {
  const { context, source } = work;
  const least = context.value(gate.least, 'gate');
  if (least === undefined) return undefined;
  const by = gate.by ?? 'attainment';
  const failed = new Set<string>();
  if (typeof by !== 'string') {
    for (const group of context.groups('credit')) {
      const measured = group.measure(by);
      if (measured.unknown !== undefined || ratioCompare(ratioOf(measured.total), ratioOf(least)) < 0) failed.add(group.creditId);
    }
    return failed;
  }
  const found = select(by, gate.reference ?? 'full', source, 'gate', context);
  if (found === undefined) return undefined;
  const bound = ratioOf(found.unit === undefined ? least : context.multiply([least, found.unit]));
  let running = ratioOf(source.creditsStart ?? source.before);
  for (const credit of source.credits()) {
    running = ratioAdd(running, credit.value);
    if (ratioCompare(running, bound) < 0) failed.add(credit.creditId);
  }
  return failed;
}
