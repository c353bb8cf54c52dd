/* What a measure came to in the last statement periods, for measures that look back. */
import { type Ratio, ratioAdd, ratioFromText, ratioToText } from '../../decimal/ratio.js';
import type { MeasureScope } from './derived-measure.js';

/** Two years of weeks. */
export const MAX_PERIODS_KEPT = 104;

/** The value of a statement period. */
export interface KeptPeriod {
  readonly start: string;
  readonly value: Ratio;
}

/** The periods kept, in order of time. */
export function readPeriods(scope: MeasureScope): readonly KeptPeriod[] {
  const kept = scope.recall('periods', true);
  if (!Array.isArray(kept)) return [];
  return (kept as readonly unknown[]).flatMap((entry) => {
    if (!Array.isArray(entry) || typeof entry[0] !== 'string' || typeof entry[1] !== 'string') return [];
    const value = ratioFromText(entry[1]);
    return value === undefined ? [] : [{ start: entry[0], value }];
  });
}

/** The periods with what this segment adds to the current one. At most so many earlier ones are kept. */
export function keepPeriod(scope: MeasureScope, periods: readonly KeptPeriod[], value: Ratio, earlier: number): readonly KeptPeriod[] {
  const { start } = scope.context.period;
  const before = periods.filter((entry) => entry.start < start).slice(-earlier);
  const same = periods.find((entry) => entry.start === start);
  const all = [...before, { start, value: same === undefined ? value : ratioAdd(same.value, value) }];
  scope.remember(
    'periods',
    all.map((entry) => [entry.start, ratioToText(entry.value)]),
    true,
  );
  return all;
}
