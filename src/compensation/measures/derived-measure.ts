/*
 * What every derived measure brings. One file for each, found by the key that names it in a plan; nothing else in the library knows which there are.
 */

import { RATIO_ZERO } from '../../decimal/ratio.js';
import type { ExactValue } from '../../decimal/traced-arithmetic.js';
import { exactValueOfRatio } from '../../decimal/traced-arithmetic.js';
import type { IssueSink, PlainRecord } from '../../errors/checks.js';
import type { IssuePath } from '../../errors/issue.js';
import type { ComponentReference, EvaluationContext, Measured } from '../component.js';
import type { Credit } from '../credit.js';
import type { CreditFilter } from '../filter.js';
import type { Measure } from '../measure.js';
import type { ValueExpression } from '../value-expression.js';

/** What a measure is in: money of the plan's currency, a fraction, or a number of something named. */
export type MeasureUnit = 'money' | 'fraction' | (string & Record<never, never>);

/** What a derived measure is evaluated from: the credits of a payee, a deal or a credit, and what was kept of earlier periods. */
export interface MeasureScope {
  readonly context: EvaluationContext;
  /** The eligible credits in the declared order. */
  readonly credits: (where?: CreditFilter) => readonly Credit[];
  /** Another measure on the credits of this segment alone. */
  readonly now: (measure: Measure) => Measured;
  /** Another measure, followed through the same window as this one. `part` tells it apart from others of this measure. */
  readonly toDate: (measure: Measure, part: string) => Measured;
  /** JSON kept by this measure as long as its window. */
  readonly recall: (part: string, forever?: boolean) => unknown;
  readonly remember: (part: string, value: unknown, forever?: boolean) => void;
}

/** A kind of derived measure. */
export interface DerivedMeasure<M extends object = object> {
  /** The key that names it in a plan. */
  readonly key: string;
  /** Its other keys. */
  readonly keys: readonly string[];
  /** Checks a record that has the key; unknown keys have been reported. `inner` checks a measure within it. */
  readonly check: (record: PlainRecord, path: IssuePath, issues: IssueSink, inner: (value: unknown, path: IssuePath) => void) => void;
  /** Its unit; `inner` gives that of a measure within it. */
  readonly unit: (measure: M, inner: (measure: Measure) => MeasureUnit) => MeasureUnit;
  /** In words; `inner` describes a measure within it. */
  readonly describe: (measure: M, inner: (measure: Measure) => string) => string;
  /** The measures within it. */
  readonly inner?: (measure: M) => readonly Measure[];
  /** The components whose results it reads. */
  readonly references?: (measure: M) => readonly ComponentReference[];
  /** Its value with the credits of the segment: to date in the window, where one is followed. */
  readonly evaluate: (measure: M, scope: MeasureScope) => Measured;
}

/** No credits behind a measure. */
export const NO_CREDITS = (): readonly never[] => [];

/** The value that the plan states for where the measure is not defined, or why it has none. */
export function undefinedMeasure(scope: MeasureScope, stated: ValueExpression | undefined, reason: string): Measured {
  const value = stated === undefined ? undefined : scope.context.value(stated, 'value where the measure is not defined');
  return value === undefined ? { total: exactValueOfRatio(RATIO_ZERO, { name: reason }), credits: NO_CREDITS, unknown: reason } : { total: value, credits: NO_CREDITS };
}

/** The first inner measure that has no value. */
export function firstUnknown(parts: readonly Measured[]): string | undefined {
  return parts.find((part) => part.unknown !== undefined)?.unknown;
}

/** A measure without credits behind it. */
export function plainValue(total: ExactValue): Measured {
  return { total, credits: NO_CREDITS };
}
