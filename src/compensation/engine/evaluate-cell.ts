/* One component of one cell: the context it computes in, and its postings rounded into lines. */

import { fromEpochDay, readEpochDay } from '../../calendar/epoch-day.js';
import { calendarYear } from '../../calendar/fiscal-calendar.js';
import { listPeriods } from '../../calendar/list-periods.js';
import type { Period } from '../../calendar/period.js';
import { RATIO_ZERO, type Ratio, ratioAdd, ratioCompare, ratioDivide, ratioMultiply, ratioRound, ratioSubtract, ratioToDecimal } from '../../decimal/ratio.js';
import type { RoundingMode } from '../../decimal/rounding.js';
import { type ExactArithmetic, type ExactValue, exactValueOfRatio, ratioOf, relabel, traceOf } from '../../decimal/traced-arithmetic.js';
import { createDomainError } from '../../errors/domain-error.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import { exponentOf } from '../../money/currencies.js';
import type { TraceStep } from '../../trace/trace-step.js';
import type { AccumulationUnit, ComponentResult, EvaluationContext, PostedPart, Posting } from '../component.js';
import type { Credit } from '../credit.js';
import type { Measure } from '../measure.js';
import { KEY_SEPARATOR, type LiveState, stateKey } from '../state.js';
import type { AttainmentEntry, StatementSection } from '../statement.js';
import type { CreditPart } from '../tier-payout.js';
import { amountOfPart } from '../tier-payout.js';
import { resolveValue } from '../value-expression.js';
import type { Cell } from './cells.js';
import type { AnyComponent } from './check-plan.js';
import { type CreditBook, type CreditSelection, measureCredits, type PreparedMeasure, prepareMeasure, sortedIndexes } from './measure-credits.js';
import type { CompensationDetail } from './run-input.js';

/** What does not change during a run. */
export interface RunContext {
  readonly arithmetic: ExactArithmetic;
  readonly book: CreditBook;
  readonly detail: CompensationDetail;
  readonly state: Map<string, LiveState>;
  readonly issues: Issue[];
  /** Prepared measures by currency: one measure object may stand in plans of several currencies. */
  readonly measures: Map<string, Map<Measure, PreparedMeasure>>;
  /** What the cells of the period have come to so far, by payee and plan. */
  readonly current: Map<string, readonly CellResult[]>;
  /** The payees of the period, by id. */
  readonly payeeIds: readonly string[];
}

/** Key of a payee's results in a plan. */
export function resultKey(payeeId: string, planId: string): string {
  return payeeId + KEY_SEPARATOR + planId;
}

/** A rounded line before it gets its place on a statement. */
export interface RoundedLine {
  readonly componentId: string;
  readonly kind: string;
  readonly section: StatementSection;
  readonly label: string;
  readonly amount: Ratio;
  readonly basis?: ExactValue;
  readonly basisUnit?: string;
  readonly rate?: ExactValue;
  readonly parts: readonly CreditPart[];
  readonly trace?: TraceStep;
}

/** What a cell has come to so far. */
export interface CellResult {
  /** Whether lines keep the parts of credits that they consist of. */
  readonly keepsParts: boolean;
  readonly lines: RoundedLine[];
  readonly attainment: AttainmentEntry[];
}

/** A component's place in its plan. */
export interface PlacedComponent {
  readonly component: AnyComponent;
  readonly config: { readonly kind: string; readonly id: string };
  readonly index: number;
}

/** Evaluates a component for one cell after the other. */
export interface ComponentEvaluator {
  /** Appends the lines of a cell to its result. */
  readonly evaluate: (cell: Cell, result: CellResult) => void;
}

/** Windows without end have one start, so that a new assignment to the same plan goes on. */
const PLAN_WINDOW: Period = { start: '0001-01-01', endExclusive: '9999-12-31', label: 'plan to date' };

/** An interface whose fields this file sets; what components see of it is read-only. */
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Makes the evaluator of a component for the payees of one period. Its context is made once and pointed at one cell after the other: making forty closures
 * for every payee and month would cost more than the arithmetic.
 */
