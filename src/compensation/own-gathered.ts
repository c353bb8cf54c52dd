/* What a payee brought itself, found without looking through what everybody brought. Not a public entry. */
import type { Gathered } from './component.js';
import { KEY_SEPARATOR } from './state.js';

/** Gathered values by payee and segment. */
export type GatheredIndex<T> = ReadonlyMap<string, T>;

/** Indexes what has been gathered; once for each period. */
export function indexGathered<T>(all: readonly Gathered<T>[]): GatheredIndex<T> {
  return new Map(all.map((entry) => [keyOf(entry.payeeId, entry.segment.start), entry.value]));
}

/** What a payee brought in a segment. */
export function ownGathered<T>(index: GatheredIndex<T>, context: { readonly payee: { readonly id: string }; readonly segment: { readonly start: string } }): T | undefined {
  return index.get(keyOf(context.payee.id, context.segment.start));
}

function keyOf(payeeId: string, start: string): string {
  return payeeId + KEY_SEPARATOR + start;
}
