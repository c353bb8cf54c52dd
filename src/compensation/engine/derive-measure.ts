/* Measures of every kind for a selection of credits: plain ones from the credits, derived ones by their own definitions. */
import type { Period } from '../../calendar/period.js';
import type { EvaluationContext, Measured, MeasuredToDate } from '../component.js';
import type { Credit } from '../credit.js';
import type { CreditFilter } from '../filter.js';
import { type CreditMeasure, isCreditMeasure, type Measure } from '../measure.js';
import type { MeasureScope } from '../measures/derived-measure.js';
import { derivedMeasureOf } from '../measures/derived-measures.js';
import type { CreditSelection } from './measure-credits.js';

/** What measuring needs of an evaluation. */
export interface MeasureHost {
  readonly context: EvaluationContext;
  readonly plain: (measure: CreditMeasure, selection: CreditSelection) => Measured;
  readonly credits: (where: CreditFilter | undefined, selection: CreditSelection) => readonly Credit[];
  /** The window without end. */
  readonly forever: Period;
}

/** Where a measure keeps what it needs later. Without a window it follows nothing; a group of credits keeps nothing at all. */
interface Memory {
  readonly key: string;
  readonly window: Period | undefined;
  readonly keeps: boolean;
}

/** A measure on a selection by itself. With a key, a measure that looks back over periods keeps under it what it needs. */
export function measureSelection(host: MeasureHost, measure: Measure, selection: CreditSelection, key: string | undefined): Measured {
  if (isCreditMeasure(measure)) return host.plain(measure, selection);
  return reported(host, evaluate(host, measure, selection, { key: key ?? '', window: undefined, keeps: key !== undefined }));
}

/** A measure followed through a window. */
export function measureWindow(host: MeasureHost, measure: Measure, selection: CreditSelection, window: Period, key: string): MeasuredToDate {
  const { context } = host;
  if (isCreditMeasure(measure)) {
    const { total, credits } = host.plain(measure, selection);
    const { before, toDate } = context.accumulate(key, window, total);
    return { before, toDate, credits };
  }
  const { total, credits, unknown } = reported(host, evaluate(host, measure, selection, { key, window, keeps: true }));
  // What the window came to is kept, so that the next statement knows where this one ended.
  const zero = context.exact('0');
  const { before } = context.accumulate(key, window, zero);
  if (unknown !== undefined) return { before, toDate: before, credits, unknown };
  context.accumulate(key, window, context.subtract(total, before));
  return { before, toDate: total, credits };
}

function reported(host: MeasureHost, measured: Measured): Measured {
  if (measured.unknown !== undefined) host.context.report('undefined_measure', { expected: 'a measure that has a value', message: `${measured.unknown}.` });
  return measured;
}

function evaluate(host: MeasureHost, measure: Measure, selection: CreditSelection, memory: Memory): Measured {
  if (isCreditMeasure(measure)) {
    const plain = host.plain(measure, selection);
    return memory.window === undefined ? plain : { total: host.context.accumulate(memory.key, memory.window, plain.total).toDate, credits: plain.credits };
  }
  const definition = derivedMeasureOf(measure);
  if (definition === undefined) return { total: host.context.exact('0'), credits: () => [], unknown: 'the measure is not known' };
  const { window, keeps, key } = memory;
  const scope: MeasureScope = {
    context: host.context,
    credits: (where) => host.credits(where, selection),
    now: (inner) => evaluate(host, inner, selection, { key: `${key}/now`, window: undefined, keeps }),
    toDate: (inner, part) => evaluate(host, inner, selection, { key: `${key}/${part}`, window, keeps }),
    // Outside a window what is remembered would mix up periods, except for what looks back over them on purpose.
    recall: (part, forever = false) =>
      keeps && (forever || window !== undefined) ? host.context.recall(`${key}/${part}`, forever ? host.forever : (window ?? host.forever)) : undefined,
    remember: (part, value, forever = false) => {
      if (keeps && (forever || window !== undefined)) host.context.remember(`${key}/${part}`, forever ? host.forever : (window ?? host.forever), value);
    },
  };
  return definition.evaluate(measure, scope);
}

/** JSON with sorted keys: the same text for the same measure, however it was written. */
export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return `{${Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, entry]) => `${JSON.stringify(key)}:${sortedJson(entry)}`)
    .join(',')}}`;
}
