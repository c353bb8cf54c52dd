/* One component of one cell: the context it computes in, and its postings rounded into lines. */

import { fromEpochDay, readEpochDay } from '../../calendar/epoch-day.js';
import { calendarYear } from '../../calendar/fiscal-calendar.js';
import { listPeriods } from '../../calendar/list-periods.js';
import type { Period } from '../../calendar/period.js';
import {
  RATIO_ZERO,
  type Ratio,
  ratioAdd,
  ratioCompare,
  ratioDivide,
  ratioFromText,
  ratioMultiply,
  ratioRound,
  ratioSubtract,
  ratioToDecimal,
  ratioToText,
} from '../../decimal/ratio.js';
import type { RoundingMode } from '../../decimal/rounding.js';
import { type ExactArithmetic, type ExactValue, exactValueOfRatio, ratioOf, relabel, traceOf } from '../../decimal/traced-arithmetic.js';
import { createDomainError } from '../../errors/domain-error.js';
import { createIssue, type Issue } from '../../errors/issue.js';
import { exponentOf } from '../../money/currencies.js';
import type { HierarchyReader } from '../../organization/hierarchy-reader.js';
import type { TraceStep } from '../../trace/trace-step.js';
import type { AccumulationUnit, ComponentResult, EvaluationContext, Gathered, Measured, PostedPart, Posting } from '../component.js';
import type { Credit } from '../credit.js';
import { type CreditFilter, type CreditPredicate, compileFilter } from '../filter.js';
import type { LedgerEntryType } from '../ledger.js';
import { type CreditMeasure, isCreditMeasure, type Measure } from '../measure.js';
import { KEY_SEPARATOR, type LiveState, stateKey } from '../state.js';
import type { AttainmentEntry, StatementNote, StatementSection } from '../statement.js';
import type { CreditPart } from '../tier-band.js';
import { amountOfPart } from '../tier-band.js';
import { resolveValue, type ValueExpression } from '../value-expression.js';
import type { Cell } from './cells.js';
import type { AnyComponent } from './check-plan.js';
import { creditConversionOf } from './credit-rates.js';
import { type MeasureHost, measureSelection, measureWindow, sortedJson } from './derive-measure.js';
import { type CreditBook, type CreditSelection, groupCredits, measureCredits, type PreparedMeasure, prepareMeasure, sortedIndexes } from './measure-credits.js';
import type { DealEventBook } from './read-deal-events.js';
import type { ReadAssignment, ReadPayee, ReadQuota } from './read-input.js';
import type { CompensationDetail } from './run-input.js';

/** What does not change during a run. */
export interface RunContext {
  readonly arithmetic: ExactArithmetic;
  readonly book: CreditBook;
  readonly detail: CompensationDetail;
  readonly state: Map<string, LiveState>;
  readonly issues: Issue[];
  /** Prepared measures by currency and rate policy: one measure object may stand in plans of several. */
  readonly measures: Map<string, Map<Measure, PreparedMeasure>>;
  /** What components made once from parts of their configs, by plan and component. */
  readonly memos: Map<string, WeakMap<object, unknown>>;
  /** Decimal texts of plans, read once. */
  readonly literals: Map<string, ExactValue>;
  /** All payees of the run. */
  readonly payees: ReadonlyMap<string, ReadPayee>;
  /** The sound credits of the run, by id. */
  readonly creditOf: (creditId: string) => Credit | undefined;
  /** What happened to deals. */
  readonly dealEvents: DealEventBook;
  /** Who reports to whom, if the run was told. */
  readonly hierarchy: HierarchyReader | undefined;
  /** All cells of the run, by payee. */
  readonly cellsOf: ReadonlyMap<string, readonly Cell[]>;
  /** What the cells of the period have come to so far, by payee and plan. */
  readonly current: () => ReadonlyMap<string, readonly CellResult[]>;
  /** The payees of the period, by id. */
  readonly payeeIds: () => readonly string[];
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
  readonly entryType?: LedgerEntryType;
  readonly memo?: ExactValue;
  /** This line, and what the component had posted in the rounding window before it, not rounded; absent for lines that are not postings. */
  readonly unrounded?: { readonly before: Ratio; readonly amount: Ratio };
  readonly trace?: TraceStep;
}