export function createEvaluator(run: RunContext, plan: Cell['plan'], placed: PlacedComponent): ComponentEvaluator {
  const { arithmetic, book } = run;
  const { component, config } = placed;
  const calendar = plan.calendar ?? calendarYear;
  const path = ['components', placed.index] as const;
  const prepared = run.measures.get(plan.currency) ?? new Map<Measure, PreparedMeasure>();
  run.measures.set(plan.currency, prepared);
  const tracing = run.detail !== 'statement';
  let cell: Cell | undefined;
  let result: CellResult = { lines: [], attainment: [], keepsParts: false };
  let state: LiveState = { payeeId: '', planId: '', componentId: '', totals: new Map() };
  /** The cell of this evaluation; a context kept for later has none. */
  const here = (): Cell => {
    if (cell === undefined) throw createDomainError('component_failed', path, { message: 'The context of an evaluation was used after it had ended.' });
    return cell;
  };
  const report = (code: Issue['code'], details = {}): void => {
    const { payee, period } = here();
    run.issues.push(createIssue(code, ['plans', plan.id, ...path], { hint: `payee ${payee.payee.id}, ${period.label}`, ...details }));
  };
  const selection = (within: Period | undefined): CreditSelection => {
    const { start: first, end: last, period, credits } = here();
    const start = within === undefined || within === period ? first : Math.max(first, readEpochDay(within.start));
    const end = within === undefined || within === period ? last : Math.min(last, readEpochDay(within.endExclusive));
    return { indexes: credits, componentId: config.id, start, end, whole: start <= first && end >= last };
  };
  const windowsByUnit = new Map<string, { readonly start: number; readonly end: number; readonly windows: readonly Period[] }>();
  const context: Writable<EvaluationContext> = {
    ...arithmetic,
    payee: { id: '' },
    componentId: config.id,
    planId: plan.id,
    currency: plan.currency,
    periodUnit: plan.period,
    period: PLAN_WINDOW,
    segment: PLAN_WINDOW,
    path,
    wantsParts: false,
    credits: () => sortedIndexes(selection(undefined), book).flatMap((index): readonly Credit[] => book.credits.slice(index, index + 1)),
    measure: (measure, within) => {
      const known = prepared.get(measure) ?? prepareMeasure(measure, plan.currency, book);
      prepared.set(measure, known);
      return measureCredits(known, selection(within), book, arithmetic, `Credited in ${context.period.label}`, tracing);
    },
    value: (expression, name) => {
      if (typeof expression === 'string') return arithmetic.exact(expression, { name });
      const { assignment, payee } = here();
      const parameters = assignment.assignment.parameters;
      const missing: string[] = [];
      const value = resolveValue(
        expression,
        arithmetic,
        (parameter) => {
          const text = parameters !== undefined && Object.hasOwn(parameters, parameter) ? parameters[parameter] : undefined;
          if (text === undefined) missing.push(parameter);
          return text === undefined ? undefined : arithmetic.exact(text, { name: parameter, source: `assignments[${assignment.index}]` });
        },
        name,
      );
      const [first] = missing;
      if (first !== undefined) report('missing_parameter', { expected: `a value for "${first}" in the assignment of ${payee.payee.id}`, received: first });
      else if (value === undefined) report('division_by_zero', { expected: `a divisor other than 0 for ${name}` });
      return value;
    },
    quota: (window) => quotaFor(here(), config.id, window, plan.currency),
    windows: (unit?: Exclude<AccumulationUnit, 'deal'>) => {
      if (unit === undefined || unit === plan.period) return [context.period];
      if (unit === 'plan') return [PLAN_WINDOW];
      const { start, end } = here();
      const known = windowsByUnit.get(unit);
      if (known !== undefined && known.start === start && known.end === end) return known.windows;
      const windows = listPeriods(context.segment, { unit, calendar });
      windowsByUnit.set(unit, { start, end, windows });
      return windows;
    },
    accumulate: (key, window, amount) => {
      const before = totalOf(state, key, window);
      state.totals.set(key, { window: window.start, value: ratioAdd(before, ratioOf(amount)) });
      if (!tracing) return { before: exactValueOfRatio(before), toDate: before.n === 0n ? amount : arithmetic.sum([exactValueOfRatio(before), amount]) };
      const earlier = exactValueOfRatio(before, { name: `${key} earlier in ${window.label}` });
      return { before: earlier, toDate: before.n === 0n ? amount : arithmetic.sum([earlier, amount], { label: `To date in ${window.label}` }) };
    },
    posted: (componentIds) => {
      const lines = componentIds === undefined ? result.lines : result.lines.filter((line) => componentIds.includes(line.componentId));
      return exactValueOfRatio(
        lines.reduce((sum, line) => ratioAdd(sum, line.amount), RATIO_ZERO),
        { name: 'posted so far', unit: plan.currency },
      );
    },
    postedParts: (componentIds) => result.lines.filter((line) => componentIds === undefined || componentIds.includes(line.componentId)).flatMap((line) => partsOfLine(line, plan)),
    resultOf: (reference, payeeId = here().payee.payee.id) => {
      const own = run.current.get(resultKey(payeeId, reference.planId ?? plan.id));
      return own === undefined ? undefined : componentResult(own, reference.componentId, plan.currency, arithmetic);
    },
    payeeIds: () => run.payeeIds,
    carried: () => state.carried,
    carry: (value) => {
      state.carried = value;
    },
    attain: (window, measured, quota) => {
      result.attainment.push(attainmentEntry(plan.id, config.id, window, ratioOf(measured), quota === undefined ? undefined : ratioOf(quota), arithmetic));
    },
    isWithin: (date, range) => typeof date === 'string' && !Number.isNaN(readEpochDay(date)) && date >= range.start && date < range.endExclusive,
    post: (amount, note) => ({ amount, ...note }),
    report,
  };
  return {
    evaluate: (next, into) => {
      cell = next;
      result = into;
      state = liveState(run, next, config.id);
      context.payee = next.payee.payee;
      context.period = next.period;
      context.segment = segmentOf(next);
      context.wantsParts = into.keepsParts;
      let postings: readonly Posting[];
      try {
        postings = component.evaluate(config, context);
      } catch (error) {
        // A component of the user's own may fail; one payee's failure must not take the others down.
        const message = error instanceof Error ? error.message : 'The component failed.';
        report('component_failed', { message: `${component.kind} "${config.id}": ${message}`.slice(0, 500) });
        return;
      }
      for (const posting of postings) {
        if (run.detail !== 'credit') into.lines.push(roundPosting(run, next, placed, state, posting));
        else for (const part of splitByCredit(run, posting)) into.lines.push(roundPosting(run, next, placed, state, part));
      }
      cell = undefined;
    },
  };
}

