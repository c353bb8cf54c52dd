import type { Period } from '../calendar/period.js';
import type { PlainDate } from '../calendar/plain-date.js';
import type { RoundingMode } from '../decimal/rounding.js';
import type { ExactArithmetic, ExactValue, ValueOrigin } from '../decimal/traced-arithmetic.js';
import type { Issue, IssueDetails } from '../errors/issue.js';
import type { TeamDepth } from '../organization/hierarchy.js';
import type { HierarchyReader, TeamSpan } from '../organization/hierarchy-reader.js';
import type { Credit } from './credit.js';
import type { DealEventRecord } from './deal-event.js';
import type { CreditFilter } from './filter.js';
import type { LedgerEntryType } from './ledger.js';
import type { Measure } from './measure.js';
import type { Payee } from './payee.js';
import type { PlanPeriodUnit } from './plan.js';
import type { StatementSection } from './statement.js';
import type { CreditPart, MeasuredCredit } from './tier-band.js';
import type { ValueExpression } from './value-expression.js';

/**
 * When in a payee's period a component runs: first everything is earned, then caps, holdbacks, releases, clawbacks, draws and negative carry.
 * Within a phase components run in the order of the plan.
 *
 * @category compensation
 */
export type ComponentPhase = 'earn' | 'cap' | 'hold' | 'release' | 'clawback' | 'draw' | 'carry';

/**
 * The phases in their order.
 *
 * @category compensation
 */
export const COMPONENT_PHASES: readonly ComponentPhase[] = ['earn', 'cap', 'hold', 'release', 'clawback', 'draw', 'carry'];

/**
 * The accumulation window of a component: a single credit (one line of a sale), a single deal, a period, or the whole time on the plan.
 *
 * @category compensation
 */
export type AccumulationUnit = 'credit' | 'deal' | PlanPeriodUnit | 'plan';

/**
 * What a component wants to pay. Not rounded: the engine rounds, by cumulative difference, so that parts sum to the rounded whole.
 *
 * @category compensation
 */
export interface Posting {
  /** Exact, not rounded. */
  readonly amount: ExactValue;
  /** What the line says. */
  readonly label: string;
  /** Section of the line; default: that of the component. */
  readonly section?: StatementSection;
  /** What the rate applies to. */
  readonly basis?: ExactValue;
  /** Unit of the basis: a currency, `units`, `deals`, … */
  readonly basisUnit?: string;
  /** The rate. */
  readonly rate?: ExactValue;
  /** Which part of the plan asks for it. */
  readonly planPath?: string;
  /** The parts of credits that it consists of. */
  readonly parts?: readonly CreditPart[];
  /** Rounding residue is carried within this window; default: the statement's period. */
  readonly roundingWindow?: Period;
  /** What the ledger records; default: by the section of the line. */
  readonly entryType?: LedgerEntryType;
  /** An amount that is recorded and not paid: forgiven, forfeited, cancelled. */
  readonly memo?: ExactValue;
}

/**
 * What describes a posting beside its amount.
 *
 * @category compensation
 */
export type PostingNote = Omit<Posting, 'amount'>;

/**
 * A measure evaluated for a payee and a range of days.
 *
 * @category compensation
 */
export interface Measured {
  /** The whole. Zero where the measure is not defined; see `unknown`. */
  readonly total: ExactValue;
  /** The credits it consists of, in the declared order: day, deal id, credit id. Empty for measures that are not made of credits (a ratio, an attainment). */
  readonly credits: () => readonly MeasuredCredit[];
  /** Why the measure has no value (a ratio to zero, an average of nothing); absent where it has one. */
  readonly unknown?: string;
}

/**
 * A measure followed through a window, across statements.
 *
 * @category compensation
 */
export interface MeasuredToDate {
  /** Its value in the window before the credits of this segment. */
  readonly before: ExactValue;
  /** Its value in the window with them. For a ratio or an average that of all credits of the window, not a sum of parts. */
  readonly toDate: ExactValue;
  /** The credits of this segment that it consists of, in the declared order. */
  readonly credits: () => readonly MeasuredCredit[];
  /** Why the measure has no value; absent where it has one. */
  readonly unknown?: string;
}

/**
 * The credits of one deal, or one credit by itself, to be measured apart.
 *
 * @category compensation
 */
export interface CreditGroup {
  /** Absent for a credit without a deal. */
  readonly dealId?: string;
  /** The first credit, which stands for the group where there is no deal. */
  readonly creditId: string;
  /** Evaluates a measure over the credits of the group. */
  readonly measure: (measure: Measure) => Measured;
}

