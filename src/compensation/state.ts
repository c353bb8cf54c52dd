import { type Ratio, ratioFromText } from '../decimal/ratio.js';
import { checkList, checkRecord, checkText, type IssueSink } from '../errors/checks.js';
import { createIssue, type IssuePath } from '../errors/issue.js';
import { type DealEventRecord, validateDealEvent } from './deal-event.js';

/**
 * A running total of a component within its window.
 *
 * @category compensation
 */
export interface StoredTotal {
  /** What is added up. */
  readonly key: string;
  /** First day of the window it belongs to; a later window starts at zero. */
  readonly window: string;
  /** Exact: a decimal, or a fraction `n/d`. */
  readonly value: string;
}

/**
 * JSON that a component keeps within a window, beside its totals.
 *
 * @category compensation
 */
export interface StoredNote {
  /** What it is. */
  readonly key: string;
  /** First day of the window it belongs to; a later window starts without it. */
  readonly window: string;
  /** Any JSON. */
  readonly value: unknown;
}

/**
 * What one component of one payee's plan needs to know of earlier periods.
 *
 * @category compensation
 */
export interface ComponentState {
  /** Who is paid. */
  readonly payeeId: string;
  /** The plan. */
  readonly planId: string;
  /** The component. */
  readonly componentId: string;
  /** Running totals. */
  readonly totals: readonly StoredTotal[];
  /** JSON kept within windows; absent where there is none. */
  readonly notes?: readonly StoredNote[];
  /** JSON that the component left for itself. */
  readonly carried?: unknown;
}

/**
 * Everything needed to compute the next period without the credits of earlier ones. Plain JSON; store it and pass it back.
 *
 * @category compensation
 */
export interface CompensationState {
  /** Version of the stored format. */
  readonly formatVersion: 1;
  /** End (exclusive) of what has been computed; periods before it cannot be computed on top of this state. */
  readonly through: string | null;
  /** The components. */
  readonly components: readonly ComponentState[];
  /**
   * The deal events given so far, so that a credit or release that comes later still finds them. Those of deals that are over (paid in full and out of the
   * window of any clawback) may be taken out to keep the state small.
   */
  readonly dealEvents?: readonly DealEventRecord[];
}

/** A component's state while a run goes on. */
export interface LiveState {
  readonly payeeId: string;
  readonly planId: string;
  readonly componentId: string;
  readonly totals: Map<string, { readonly window: string; readonly value: Ratio }>;
  notes?: Map<string, { readonly window: string; readonly value: unknown }>;
  carried?: unknown;
}

/** Separates the parts of a key; no id that a check lets through is ambiguous with it. */
export const KEY_SEPARATOR = '\u0000';

/** Key of a component's state. */
export function stateKey(payeeId: string, planId: string, componentId: string): string {
  return payeeId + KEY_SEPARATOR + planId + KEY_SEPARATOR + componentId;
}

/** A stored state, read. */
export interface StoredState {
  readonly through: string | null;
  readonly live: Map<string, LiveState>;
  readonly dealEvents: readonly DealEventRecord[];
}

/** Reads a stored state of unknown shape. */
export function readState(value: unknown, path: IssuePath, issues: IssueSink): StoredState {
  const live = new Map<string, LiveState>();
  const record = checkRecord(value, path, issues, 'a state returned by an earlier run');
  if (record === undefined) return { through: null, live, dealEvents: [] };
  if (record['formatVersion'] !== 1) {
    issues.push(createIssue('unsupported_format_version', [...path, 'formatVersion'], { expected: '1', received: record['formatVersion'] }));
    return { through: null, live, dealEvents: [] };
  }
  const through = record['through'] === null ? null : checkText(record['through'], [...path, 'through'], issues);
  checkList(record['components'], [...path, 'components'], issues)?.forEach((entry, index) => {
    const at = [...path, 'components', index];
    const component = checkRecord(entry, at, issues);
    if (component === undefined) return;
    const payeeId = checkText(component['payeeId'], [...at, 'payeeId'], issues);
    const planId = checkText(component['planId'], [...at, 'planId'], issues);
    const componentId = checkText(component['componentId'], [...at, 'componentId'], issues);
    const totals = new Map<string, { readonly window: string; readonly value: Ratio }>();
    checkList(component['totals'], [...at, 'totals'], issues)?.forEach((total, place) => {
      const where = [...at, 'totals', place];
      const stored = checkRecord(total, where, issues);
      if (stored === undefined) return;
      const key = checkText(stored['key'], [...where, 'key'], issues);
      const window = checkText(stored['window'], [...where, 'window'], issues);
      const text = checkText(stored['value'], [...where, 'value'], issues);
      const ratio = text === undefined ? undefined : ratioFromText(text);
      if (text !== undefined && ratio === undefined) issues.push(createIssue('invalid_decimal', [...where, 'value'], { expected: 'a decimal or a fraction n/d', received: text }));
      if (key !== undefined && window !== undefined && ratio !== undefined) totals.set(key, { window, value: ratio });
    });
    const notes = readNotes(component['notes'], [...at, 'notes'], issues);
    if (payeeId === undefined || planId === undefined || componentId === undefined) return;
    live.set(stateKey(payeeId, planId, componentId), {
      payeeId,
      planId,
      componentId,
      totals,
      ...(notes === undefined ? {} : { notes }),
      ...(Object.hasOwn(component, 'carried') ? { carried: component['carried'] } : {}),
    });
  });
  const dealEvents: DealEventRecord[] = [];
  if (Object.hasOwn(record, 'dealEvents')) {
    checkList(record['dealEvents'], [...path, 'dealEvents'], issues)?.forEach((event, index) => {
      const problems = validateDealEvent(event, [...path, 'dealEvents', index]);
      issues.push(...problems);
      if (problems.length === 0) dealEvents.push(event as DealEventRecord);
    });
  }
  return { through: through ?? null, live, dealEvents };
}

function readNotes(value: unknown, path: IssuePath, issues: IssueSink): Map<string, { readonly window: string; readonly value: unknown }> | undefined {
  if (value === undefined) return undefined;
  const notes = new Map<string, { readonly window: string; readonly value: unknown }>();
  checkList(value, path, issues)?.forEach((entry, index) => {
    const at = [...path, index];
    const stored = checkRecord(entry, at, issues);
    if (stored === undefined) return;
    const key = checkText(stored['key'], [...at, 'key'], issues);
    const window = checkText(stored['window'], [...at, 'window'], issues);
    if (key !== undefined && window !== undefined) notes.set(key, { window, value: stored['value'] });
  });
  return notes;
}
