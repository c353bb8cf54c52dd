import { fromEpochDay } from '../calendar/epoch-day.js';
import { readEventTime } from '../calendar/instant.js';
import type { CalendarOptions, PeriodInput } from '../calendar/period.js';
import type { EventTime } from '../deals/deal-event.js';
import { checkId, checkList, checkOneOf, checkRecord, type IssueSink } from '../errors/checks.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { type ProportionInterval, wilsonInterval } from '../stats/proportion-interval.js';
import { checkDeals, checkOptions, checkPeriod, type DayRange, raise } from './call-options.js';
import { type Cut, checkCut } from './cut.js';
import { dayOf, daysBetween } from './deal-path.js';
import { type DurationSummary, summarizeCounts } from './duration-summary.js';
import {
  addDays,
  bump,
  countIn,
  daysIn,
  findRow,
  type MergeableState,
  type MergeableTally,
  mergeableTally,
  rowOf,
  type TallyRows,
  type TallySpec,
  tallyOnce,
} from './mergeable-tally.js';
import { checkLevel } from './stage-conversion.js';

/**
 * A step that a buyer has taken.
 *
 * @category pipelines
 */
export interface FunnelStep {
  /** Which step. */
  readonly step: string;
  /** When. */
  readonly at: EventTime;
}

/**
 * A buyer on the way from stranger to customer. The steps are the buyer's; what a seller does with a deal is a pipeline.
 *
 * @category pipelines
 */
export interface FunnelBuyer {
  /** The buyer: a visitor, a lead, a contact, an account. */
  readonly id: string;
  /** The steps taken, in any order; of several times the first counts. */
  readonly steps: readonly FunnelStep[];
}

/**
 * Options of {@link summarizeFunnel}.
 *
 * @category pipelines
 */
export interface FunnelOptions extends CalendarOptions {
  /** The steps in order, at least two. */
  readonly steps: readonly string[];
  /** The cut, exclusive: steps taken at or after it do not count. */
  readonly asOf: EventTime;
  /** `passed-through` (default): who took a later step has passed through the earlier ones. `literal`: only recorded steps count. */
  readonly entered?: 'passed-through' | 'literal';
  /** Only buyers whose first step of the funnel lies in it. Default: all. */
  readonly period?: PeriodInput;
  /** By whose calendar dates are read. Default `'UTC'`. */
  readonly timeZone?: string;
  /** Confidence level of the intervals. Default 0.95. */
  readonly level?: number;
}

/**
 * One step of a funnel.
 *
 * @category pipelines
 */
export interface FunnelStepSummary {
  /** The step. */
  readonly step: string;
  /** Buyers who took it. */
  readonly buyers: number;
  /** Of those who took the step before, the share that took this one too, with Wilson's interval; `null` for the first step. */
  readonly fromPrevious: FunnelRate | null;
  /** Of those who took the first step, the share that took this one too; `null` for the first step. */
  readonly fromFirst: FunnelRate | null;
  /** Time since the step before, of those for whom both are recorded; negative ones are left out. */
  readonly sincePrevious: DurationSummary;
}

/**
 * A share of buyers.
 *
 * @category pipelines
 */
export interface FunnelRate {
  /** numerator / denominator; `null` with a reason. */
  readonly value: number | null;
  /** Buyers who took both steps. */
  readonly numerator: number;
  /** Buyers who took the earlier one. */
  readonly denominator: number;
  /** Wilson's interval; `null` without buyers. */
  readonly interval: ProportionInterval | null;
  /** Why the value is `null`; absent otherwise. */
  readonly reason?: 'nobody-before';
}

/**
 * A funnel of buyers.
 *
 * @category pipelines
 */
export interface Funnel {
  /** The cut. */
  readonly asOf: EventTime;
  /** What counted as having taken a step. */
  readonly entered: 'passed-through' | 'literal';
  /** Buyers who took any step. */
  readonly buyers: number;
  /** The steps in order. */
  readonly steps: readonly FunnelStepSummary[];
  /** Buyers that could not be read. */
  readonly setAside: number;
  /** Why; paths begin with the index of the buyer. */
  readonly issues: readonly Issue[];
}

interface FunnelCall {
  readonly steps: readonly string[];
  readonly places: ReadonlyMap<string, number>;
  readonly cut: Cut;
  readonly entered: 'passed-through' | 'literal';
  readonly window: DayRange | undefined;
  readonly level: number;
}