/** What is left open by a component: pay not released, a debt. */
export interface CellBalance {
  readonly componentId: string;
  readonly name: string;
  readonly amount: Ratio;
}

const NO_PARTS: readonly CreditPart[] = [];

/** What a cell has come to so far. */
export interface CellResult {
  /** Whether lines keep the parts of credits that they consist of. */
  readonly keepsParts: boolean;
  readonly lines: RoundedLine[];
  readonly attainment: AttainmentEntry[];
  /** The latest measured amount and quota of each component, unrounded: other components compare with it exactly. */
  attained?: Map<string, { readonly measured: Ratio; readonly quota: Ratio | undefined }>;
  /** By component and name; the last word of the period counts. */
  readonly balances: Map<string, CellBalance>;
  readonly notes: StatementNote[];
}

/** A component's place in its plan. */
export interface PlacedComponent {
  readonly component: AnyComponent;
  readonly config: { readonly kind: string; readonly id: string };
  readonly index: number;
}

/** Evaluates a component for one cell after the other. */
export interface ComponentEvaluator {
  /** Takes what a cell brings to what the component shares among payees; for all cells before the first one is evaluated. */
  readonly gather: (cell: Cell, result: CellResult) => void;
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
  const conversion = creditConversionOf(plan, book.rates);
  const prepared = run.measures.get(conversion.key) ?? new Map<Measure, PreparedMeasure>();
  run.measures.set(conversion.key, prepared);
  const tracing = run.detail !== 'statement';
  let cell: Cell | undefined;
  let result: CellResult = { lines: [], attainment: [], balances: new Map(), notes: [], keepsParts: false };
  let state: LiveState = { payeeId: '', planId: '', componentId: '', totals: new Map() };
  const gathered: Gathered[] = [];
  /** The cell of this evaluation; a context kept for later has none. */
  const here = (): Cell => {
    if (cell === undefined) throw createDomainError('component_failed', path, { message: 'The context of an evaluation was used after it had ended.' });
    return cell;
  };
  const report = (code: Issue['code'], details = {}): void => {
    const { payee, period } = here();
    run.issues.push(createIssue(code, ['plans', plan.id, ...path], { hint: `payee ${payee.payee.id}, ${period.label}`, ...details }));
  };
  const memoKey = resultKey(plan.id, config.id);
  const memo = run.memos.get(memoKey) ?? new WeakMap<object, unknown>();
  run.memos.set(memoKey, memo);
  /** A measure that looks back must not count a period twice, however often it is asked for. */
  let derived: Map<string, Measured> | undefined;
  const selection = (within: Period | undefined): CreditSelection => {
    const { start: first, end: last, period, credits } = here();
    const start = within === undefined || within === period ? first : Math.max(first, readEpochDay(within.start));
    const end = within === undefined || within === period ? last : Math.min(last, readEpochDay(within.endExclusive));
    return { indexes: credits, componentId: config.id, start, end, whole: start <= first && end >= last };
  };
  const valueWith = (expression: ValueExpression, name: string, assignment: ReadAssignment): ExactValue | undefined => {
    if (typeof expression === 'string') {
      const key = tracing ? name + KEY_SEPARATOR + expression : expression;
      const known = run.literals.get(key) ?? arithmetic.exact(expression, { name });
      run.literals.set(key, known);
      return known;
    }
    const parameters = assignment.assignment.parameters;
    const missing: string[] = [];
    const value = resolveValue(
      expression,
      arithmetic,
      {
        currency: plan.currency,
        parameter: (parameter) => {
          const text = parameters !== undefined && Object.hasOwn(parameters, parameter) ? parameters[parameter] : undefined;
          if (text === undefined) missing.push(parameter);
          return text === undefined ? undefined : arithmetic.exact(text, { name: parameter, source: `assignments[${assignment.index}]` });
        },
        missing: (what) => {
          missing.push(what);
        },
      },
      name,
    );
    const [first] = missing;
    if (first !== undefined) report('missing_parameter', { expected: `a value for "${first}" in the assignment of ${here().payee.payee.id}`, received: first });
    else if (value === undefined) report('division_by_zero', { expected: `a divisor other than 0 for ${name}` });
    return value;
  };
  const plain = (measure: CreditMeasure, chosen: CreditSelection): Measured => {
    const known = prepared.get(measure) ?? prepareMeasure(measure, plan.currency, book, conversion);
    prepared.set(measure, known);
    return measureCredits(known, chosen, book, arithmetic, `Credited in ${context.period.label}`, tracing);
  };
  const predicates = new Map<CreditFilter, CreditPredicate>();
  const texts = new Map<Measure, string>();
  const textOf = (measure: Measure): string => {
    const text = texts.get(measure) ?? sortedJson(measure);
    texts.set(measure, text);
    return text;
  };
  const creditsOf = (where: CreditFilter | undefined, chosen: CreditSelection): readonly Credit[] => {
    const passes = where === undefined ? undefined : (predicates.get(where) ?? compileFilter(where));
    if (where !== undefined && passes !== undefined) predicates.set(where, passes);
    return sortedIndexes(chosen, book).flatMap((index): readonly Credit[] => {
      const credit = book.credits[index];
      return credit === undefined || credit.componentIds?.includes(config.id) === false || passes?.(credit) === false ? [] : [credit];
    });
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
    credits: (where, within) => creditsOf(where, selection(within)),
    measure: (measure, within) => {
      if (isCreditMeasure(measure)) return plain(measure, selection(within));
      const text = textOf(measure);
      const key = `${text} ${within?.start ?? ''} ${within?.endExclusive ?? ''}`;
      derived ??= new Map();
      const known = derived.get(key) ?? measureSelection(host, measure, selection(within), `~${text}`);
      derived.set(key, known);
      return known;
    },
    measureToDate: (measure, window, key) => measureWindow(host, measure, selection(window), window, key),
    groups: (by) =>
      groupCredits(selection(undefined), book, by).map(({ indexes, credit }) => {
        const own: CreditSelection = { ...selection(undefined), indexes, whole: true };
        return { creditId: credit.id, ...(credit.dealId === undefined ? {} : { dealId: credit.dealId }), measure: (measure) => measureSelection(host, measure, own, undefined) };
      }),
    value: (expression, name) => valueWith(expression, name, here().assignment),
    quota: (window) => quotaFor(here(), config.id, window, plan.currency),
    windows: (unit?: Exclude<AccumulationUnit, 'credit' | 'deal'>, range?: { readonly start: string; readonly endExclusive: string }) => {
      if (range !== undefined)
        return unit === 'plan' ? [PLAN_WINDOW] : listPeriods({ start: range.start, endExclusive: range.endExclusive }, { unit: unit ?? plan.period, calendar });
      if (unit === undefined || unit === plan.period) return [context.period];
      if (unit === 'plan') return [PLAN_WINDOW];
      const { start, end } = here();
      const known = windowsByUnit.get(unit);
      if (known !== undefined && known.start === start && known.end === end) return known.windows;
      const windows = listPeriods(context.segment, { unit, calendar });
      windowsByUnit.set(unit, { start, end, windows });
      return windows;
    },
    subdivide: (range, unit) => listPeriods({ start: range.start, endExclusive: range.endExclusive }, { unit, calendar }),
    accumulate: (key, window, amount) => {
      const before = totalOf(state, key, window);
      state.totals.set(key, { window: window.start, value: ratioAdd(before, ratioOf(amount)) });
      if (!tracing) return { before: exactValueOfRatio(before), toDate: before.n === 0n ? amount : arithmetic.sum([exactValueOfRatio(before), amount]) };
      const earlier = exactValueOfRatio(before, { name: `${key} earlier in ${window.label}` });
      return { before: earlier, toDate: before.n === 0n ? amount : arithmetic.sum([earlier, amount], { label: `To date in ${window.label}` }) };
    },
    runningTotals: (key, window) =>
      [...run.state.values()]
        .filter((other) => other.planId === plan.id && other.componentId === config.id && other.totals.get(key)?.window === window.start)
        .sort((a, b) => (a.payeeId < b.payeeId ? -1 : 1))
        .map((other) => ({ payeeId: other.payeeId, total: exactValueOfRatio(totalOf(other, key, window), { name: `${key} in ${window.label}`, source: other.payeeId }) })),
    // What the component's own gather returned: the component knows its type.
    gathered: <T>() => gathered as unknown as readonly Gathered<T>[],
    runningTotalOf: (reference, key, window) => {
      const planId = reference.planId ?? plan.id;
      const other = run.state.get(stateKey(here().payee.payee.id, planId, reference.componentId));
      return exactValueOfRatio(other === undefined ? RATIO_ZERO : totalOf(other, key, window), { name: `${key} of ${reference.componentId} in ${window.label}`, source: planId });
    },
    recall: (key, window) => {
      const note = state.notes?.get(key);
      return note !== undefined && note.window === window.start ? note.value : undefined;
    },
    remember: (key, window, value) => {
      state.notes ??= new Map();
      if (value === undefined) state.notes.delete(key);
      else state.notes.set(key, { window: window.start, value });
    },
    assignments: (window) => {
      const start = readEpochDay(window.start);
      const end = readEpochDay(window.endExclusive);
      return here()
        .payee.assignments.filter((other) => other.plan === plan && other.from < end && other.to > start)
        .sort((a, b) => a.from - b.from)
        .map((other) => ({ start: fromEpochDay(other.from), endExclusive: fromEpochDay(other.to), value: (expression, name) => valueWith(expression, name, other) }));
    },
    once: <T>(part: object, make: () => T): T => {
      if (memo.has(part)) return memo.get(part) as T;
      const made = make();
      memo.set(part, made);
      return made;
    },
    posted: (componentIds, options = {}) => {
      const { scope = 'plan', without } = options;
      const own = scope === 'plan' ? result.lines : resultsOfPayee(run, here()).flatMap((other) => other.lines);
      const lines = own.filter(
        (line) => (componentIds === undefined ? line.section !== 'allowance' : componentIds.includes(line.componentId)) && without?.includes(line.section) !== true,
      );
      return exactValueOfRatio(
        lines.reduce((sum, line) => ratioAdd(sum, line.amount), RATIO_ZERO),
        { name: 'posted so far', unit: plan.currency },
      );
    },
    postedParts: (componentIds) => result.lines.filter((line) => componentIds === undefined || componentIds.includes(line.componentId)).flatMap((line) => partsOfLine(line, plan)),
    resultOf: (reference, payeeId = here().payee.payee.id) => {
      const own = run.current().get(resultKey(payeeId, reference.planId ?? plan.id));
      return own === undefined ? undefined : componentResult(own, reference.componentId, plan.currency, arithmetic);
    },
    partsOf: (reference, payeeId) => {
      const planId = reference.planId ?? plan.id;
      const other = run.cellsOf.get(payeeId)?.find((candidate) => candidate.plan.id === planId)?.plan;
      const own = run.current().get(resultKey(payeeId, planId));
      if (own === undefined || other === undefined) return undefined;
      if (other.currency !== plan.currency) {
        report('currency_mismatch', {
          expected: `a plan in ${plan.currency}`,
          received: other.currency,
          hint: `${reference.componentId} of plan ${planId} is read for payee ${payeeId}`,
        });
        return [];
      }
      return own.flatMap((entry) => entry.lines.filter((line) => line.componentId === reference.componentId)).flatMap((line) => partsOfLine(line, other));
    },
    hierarchy: run.hierarchy,
    team: (depth) => {
      if (run.hierarchy !== undefined) return run.hierarchy.teamSpans(here().payee.payee.id, context.segment, depth);
      report('missing_key', { expected: 'a hierarchy in the input of the run', hint: 'who reports to whom is not known, so the team is empty' });
      return [];
    },
    measureOf: (measure, spans) => {
      const indexes = new Set<number>();
      for (const span of spans) {
        const start = readEpochDay(span.start);
        const end = span.endExclusive === null ? Number.POSITIVE_INFINITY : readEpochDay(span.endExclusive);
        for (const other of run.cellsOf.get(span.payeeId) ?? []) {
          for (const index of other.credits) if ((book.days[index] ?? Number.NaN) >= start && (book.days[index] ?? Number.NaN) < end) indexes.add(index);
        }
      }
      const chosen: CreditSelection = { indexes: Int32Array.from(indexes), componentId: config.id, start: 0, end: 0, whole: true };
      return isCreditMeasure(measure) ? plain(measure, chosen) : measureSelection(host, measure, chosen, undefined);
    },
    payeeIds: run.payeeIds,
    payeeOf: (payeeId) => run.payees.get(payeeId)?.payee,
    carried: () => state.carried,
    carry: (value) => {
      state.carried = value;
    },
    attain: (window, measured, quota) => {
      const exact = { measured: ratioOf(measured), quota: quota === undefined ? undefined : ratioOf(quota) };
      result.attainment.push(attainmentEntry(plan.id, config.id, window, exact.measured, exact.quota, arithmetic));
      result.attained ??= new Map();
      result.attained.set(config.id, exact);
    },
    rounding: roundingOf(plan),
    dealEvents: (dealId) => {
      const { end } = here();
      return (run.dealEvents.byDeal.get(dealId) ?? []).filter((event) => readEpochDay(event.on) < end);
    },
    creditOf: run.creditOf,
    reversals: () => {
      const { reversals } = here();
      return reversals === undefined
        ? []
        : sortedIndexes({ ...selection(undefined), indexes: Int32Array.from(reversals), whole: true }, book).flatMap((index) => book.credits.slice(index, index + 1));
    },
    balance: (name, amount) => {
      result.balances.set(config.id + KEY_SEPARATOR + name, { componentId: config.id, name, amount: ratioOf(amount) });
    },
    toText: (value) => ratioToText(ratioOf(value)),
    fromText: (text, origin) => {
      const ratio = typeof text === 'string' ? ratioFromText(text) : undefined;
      if (ratio === undefined) throw createDomainError('invalid_decimal', [...path, 'carried'], { expected: `what an earlier run left as ${origin.name}`, received: text });
      return exactValueOfRatio(ratio, origin);
    },
    isWithin: (date, range) => typeof date === 'string' && !Number.isNaN(readEpochDay(date)) && date >= range.start && date < range.endExclusive,
    post: (amount, note) => ({ amount, ...note }),
    report,
  };
  const enter = (next: Cell, into: CellResult): void => {
    cell = next;
    derived = undefined;
    result = into;
    state = liveState(run, next, config.id);
    context.payee = next.payee.payee;
    context.period = next.period;
    context.segment = segmentOf(next);
    context.wantsParts = into.keepsParts;
  };
  /** A component of the user's own may fail; one payee's failure must not take the others down. */
  const attempt = <T>(call: () => T): { readonly value: T } | undefined => {
    try {
      return { value: call() };
    } catch (error) {
      const message = error instanceof Error ? error.message : 'The component failed.';
      report('component_failed', { message: `${component.kind} "${config.id}": ${message}`.slice(0, 500) });
      return undefined;
    }
  };
  const host: MeasureHost = { context, plain, credits: creditsOf, forever: PLAN_WINDOW };
  return {
    gather: (next, into) => {
      enter(next, into);
      const brought = attempt(() => component.gather?.(config, context));
      if (brought !== undefined) gathered.push({ payeeId: next.payee.payee.id, segment: context.segment, value: brought.value });
      cell = undefined;
    },
    evaluate: (next, into) => {
      enter(next, into);
      const postings = attempt(() => component.evaluate(config, context))?.value ?? [];
      for (const posting of run.detail === 'statement' && !into.keepsParts ? mergePostings(postings) : postings) {
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
export function liveState(run: RunContext, cell: Cell, componentId: string): LiveState {
  const known = cell.assignment.states.get(componentId);
  if (known !== undefined) return known;
  const payeeId = cell.payee.payee.id;
  const key = stateKey(payeeId, cell.plan.id, componentId);
  const state = run.state.get(key) ?? { payeeId, planId: cell.plan.id, componentId, totals: new Map() };
  run.state.set(key, state);
  cell.assignment.states.set(componentId, state);
  return state;
}

/** What the cells of a payee have come to so far in this period, in the currency of a cell's plan. */
function resultsOfPayee(run: RunContext, cell: Cell): readonly CellResult[] {
  const { payee, assignments } = cell.payee;
  const keys = assignments.filter((other) => other.plan.currency === cell.plan.currency).map((other) => resultKey(payee.id, other.plan.id));
  return [...new Set(keys)].sort().flatMap((key) => run.current().get(key) ?? []);
}

/** A line deal by deal: rounded by cumulative difference, the last part taking the rest, so that the parts sum to the line. */
export function partsOfLine(line: RoundedLine, plan: Cell['plan']): readonly PostedPart[] {
  const { componentId, section, rate, parts, unrounded } = line;
  const whole = { componentId, section, amount: exactValueOfRatio(line.amount, { name: line.label, unit: plan.currency }) };
  if (parts.length === 0) return [whole];
  const weights = parts.map((part) => part.amount ?? (rate === undefined ? part.basis : (amountOfPart(part, rate) ?? part.basis)));
  const sum = weights.reduce(ratioAdd, RATIO_ZERO);
  if (unrounded !== undefined && ratioCompare(sum, unrounded.amount) === 0) return roundParts(line, plan, weights, unrounded.before);
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
      ...(part.on === undefined ? {} : { on: part.on }),
      amount: exactValueOfRatio(amount, { name: line.label, unit: plan.currency, source: part.dealId ?? part.creditId }),
    };
  });
}

/** Parts whose amounts are known: rounded as if each were a line of its own, so that a statement with a line for every credit gives the same. */
function roundParts(line: RoundedLine, plan: Cell['plan'], amounts: readonly Ratio[], before: Ratio): readonly PostedPart[] {
  const rounding = roundingOf(plan);
  let running = before;
  let rounded = ratioRound(running, rounding);
  return line.parts.map((part, index) => {
    running = ratioAdd(running, amounts[index] ?? RATIO_ZERO);
    const next = ratioRound(running, rounding);
    const amount = ratioSubtract(next, rounded);
    rounded = next;
    return {
      componentId: line.componentId,
      section: line.section,
      creditId: part.creditId,
      ...(part.dealId === undefined ? {} : { dealId: part.dealId }),
      ...(part.on === undefined ? {} : { on: part.on }),
      amount: exactValueOfRatio(amount, { name: line.label, unit: plan.currency, source: part.dealId ?? part.creditId }),
    };
  });
}

function componentResult(results: readonly CellResult[], componentId: string, currency: string, arithmetic: ExactArithmetic): ComponentResult {
  const posted = results.flatMap((result) => result.lines).reduce((sum, line) => (line.componentId === componentId ? ratioAdd(sum, line.amount) : sum), RATIO_ZERO);
  const { measured, quota } = results.flatMap((result) => result.attained?.get(componentId) ?? []).at(-1) ?? {};
  const attainment =
    measured === undefined || quota === undefined || quota.n === 0n
      ? undefined
      : arithmetic.divide(exactValueOfRatio(measured, { name: `measured by ${componentId}` }), exactValueOfRatio(quota, { name: 'quota' }), {
          label: `Attainment of ${componentId}`,
          unit: 'fraction',
        });
  return { posted: exactValueOfRatio(posted, { name: componentId, unit: currency }), attainment };
}

/** How a plan rounds payable lines. */
export function roundingOf(plan: Cell['plan']): { readonly scale: number; readonly mode: RoundingMode } {
  return { scale: (plan.rounding?.scale ?? exponentOf(plan.currency)) + 0, mode: plan.rounding?.mode ?? 'half-up' };
}

function totalOf(state: LiveState, key: string, window: Period): Ratio {
  const stored = state.totals.get(key);
  return stored !== undefined && stored.window === window.start ? stored.value : RATIO_ZERO;
}

/** The quotas that lie within a window, if together they cover it, or the days of it on the plan; one that is given for the component goes before one for all. */
function quotaFor(cell: Cell, componentId: string, window: Period, currency: string): ExactValue | undefined {
  const { quotas, assignments } = cell.payee;
  if (quotas.length === 0) return undefined;
  const start = readEpochDay(window.start);
  const end = readEpochDay(window.endExclusive);
  const found = quotaOfDays(quotas, componentId, start, end) ?? quotaOfAssigned(quotas, componentId, start, end, assignments, cell.plan);
  return found === undefined ? undefined : exactValueOfRatio(found, { name: 'quota', unit: currency, source: window.label });
}

function quotaOfDays(quotas: readonly ReadQuota[], componentId: string, start: number, end: number): Ratio | undefined {
  for (const wanted of [componentId, undefined]) {
    const within = quotas.filter((quota) => quota.componentId === wanted && quota.start >= start && quota.end <= end);
    const exact = within.filter((quota) => quota.start === start && quota.end === end);
    const chosen = exact.length > 0 ? exact.slice(-1) : within;
    const days = chosen.reduce((sum, quota) => sum + quota.end - quota.start, 0);
    if (chosen.length > 0 && days === end - start) return chosen.reduce((sum, quota) => ratioAdd(sum, quota.amount), RATIO_ZERO);
  }
  return undefined;
}

/** Somebody who joined in March needs no quota for January. */
function quotaOfAssigned(
  quotas: readonly ReadQuota[],
  componentId: string,
  start: number,
  end: number,
  assignments: readonly ReadAssignment[],
  plan: Cell['plan'],
): Ratio | undefined {
  const own = assignments.filter((assignment) => assignment.plan === plan && assignment.from < end && assignment.to > start);
  const from = own.reduce((first, assignment) => Math.min(first, assignment.from), end);
  const to = own.reduce((last, assignment) => Math.max(last, assignment.to), start);
  return from <= start && to >= end ? undefined : quotaOfDays(quotas, componentId, Math.max(start, from), Math.min(end, to));
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

/** Postings of one section and window as one, where nobody will see them apart: rounding by cumulative difference gives the same sum. */
function mergePostings(postings: readonly Posting[]): readonly Posting[] {
  const [first] = postings;
  if (first === undefined || postings.length === 1) return postings;
  let sum = RATIO_ZERO;
  for (const posting of postings) {
    if (posting.section !== first.section || posting.roundingWindow !== first.roundingWindow || posting.entryType !== undefined || posting.memo !== undefined) return postings;
    sum = ratioAdd(sum, ratioOf(posting.amount));
  }
  const { label, section, roundingWindow } = first;
  return [{ amount: exactValueOfRatio(sum), label, ...(section === undefined ? {} : { section }), ...(roundingWindow === undefined ? {} : { roundingWindow }) }];
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
  if (run.detail === 'statement' && posting.parts === undefined && posting.entryType === undefined && posting.memo === undefined) {
    return {
      componentId: config.id,
      kind: component.kind,
      section: posting.section ?? component.section ?? 'bonus',
      label,
      amount,
      parts: NO_PARTS,
      unrounded: { before, amount: ratioOf(posting.amount) },
    };
  }
  const line = {
    componentId: config.id,
    kind: component.kind,
    section: posting.section ?? component.section ?? 'bonus',
    label,
    amount,
    parts: posting.parts ?? [],
    unrounded: { before, amount: ratioOf(posting.amount) },
    ...(posting.entryType === undefined ? {} : { entryType: posting.entryType }),
    ...(posting.memo === undefined ? {} : { memo: posting.memo }),
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
