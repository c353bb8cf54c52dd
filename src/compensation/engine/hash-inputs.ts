/* What a statement was computed from, as one hash: the same hash means the same figures. */

import { ratioToText } from '../../decimal/ratio.js';
import { isPlainRecord } from '../../errors/checks.js';
import { isDomainError } from '../../errors/domain-error.js';
import { contentHash } from '../content-hash.js';
import type { Credit } from '../credit.js';
import type { StatementHasher } from './assemble-statements.js';
import type { Cell } from './cells.js';
import { validateCredit } from './check-credit.js';
import type { AnyComponent } from './check-plan.js';
import type { AnyPlan, ReadInput, ReadPayee } from './read-input.js';

/** Makes the hasher of a run. Plans, rates and the state from before are hashed once. */
export function hasherOf(input: ReadInput, call: unknown, kinds: ReadonlyMap<string, AnyComponent>): StatementHasher {
  const given = call as Readonly<Partial<Record<'rates' | 'state' | 'dealEvents' | 'hierarchy', unknown>>>;
  const plans = new Map<AnyPlan, string>();
  const planHash = (plan: AnyPlan): string => {
    const known = plans.get(plan) ?? contentHash(plan);
    plans.set(plan, known);
    return known;
  };
  const shared = contentHash([
    given.rates ?? null,
    given.state ?? null,
    hashRows(given.dealEvents),
    hashRows(isPlainRecord(given.hierarchy) ? given.hierarchy['reports'] : given.hierarchy),
  ]);
  // What a component reads of other payees depends on everything that was given.
  let everybody: string | undefined;
  const readsOthers = (plan: AnyPlan): boolean => plan.components.some((config) => isSocial(kinds.get(config.kind), config));
  /** Hash of the payee's statement before: a window may reach back into its credits. */
  const chain = new Map<string, string>();
  return (cells) => {
    const [first] = cells;
    if (first === undefined) return contentHash(null);
    const { payee } = first.payee;
    if (cells.some((cell) => readsOthers(cell.plan))) everybody ??= hashEverybody(input);
    const hash = contentHash({
      shared,
      before: chain.get(payee.id) ?? null,
      ...(everybody === undefined ? {} : { everybody }),
      payee,
      period: first.period,
      adjustments: (input.adjustments.get(payee.id) ?? []).map((entry) => entry.adjustment),
      quotas: quotasOf(first.payee),
      cells: cells.map((cell) => ({
        plan: planHash(cell.plan),
        assignment: cell.assignment.assignment,
        start: cell.start,
        end: cell.end,
        credits: creditsOf(cell, input.credits as readonly Credit[]),
      })),
    });
    chain.set(payee.id, hash);
    return hash;
  };
}

function quotasOf(payee: ReadPayee): readonly unknown[] {
  return payee.quotas.map((quota) => [quota.componentId ?? null, quota.start, quota.end, ratioToText(quota.amount)]).sort(byJson);
}

function hashEverybody(input: ReadInput): string {
  const payees = [...input.payees.values()].sort((a, b) => (a.payee.id < b.payee.id ? -1 : 1));
  return contentHash([
    payees.map((payee) => [payee.payee, payee.assignments.map((entry) => entry.assignment).sort(byJson), quotasOf(payee)]),
    sortedById(input.credits as readonly Credit[], input.supersededCredits),
  ]);
}

/** Rows that are no JSON were set aside when they were read, and say nothing. The order of rows does not matter. */
function hashRows(value: unknown): string {
  const hashes = (Array.isArray(value) ? (value as readonly unknown[]) : [value ?? null]).flatMap((row) => {
    try {
      return [contentHash(row)];
    } catch (error) {
      if (isDomainError(error)) return [];
      throw error;
    }
  });
  return contentHash(hashes.sort());
}

function isSocial(component: AnyComponent | undefined, config: { readonly kind: string; readonly id: string }): boolean {
  const reads = component?.readsOthers;
  return (typeof reads === 'function' ? reads(config) : reads === true) || (component?.dependsOn?.(config).length ?? 0) > 0;
}

function sortedById(credits: readonly Credit[], superseded: ReadonlySet<number>): readonly Credit[] {
  return credits
    .filter((credit, index) => !superseded.has(index) && typeof credit === 'object' && credit !== null && validateCredit(credit).length === 0)
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** By id, so that the order of the input does not show. */
function creditsOf(cell: Cell, credits: readonly Credit[]): readonly Credit[] {
  const own: Credit[] = [];
  for (const index of [...cell.credits, ...(cell.reversals ?? [])]) {
    const credit = credits[index];
    if (credit !== undefined) own.push(credit);
  }
  return own.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function byJson(a: unknown, b: unknown): number {
  const left = JSON.stringify(a);
  const right = JSON.stringify(b);
  return left < right ? -1 : left > right ? 1 : 0;
}