function segmentOf(cell: Cell): Period {
  const { period } = cell;
  return cell.isWhole ? period : { start: fromEpochDay(cell.start), endExclusive: fromEpochDay(cell.end), label: period.label };
}

/** The state of a component, which lives as long as the assignment's payee and plan; found once for each. */
function liveState(run: RunContext, cell: Cell, componentId: string): LiveState {
  const known = cell.assignment.states.get(componentId);
  if (known !== undefined) return known;
  const payeeId = cell.payee.payee.id;
  const key = stateKey(payeeId, cell.plan.id, componentId);
  const state = run.state.get(key) ?? { payeeId, planId: cell.plan.id, componentId, totals: new Map() };
  run.state.set(key, state);
  cell.assignment.states.set(componentId, state);
  return state;
}

/** A line deal by deal: rounded by cumulative difference, the last part taking the rest, so that the parts sum to the line. */
function partsOfLine(line: RoundedLine, plan: Cell['plan']): readonly PostedPart[] {
  const { componentId, section, rate, parts } = line;
  const whole = { componentId, section, amount: exactValueOfRatio(line.amount, { name: line.label, unit: plan.currency }) };
  if (parts.length === 0) return [whole];
  const weights = parts.map((part) => (rate === undefined ? part.basis : (amountOfPart(part, rate) ?? part.basis)));
  const sum = weights.reduce(ratioAdd, RATIO_ZERO);
  if (sum.n === 0n) return [whole];
  const rounding = roundingOf(plan);
  let running = RATIO_ZERO;
  let posted = RATIO_ZERO;
  return parts.map((part, index) => {
    running = ratioAdd(running, weights[index] ?? RATIO_ZERO);
    const toDate = index === parts.length - 1 ? line.amount : ratioRound(ratioDivide(ratioMultiply(line.amount, running), sum), rounding);
    const amount = ratioSubtract(toDate, posted);
    posted = toDate;
    return {
      componentId,
      section,
      creditId: part.creditId,
      ...(part.dealId === undefined ? {} : { dealId: part.dealId }),
      amount: exactValueOfRatio(amount, { name: line.label, unit: plan.currency, source: part.dealId ?? part.creditId }),
    };
  });
}