/**
 * Days for which a payee is on a plan with one set of parameters.
 *
 * @category compensation
 */
export interface AssignmentSpan {
  /** First day. */
  readonly start: PlainDate;
  /** First day no longer; far in the future while the assignment goes on. */
  readonly endExclusive: PlainDate;
  /** Evaluates a number of the plan with the parameters of that assignment. */
  readonly value: (expression: ValueExpression, name: string) => ExactValue | undefined;
}

/**
 * What a running total was before, and is with, the amount just added.
 *
 * @category compensation
 */
export interface RunningTotal {
  /** Before. */
  readonly before: ExactValue;
  /** With the amount just added. */
  readonly toDate: ExactValue;
}

/**
 * What a component came to for a payee in the period, as other components see it.
 *
 * @category compensation
 */
export interface ComponentResult {
  /** Posted by it in this period; rounded, in plan currency. */
  readonly posted: ExactValue;
  /** Attainment in its latest window, or undefined if it has none. */
  readonly attainment: ExactValue | undefined;
}

/**
 * What a line pays for one deal, as later phases see it.
 *
 * @category compensation
 */
export interface PostedPart {
  /** The component. */
  readonly componentId: string;
  /** Section of the statement. */
  readonly section: StatementSection;
  /** The credit. */
  readonly creditId?: string;
  /** The deal. */
  readonly dealId?: string;
  /** The day of the credit, where the line tells it because the credit may be of an earlier run. */
  readonly on?: PlainDate;
  /** Rounded, in plan currency; the parts of a line sum to the line. */
  readonly amount: ExactValue;
}

/**
 * Which postings are summed beside the choice of components.
 *
 * @category compensation
 */
export interface PostedOptions {
  /** Of this plan (default), or of all plans of the payee in the same currency and period. */
  readonly scope?: 'plan' | 'payee';
  /** Sections left out. */
  readonly without?: readonly StatementSection[];
}

/**
 * Days of a payee.
 *
 * @category compensation
 */
export interface PayeeSpan {
  /** Who. */
  readonly payeeId: string;
  /** First day. */
  readonly start: PlainDate;
  /** First day no longer; `null` if it has no end. */
  readonly endExclusive: PlainDate | null;
}

/**
 * Everything a component may use: the facts of one payee and period, exact arithmetic that explains itself, and what it carried over.
 * Components have nothing else, built-in ones included.
 *
 * @category compensation
 */