function readCall(options: unknown, issues: IssueSink): FunnelCall | undefined {
  const record = checkOptions(options, ['steps', 'asOf', 'entered', 'period', 'calendar', 'timeZone', 'level'], issues);
  const places = new Map<string, number>();
  const list = record.steps === undefined ? undefined : checkList(record.steps, ['steps'], issues, { min: 2, expected: 'a list of at least two step names' });
  if (record.steps === undefined) issues.push(createIssue('missing_key', ['steps'], { expected: 'the steps in order' }));
  if (list !== undefined && list.length > 1_000) issues.push(createIssue('too_long', ['steps'], { expected: 'at most 1000 steps', received: list }));
  for (const [index, name] of (list ?? []).slice(0, 1_000).entries()) {
    const step = checkId(name, ['steps', index], issues);
    if (step === undefined) continue;
    if (places.has(step)) issues.push(createIssue('duplicate_id', ['steps', index], { received: step }));
    places.set(step, index);
  }
  const cut = checkCut(record.asOf, record.timeZone, undefined, ['asOf'], issues);
  const entered = record.entered === undefined ? 'passed-through' : checkOneOf(record.entered, ['passed-through', 'literal'], ['entered'], issues);
  const window = checkPeriod(record, issues);
  const level = checkLevel(record, issues);
  if (issues.length > 0 || cut === undefined || entered === undefined) return undefined;
  return { steps: [...places.keys()], places, cut, entered, window, level };
}

const ALL = ['buyers'];

function specOf(call: FunnelCall): TallySpec<Omit<Funnel, 'issues'>> {
  const { steps, cut, entered, window } = call;
  return {
    kind: 'funnel',
    settings: {
      steps: JSON.stringify(steps),
      asOf: cut.asOf,
      timeZone: cut.timeZone,
      entered,
      periodStart: window === undefined ? null : fromEpochDay(window.start),
      periodEnd: window === undefined ? null : fromEpochDay(window.end),
    },
    names: ['buyers', 'both', 'first', 'since'],
    read: (item, index, rows, issues) => addBuyer(item, index, call, rows, issues),
    finish: (state) => funnelOf(state, call),
  };
}

function addBuyer(item: unknown, index: number, call: FunnelCall, rows: TallyRows, issues: IssueSink): void {
  const { places, cut, entered, window, steps } = call;
  const found: IssueSink = [];
  const buyer = checkRecord(item, [index], found, 'a buyer: { id, steps }');
  if (buyer !== undefined) checkId(buyer.id, [index, 'id'], found);
  const times: (EventTime | undefined)[] = steps.map(() => undefined);
  for (const [at, entry] of (buyer === undefined ? [] : (checkList(buyer.steps, [index, 'steps'], found) ?? [])).entries()) {
    const path = [index, 'steps', at];
    const step = checkRecord(entry, path, found, 'a step: { step, at }');
    if (step === undefined) break;
    const place = typeof step.step === 'string' ? places.get(step.step) : undefined;
    const when = readEventTime(step.at, [...path, 'at']);
    if (place === undefined) found.push(createIssue('unknown_reference', [...path, 'step'], { expected: `one of ${steps.slice(0, 20).join(', ')}`, received: step.step }));
    if (typeof when !== 'string') found.push(when);
    if (place === undefined || typeof when !== 'string') break;
    const before = times[place];
    if (cut.timeOf(when) < cut.time && (before === undefined || cut.timeOf(when) < cut.timeOf(before))) times[place] = when;
  }
  if (found.length > 0) {
    issues.push(...found);
    rows.setAside += 1;
    return;
  }
  const last = times.reduce((latest, time, place) => (time === undefined ? latest : place), -1);
  const first = times.find((time) => time !== undefined);
  if (last < 0 || first === undefined) return;
  const day = dayOf(first, cut);
  if (window !== undefined && !(day >= window.start && day < window.end)) return;
  bump(rowOf(rows, ALL), 'buyers');
  const took = (place: number): boolean => (entered === 'literal' ? times[place] !== undefined : place <= last);
  for (let place = 0; place < steps.length; place += 1) {
    if (!took(place)) continue;
    const row = rowOf(rows, ['step', steps[place] ?? '']);
    bump(row, 'buyers');
    if (place > 0 && took(place - 1)) bump(row, 'both');
    if (place > 0 && took(0)) bump(row, 'first');
    const [from, to] = [times[place - 1], times[place]];
    if (place === 0 || from === undefined || to === undefined) continue;
    const days = daysBetween(from, to, cut);
    if (days >= 0) addDays(row, 'since', days);
  }
}