function componentResult(results: readonly CellResult[], componentId: string, currency: string, arithmetic: ExactArithmetic): ComponentResult {
  const posted = results.flatMap((result) => result.lines).reduce((sum, line) => (line.componentId === componentId ? ratioAdd(sum, line.amount) : sum), RATIO_ZERO);
  const entry = results
    .flatMap((result) => result.attainment)
    .filter((candidate) => candidate.componentId === componentId)
    .pop();
  const { measured, quota } = entry ?? {};
  const attainment =
    measured === undefined || quota === undefined || quota === null || quota === '0'
      ? undefined
      : arithmetic.divide(arithmetic.exact(measured, { name: `measured by ${componentId}` }), arithmetic.exact(quota, { name: 'quota' }), {
          label: `Attainment of ${componentId}`,
          unit: 'fraction',
        });
  return { posted: exactValueOfRatio(posted, { name: componentId, unit: currency }), attainment };
}

/** How a plan rounds payable lines. */
export function roundingOf(plan: Cell['plan']): { readonly scale: number; readonly mode: RoundingMode } {
  return { scale: plan.rounding?.scale ?? exponentOf(plan.currency), mode: plan.rounding?.mode ?? 'half-up' };
}

function totalOf(state: LiveState, key: string, window: Period): Ratio {
  const stored = state.totals.get(key);
  return stored !== undefined && stored.window === window.start ? stored.value : RATIO_ZERO;
}

/** The quotas that lie within a window, if together they cover it; one that is given for the component goes before one for all. */
function quotaFor(cell: Cell, componentId: string, window: Period, currency: string): ExactValue | undefined {
  const start = readEpochDay(window.start);
  const end = readEpochDay(window.endExclusive);
  for (const wanted of [componentId, undefined]) {
    const within = cell.payee.quotas.filter((quota) => quota.componentId === wanted && quota.start >= start && quota.end <= end);
    const exact = within.filter((quota) => quota.start === start && quota.end === end);
    const chosen = exact.length > 0 ? exact.slice(-1) : within;
    const days = chosen.reduce((sum, quota) => sum + quota.end - quota.start, 0);
    if (chosen.length > 0 && days === end - start) {
      return exactValueOfRatio(
        chosen.reduce((sum, quota) => ratioAdd(sum, quota.amount), RATIO_ZERO),
        { name: 'quota', unit: currency, source: window.label },
      );
    }
  }
  return undefined;
}