export interface EvaluationContext extends ExactArithmetic {
  /** The payee. */
  readonly payee: Payee;
  /** Id of the component in the plan. */
  readonly componentId: string;
  /** The plan. */
  readonly planId: string;
  /** Currency of the plan. */
  readonly currency: string;
  /** Length of the plan's periods. */
  readonly periodUnit: PlanPeriodUnit;
  /** The period that the statement is for. */
  readonly period: Period;
  /** The part of it during which the payee is on the plan with these parameters. */
  readonly segment: Period;
  /** Where the component stands in the plan, for `planPath`. */
  readonly path: readonly (string | number)[];
  /** Whether postings should list the parts of credits (false with detail `statement`). */
  readonly wantsParts: boolean;
  /** The eligible credits of the segment, in the declared order; those that pass a filter, within a range of days. */
  readonly credits: (where?: CreditFilter, within?: Period) => readonly Credit[];
  /** Evaluates a measure over the segment, or the part of it that lies within a range. */
  readonly measure: (measure: Measure, within?: Period) => Measured;
  /** Evaluates a measure over the segment and follows it through a window, across periods. One `key` for each measure that a component follows. */
  readonly measureToDate: (measure: Measure, window: Period, key: string) => MeasuredToDate;
  /** The eligible credits deal by deal, or one by one, in the declared order. */
  readonly groups: (by: 'credit' | 'deal') => readonly CreditGroup[];
  /** Evaluates a number of the plan. A parameter without a value is reported, and gives undefined. */
  readonly value: (expression: ValueExpression, name: string) => ExactValue | undefined;
  /** The payee's quota for a window from the quotas given, or undefined if they do not cover it. */
  readonly quota: (window: Period) => ExactValue | undefined;
  /** The windows of a unit that the segment (or another range of days) touches, in order of time; without a unit, the statement's period. */
  readonly windows: (unit?: Exclude<AccumulationUnit, 'credit' | 'deal'>, range?: { readonly start: PlainDate; readonly endExclusive: PlainDate }) => readonly Period[];
  /** The periods of a unit that touch some days, by the calendar of the plan, in order of time. */
  readonly subdivide: (range: Period, unit: PlanPeriodUnit) => readonly Period[];
  /** Adds to a running total that lives as long as its window, across periods. */
  readonly accumulate: (key: string, window: Period, amount: ExactValue) => RunningTotal;
  /** A running total of this component, as `accumulate` keeps it, for every payee who has one in the window, also those who are no longer on the plan; by payee id. */
  readonly runningTotals: (key: string, window: Period) => readonly PayeeTotal[];
  /** What the component's own `gather` returned for the payees of the plan in this period, by payee id and segment; one list for all of them. */
  readonly gathered: <T = unknown>() => readonly Gathered<T>[];
  /** A running total of another component of this payee, zero if it has none in the window; name the component in `dependsOn`. */
  readonly runningTotalOf: (reference: ComponentReference, key: string, window: Period) => ExactValue;
  /** JSON kept under a key as long as its window, across periods. */
  readonly recall: (key: string, window: Period) => unknown;
  /** Keeps JSON under a key as long as its window, across periods. */
  readonly remember: (key: string, window: Period, value: unknown) => void;
  /** The payee's assignments to this plan that touch a window, in order of time. */
  readonly assignments: (window: Period) => readonly AssignmentSpan[];
  /** Makes something from a part of the config once, for all payees and periods. */
  readonly once: <T>(part: object, make: () => T) => T;
  /** What has been posted so far in this period by the given components, or by all without allowances, which are not pay; rounded, in plan currency. */
  readonly posted: (componentIds?: readonly string[], options?: PostedOptions) => ExactValue;
  /** What has been posted so far in this period by the given components, or by all, deal by deal. Needs `needsParts` on the component. */
  readonly postedParts: (componentIds?: readonly string[]) => readonly PostedPart[];
  /** What another component came to in this period, for this payee or another; name it in `dependsOn`. Undefined if the payee is not on the plan. */
  readonly resultOf: (reference: ComponentReference, payeeId?: string) => ComponentResult | undefined;
  /**
   * What another component posted in this period, deal by deal, for this payee or another; name it in `dependsOn`, and set `needsParts`. Undefined if the payee is
   * not on the plan.
   */
  readonly partsOf: (reference: ComponentReference, payeeId: string) => readonly PostedPart[] | undefined;
  /** Who reports to whom, if the run was given a hierarchy. Set `readsOthers` on a component that uses it. */
  readonly hierarchy: HierarchyReader | undefined;
  /** Who reports to the payee within the segment, and when. Without a hierarchy that is reported, and the team is empty. Default depth `direct`. */
  readonly team: (depth?: TeamDepth) => readonly TeamSpan[];
  /** Evaluates a measure over the credits of some payees on some days, whatever their plans: each credit once. */
  readonly measureOf: (measure: Measure, spans: readonly PayeeSpan[]) => Measured;
  /** The payees who are on a plan in this period, by id. */
  readonly payeeIds: () => readonly string[];
  /** A payee of the run, by id. */
  readonly payeeOf: (payeeId: string) => Payee | undefined;
  /** JSON that the component left for itself in an earlier period. */
  readonly carried: () => unknown;
  /** Leaves JSON for the next period. */
  readonly carry: (value: unknown) => void;
  /** Records attainment on the statement. */
  readonly attain: (window: Period, measured: ExactValue, quota: ExactValue | undefined) => void;
  /** How the plan rounds payable amounts. */
  readonly rounding: { readonly scale: number; readonly mode: RoundingMode };
  /** What happened to a deal before the end of the segment, in the order of day and id; also what earlier runs were given. */
  readonly dealEvents: (dealId: string) => readonly DealEventRecord[];
  /** A credit of the run, by id; credits of earlier runs are not known. */
  readonly creditOf: (creditId: string) => Credit | undefined;
  /** The refund credits of the segment that no measure counts, because the plan keeps quota retired; in the declared order. */
  readonly reversals: () => readonly Credit[];
  /** Shows a balance on the statement: pay not released yet, a debt, a negative carry. Zero takes it off again. */
  readonly balance: (name: string, amount: ExactValue) => void;
  /** An exact value as text for `carry`: a decimal, or a fraction `n/d`. */
  readonly toText: (value: ExactValue) => string;
  /** What `toText` wrote. Zero for a text that it cannot have written is never assumed: that throws. */
  readonly fromText: (text: unknown, origin: ValueOrigin) => ExactValue;
  /** Whether a date is within a period; false for anything that is no date. */
  readonly isWithin: (date: unknown, period: { readonly start: PlainDate; readonly endExclusive: PlainDate }) => boolean;
  /** Makes a posting. */
  readonly post: (amount: ExactValue, note: PostingNote) => Posting;
  /** Reports a problem beside the results. */
  readonly report: (code: Issue['code'], details?: IssueDetails) => void;
}