function funnelOf(state: MergeableState, call: FunnelCall): Omit<Funnel, 'issues'> {
  const rows = call.steps.map((step) => findRow(state, ['step', step]));
  const rate = (numerator: number, denominator: number): FunnelRate =>
    denominator === 0
      ? { value: null, numerator, denominator, interval: null, reason: 'nobody-before' }
      : { value: numerator / denominator, numerator, denominator, interval: wilsonInterval(numerator, denominator, { level: call.level }) };
  return {
    asOf: call.cut.asOf,
    entered: call.entered,
    buyers: countIn(findRow(state, ALL), 'buyers'),
    steps: call.steps.map((step, place) => {
      const row = rows[place];
      return {
        step,
        buyers: countIn(row, 'buyers'),
        fromPrevious: place === 0 ? null : rate(countIn(row, 'both'), countIn(rows[place - 1], 'buyers')),
        fromFirst: place === 0 ? null : rate(countIn(row, 'first'), countIn(rows[0], 'buyers')),
        sincePrevious: summarizeCounts(daysIn(row, 'since')),
      };
    }),
    setAside: state.setAside,
  };
}

/**
 * A funnel: how many buyers took each step on the way to a purchase, and what share went from one to the next. A funnel counts people and their steps (visited, asked, tried, bought); a
 * pipeline holds deals in the stages of a seller. Their conversion rates are not comparable.
 *
 * The share of recent buyers is too low, since they have had little time: pass a `period` long enough ago.
 *
 * @param buyers - who took which step when, in any order
 * @param options - steps, cut, what counts, cohort
 * @returns the steps with counts, conversion and time in between, and what was set aside
 * @throws DomainError `missing_key` | `unknown_key` | `empty` | `duplicate_id` | `too_long` | `invalid_type` | `invalid_value` | `invalid_instant` | `invalid_time_zone` | `invalid_period` | `fraction_out_of_range`
 * @example
 * ```ts
 * import { summarizeFunnel } from 'dealwright/pipelines';
 * const buyers = [
 *   { id: 'a', steps: [{ step: 'visit', at: '2026-01-01' }, { step: 'trial', at: '2026-01-05' }, { step: 'purchase', at: '2026-02-01' }] },
 *   { id: 'b', steps: [{ step: 'visit', at: '2026-01-02' }] },
 *   { id: 'c', steps: [{ step: 'trial', at: '2026-01-03' }] },
 * ];
 * const { steps } = summarizeFunnel(buyers, { steps: ['visit', 'trial', 'purchase'], asOf: '2026-03-01' });
 * steps.map((step) => [step.step, step.buyers, step.fromPrevious?.value ?? null]); // => [['visit', 3, null], ['trial', 2, 2 / 3], ['purchase', 1, 0.5]]
 * ```
 * @category pipelines
 */
export function summarizeFunnel(buyers: readonly FunnelBuyer[], options: FunnelOptions): Funnel {
  const wrongCall: IssueSink = [];
  const list = checkDeals(buyers, wrongCall);
  const call = readCall(options, wrongCall);
  if (wrongCall.length > 0 || call === undefined) return raise(wrongCall);
  const { result, issues } = tallyOnce(specOf(call), list);
  return { ...result, issues };
}

/**
 * The same as {@link summarizeFunnel} over buyers that come in parts; each buyer whole in one part.
 *
 * @param options - those of {@link summarizeFunnel}
 * @returns empty, add, merge and finish
 * @throws DomainError as {@link summarizeFunnel}
 * @example
 * ```ts
 * import { funnelTally } from 'dealwright/pipelines';
 * const tally = funnelTally({ steps: ['visit', 'purchase'], asOf: '2026-03-01' });
 * const part = tally.add(tally.empty(), { id: 'a', steps: [{ step: 'visit', at: '2026-01-01' }] });
 * tally.finish(tally.merge(part, tally.empty())).steps[1].fromPrevious?.value; // => 0
 * ```
 * @category pipelines
 */
export function funnelTally(options: FunnelOptions): MergeableTally<FunnelBuyer, Omit<Funnel, 'issues'>> {
  const wrongCall: IssueSink = [];
  const call = readCall(options, wrongCall);
  if (wrongCall.length > 0 || call === undefined) return raise(wrongCall);
  return mergeableTally(specOf(call));
}
