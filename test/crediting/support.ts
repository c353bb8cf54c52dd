import type { Credit, CreditingResult, Transaction } from 'dealwright/compensation';

/** An amount in dollars. */
export const usd = (amount: string): { readonly amount: string; readonly currency: 'USD' } => ({ amount, currency: 'USD' });

/** A booking of deal `d1`, unless told otherwise. */
export const booking = (amount: string, more: Partial<Transaction> = {}): Transaction => ({
  id: 't1',
  type: 'booking',
  dealId: 'd1',
  on: '2026-02-14',
  amount: usd(amount),
  ownerId: 'ann',
  ...more,
});

/** `payee amount`, sorted. */
export const brief = (credits: readonly Credit[]): readonly string[] => credits.map((credit) => `${credit.payeeId} ${credit.amount?.amount ?? ''}`).sort();

/** Minor units of an amount. */
export const cents = (amount: { readonly amount: string } | null | undefined): bigint => {
  const [integer = '0', fraction = ''] = (amount?.amount ?? '0').split('.');
  return BigInt(integer + fraction.padEnd(2, '0').slice(0, 2));
};

/** Sum of the minor units of some credits. */
export const sumOf = (credits: readonly Credit[], where: (credit: Credit) => boolean = () => true): bigint =>
  credits.filter(where).reduce((sum, credit) => sum + cents(credit.amount), 0n);

/** Freezes all of it. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
}

/** Bookings less what became of them, by currency: always zero. */
export const imbalance = (result: CreditingResult): readonly bigint[] =>
  result.controlTotals.map((totals) => cents(totals.bookings) - cents(totals.direct) - cents(totals.pending) - cents(totals.uncredited) - cents(totals.setAside));