/**
 * What a payee brings to something that a component shares among payees: a score in a contest, claims on a common pool.
 *
 * @typeParam T - what the component's `gather` returns
 * @category compensation
 */
export interface Gathered<T = unknown> {
  /** Who brought it. */
  readonly payeeId: string;
  /** The part of the period during which they are on the plan with one set of parameters; a payee may have several. */
  readonly segment: Period;
  /** What `gather` returned. */
  readonly value: T;
}

/**
 * A running total of one payee.
 *
 * @category compensation
 */
export interface PayeeTotal {
  /** The payee. */
  readonly payeeId: string;
  /** To date in the window. */
  readonly total: ExactValue;
}

/**
 * A component that another one reads: of the same plan unless `planId` says otherwise.
 *
 * @category compensation
 */
export interface ComponentReference {
  /** Its plan; default: the plan of the component that reads it. */
  readonly planId?: string;
  /** The component. */
  readonly componentId: string;
}

/**
 * Makes an issue at a place in the component's config.
 *
 * @category compensation
 */
export type ConfigIssue = (path: string | readonly (string | number)[], code: Issue['code'], received?: unknown, details?: Omit<IssueDetails, 'received'>) => Issue;

/**
 * A kind of plan component: how its config is checked, what it pays, how it is described. Made by {@link defineComponent}; plans name it by `kind`.
 *
 * @typeParam Kind - the literal that plans use
 * @typeParam Config - the shape of its config in a plan
 * @category compensation
 */
export interface PlanComponent<Kind extends string = string, Config extends object = object> {
  /** The name by which plans ask for it. */
  readonly kind: Kind;
  /** Default `earn`. */
  readonly phase?: ComponentPhase;
  /** Section of its lines. Default `bonus`. */
  readonly section?: StatementSection;
  /** The keys of its config: any other key in a plan is an error. Without it keys are checked by types alone. */
  readonly keys?: readonly string[];
  /** Whether it reads anything about other payees (their results, their credits, a common pool); the content hash then covers them all. */
  readonly readsOthers?: boolean | { read(config: Config): boolean }['read'];
  /** Whether it reads what others posted deal by deal; lines then keep their parts even where the statement does not show them. */
  readonly needsParts?: boolean;
  /** The components whose results it reads; they are evaluated first, for all payees. A cycle is an error. */
  dependsOn?(config: Config): readonly ComponentReference[];
  /** Every problem in a config of unknown shape that came from JSON; empty if there is none. */
  check?(config: Config, issue: ConfigIssue): readonly Issue[];
  /**
   * What a payee brings to something shared among payees. It runs for every payee of the plan in a period before `evaluate` runs for the first of them, which
   * finds all of it in `gathered`. What it accumulates counts: leave it to one of the two. Set `readsOthers` with it.
   */
  gather?(config: Config, context: EvaluationContext): unknown;
  /** What it pays for one payee and period. */
  evaluate(config: Config, context: EvaluationContext): readonly Posting[];
  /** One or two sentences for the seller. */
  describe?(config: Config, plan: { readonly currency: string }): string;
  /** For type inference only; never set. */
  readonly configType?: Config;
}

/**
 * Defines a kind of plan component with the same powers as the built-in ones.
 *
 * @param component - kind, check, evaluate, and what else it brings
 * @returns the same value, typed
 * @example
 * ```ts
 * import { builtInComponents, createCompensationEngine, defineComponent } from 'dealwright/compensation';
 * const perDeal = defineComponent<'per-deal', { amount: string }>({
 *   kind: 'per-deal',
 *   evaluate: (config, { exact, multiply, measure, post }) => [post(multiply([exact(config.amount), measure({ count: 'deals' }).total]), { label: 'Per deal' })],
 * });
 * const engine = createCompensationEngine([...builtInComponents, perDeal]);
 * engine.kinds.includes('per-deal'); // => true
 * ```
 * @category compensation
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineComponent<Kind extends string, Config extends object>(component: PlanComponent<Kind, Config>): PlanComponent<Kind, Config> {
  return component;
}
