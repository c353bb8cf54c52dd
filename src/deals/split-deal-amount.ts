import type { DecimalString } from '../decimal/parse-decimal.js';
import type { IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { allocateMoney } from '../money/allocate-money.js';
import type { Money } from '../money/money.js';
import { multiplyMoney } from '../money/multiply-money.js';
import { roundMoney } from '../money/round-money.js';
import type { Deal } from './deal.js';
import { requireDeal } from './deal-guard.js';
import { checkMoney, checkSplits } from './validate-deal-parts.js';

/**
 * What one payee's share of a deal comes to.
 *
 * @category deals
 */
export interface SplitAmount {
  /** Whose share it is. */
  readonly payeeId: string;
  /** The share, a fraction as text. */
  readonly share: DecimalString;
  /** The amount; `null` if the deal has none. */
  readonly amount: Money | null;
}

/**
 * A deal's amount divided among those who share in it.
 *
 * @category deals
 */
export interface DealSplitAmounts {
  /** The deal. */
  readonly dealId: string;
  /** Revenue shares: they sum to the deal's amount exactly. */
  readonly revenue: readonly SplitAmount[];
  /** Overlay shares: credited on top, never part of a company total. */
  readonly overlay: readonly SplitAmount[];
  /** Where the revenue shares come from: the deal's splits; its owner, who holds the whole of a deal without revenue splits; or nobody. */
  readonly basis: 'splits' | 'owner' | 'none';
  /** Why amounts are `null`. */
  readonly reason: 'amount-missing' | null;
}

/**
 * Divides a deal's amount by its splits. Revenue shares are cut to the currency's minor unit and the units left over go to the largest remainders (ties: to the
 * payee whose id comes first), so that the parts sum to the amount exactly; overlay shares are each rounded half away from zero. A deal without revenue splits
 * belongs to its owner.
 *
 * @param deal - the deal
 * @returns the parts, in the order of the splits
 * @throws DomainError `invalid_splits` if revenue shares do not sum to exactly 1, or with what else is wrong with the deal
 * @example
 * ```ts
 * import { createDeal, splitDealAmount } from 'dealwright/deals';
 * const deal = createDeal({
 *   id: 'd1', pipelineId: 'b2b', stageId: 'demo', amount: { amount: '100.01', currency: 'USD' },
 *   splits: [{ payeeId: 'ann', kind: 'revenue', share: '0.5' }, { payeeId: 'bob', kind: 'revenue', share: '0.5' }, { payeeId: 'eve', kind: 'overlay', share: '0.2' }],
 * });
 * splitDealAmount(deal).revenue.map((part) => part.amount?.amount); // => ['50.01', '50.00']
 * splitDealAmount(deal).overlay[0]; // => { payeeId: 'eve', share: '0.2', amount: { amount: '20.00', currency: 'USD' } }
 * ```
 * @category deals
 */
export function splitDealAmount(deal: Deal<object>): DealSplitAmounts {
  requireDeal(deal);
  const issues: IssueSink = [];
  checkSplits(deal.splits, ['splits'], issues);
  const amount = deal.amount === null ? null : checkMoney(deal.amount, ['amount'], issues);
  throwIfIssues(issues, { name: 'InvalidDealError' });
  const splits = deal.splits.filter(({ kind }) => kind === 'revenue');
  const basis = splits.length > 0 ? 'splits' : deal.ownerId === undefined ? 'none' : 'owner';
  const shares = basis === 'owner' && deal.ownerId !== undefined ? [{ payeeId: deal.ownerId, share: '1' }] : splits.map(({ payeeId, share }) => ({ payeeId, share }));
  const overlay = deal.splits.filter(({ kind }) => kind === 'overlay').map(({ payeeId, share }) => ({ payeeId, share }));
  if (amount === null || amount === undefined) {
    const withoutAmount = (part: { readonly payeeId: string; readonly share: string }): SplitAmount => ({ ...part, amount: null });
    return { dealId: deal.id, revenue: shares.map(withoutAmount), overlay: overlay.map(withoutAmount), basis, reason: 'amount-missing' };
  }
  return {
    dealId: deal.id,
    revenue: divide(amount, shares),
    overlay: overlay.map((part) => ({ ...part, amount: roundMoney(multiplyMoney(amount, part.share)) })),
    basis,
    reason: null,
  };
}

/** By largest remainder. Ties go by id, so that the order of the splits does not matter. */
function divide(amount: Money, shares: readonly { readonly payeeId: string; readonly share: string }[]): readonly SplitAmount[] {
  if (shares.length === 0) return [];
  const order = shares.map((_, index) => index).sort((a, b) => compareText(shares[a]?.payeeId ?? '', shares[b]?.payeeId ?? ''));
  const parts = allocateMoney(
    amount,
    order.map((index) => shares[index]?.share ?? '0'),
  );
  const place = new Map(order.map((index, position) => [index, position]));
  return shares.map((share, index) => ({ ...share, amount: parts[place.get(index) ?? 0] ?? null }));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