function attainmentEntry(planId: string, componentId: string, window: Period, measured: Ratio, quota: Ratio | undefined, arithmetic: ExactArithmetic): AttainmentEntry {
  const base = { planId, componentId, period: window, measured: shown(measured) };
  if (quota === undefined) return { ...base, quota: null, attainment: null, reason: 'no quota is given' };
  if (quota.n === 0n) return { ...base, quota: '0', attainment: null, reason: 'attainment of a quota of 0 is not defined' };
  const ratio = ratioOf(arithmetic.divide(exactValueOfRatio(measured, { name: 'measured' }), exactValueOfRatio(quota, { name: 'quota' })));
  return { ...base, quota: shown(quota), attainment: shown(ratioRound(ratio, { scale: 6, mode: 'half-even' })) };
}

/** A decimal; rounded half-even to 12 places where it does not end. */
export function shown(value: Ratio): string {
  return ratioToDecimal(value) ?? ratioToDecimal(ratioRound(value, { scale: 12, mode: 'half-even' })) ?? '0';
}

/** A posting for each credit it consists of, where the parts make up the whole. */
function splitByCredit(run: RunContext, posting: Posting): readonly Posting[] {
  const { rate, parts } = posting;
  if (rate === undefined || parts === undefined || parts.length === 0) return [posting];
  const postings: Posting[] = [];
  let sum = RATIO_ZERO;
  for (const part of parts) {
    const amount = amountOfPart(part, rate) ?? RATIO_ZERO;
    sum = ratioAdd(sum, amount);
    const basis = exactValueOfRatio(part.basis, { name: 'credit', source: part.dealId ?? part.creditId });
    postings.push({
      ...posting,
      basis,
      parts: [part],
      amount: run.arithmetic.multiply([basis, rate], { label: posting.label, ...(posting.planPath === undefined ? {} : { planPath: posting.planPath }) }),
    });
  }
  return ratioCompare(sum, ratioOf(posting.amount)) === 0 ? postings : [posting];
}

/** Rounds by cumulative difference within the window: line = round(all so far with this one) − round(all so far). */
function roundPosting(run: RunContext, cell: Cell, placed: PlacedComponent, state: LiveState, posting: Posting): RoundedLine {
  const { plan } = cell;
  const rounding = roundingOf(plan);
  const window = posting.roundingWindow ?? cell.period;
  const before = totalOf(state, '#exact', window);
  const roundedBefore = totalOf(state, '#rounded', window);
  const exact = ratioAdd(before, ratioOf(posting.amount));
  const rounded = ratioRound(exact, rounding);
  state.totals.set('#exact', { window: window.start, value: exact });
  state.totals.set('#rounded', { window: window.start, value: rounded });
  const amount = ratioSubtract(rounded, roundedBefore);
  const { component, config } = placed;
  const label = posting.label;
  const line = {
    componentId: config.id,
    kind: component.kind,
    section: posting.section ?? component.section ?? 'bonus',
    label,
    amount,
    parts: posting.parts ?? [],
    ...(posting.basis === undefined ? {} : { basis: posting.basis }),
    ...(posting.basisUnit === undefined ? {} : { basisUnit: posting.basisUnit }),
    ...(posting.rate === undefined ? {} : { rate: posting.rate }),
  };
  if (run.detail === 'statement') return line;
  const unit = plan.currency;
  const planPath = posting.planPath;
  const note = { label, unit, ...(planPath === undefined ? {} : { planPath }) };
  const own = relabel(posting.amount, note);
  if (ratioCompare(amount, ratioOf(posting.amount)) === 0) return { ...line, ...traced(own) };
  if (before.n === 0n) return { ...line, ...traced(run.arithmetic.round(own, rounding, note)) };
  const soFar = run.arithmetic.round(
    run.arithmetic.sum([exactValueOfRatio(before, { name: 'earlier lines, unrounded', unit }), own], { label: 'With earlier lines', unit }),
    rounding,
    { label: 'Rounded together', unit },
  );
  return { ...line, ...traced(run.arithmetic.subtract(soFar, exactValueOfRatio(roundedBefore, { name: 'earlier lines, rounded', unit }), note)) };
}

function traced(value: ExactValue): { readonly trace?: TraceStep } {
  const trace = traceOf(value);
  return trace === undefined ? {} : { trace };
}
