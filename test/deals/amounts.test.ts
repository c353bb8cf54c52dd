import { createDeal, dealAmountFromLineItems, dealMargin, lineItemMargin, lineItemTotal, recurringValueOf, splitDealAmount, sumDeals } from 'dealwright/deals';
import { isDomainError } from 'dealwright/errors';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frozen, SEED } from './arbitrary-deal.js';

const usd = (amount: string) => ({ amount, currency: 'USD' });
const eur = (amount: string) => ({ amount, currency: 'EUR' });

const codesOf = (run: () => unknown): readonly string[] => {
  try {
    run();
  } catch (error) {
    if (isDomainError(error)) return error.issues.map(({ code }) => code);
    throw error;
  }
  return [];
};

describe('recurringValueOf', () => {
  test('derives all from each', () => {
    const all = { mrr: usd('500.00'), arr: usd('6000.00'), acv: usd('6000.00'), tcv: usd('13500.00'), termMonths: 24 };
    const terms = { termMonths: 24, oneOff: usd('1500') };
    expect(recurringValueOf({ mrr: usd('500'), ...terms })).toEqual({ value: all, rounded: [], missing: [], acvPolicy: 'annualized' });
    expect(recurringValueOf({ arr: usd('6000'), ...terms }).value).toEqual(all);
    expect(recurringValueOf({ acv: usd('6000'), ...terms }).value).toEqual(all);
    expect(recurringValueOf({ tcv: usd('13500'), ...terms }).value).toEqual(all);
  });

  test('the first year includes what is paid once and no more than the term', () => {
    const first = { acvPolicy: 'first-year' } as const;
    expect(recurringValueOf({ mrr: usd('500'), termMonths: 24, oneOff: usd('1500') }, first).value.acv).toEqual(usd('7500.00'));
    expect(recurringValueOf({ mrr: usd('500'), termMonths: 6, oneOff: usd('1500') }, first).value.acv).toEqual(usd('4500.00'));
    expect(recurringValueOf({ acv: usd('4500'), termMonths: 6, oneOff: usd('1500') }, first).value.mrr).toEqual(usd('500.00'));
  });

  test('says what it rounded and what it lacks', () => {
    expect(recurringValueOf({ arr: usd('1000') })).toEqual({
      value: { mrr: usd('83.33'), arr: usd('1000.00'), acv: usd('1000.00') },
      rounded: ['mrr'],
      missing: [{ field: 'tcv', reason: 'term-not-given' }],
      acvPolicy: 'annualized',
    });
    // Multiplied before it is divided: 1000 × 18 / 12, not 83.33 × 18.
    expect(recurringValueOf({ arr: usd('1000'), termMonths: 18 }).value.tcv).toEqual(usd('1500.00'));
    expect(recurringValueOf({ arr: usd('1000') }, { rounding: { scale: 6 } }).value.mrr).toEqual(usd('83.333333'));
  });

  test('refuses what cannot be meant', () => {
    // @ts-expect-error two of the four
    expect(codesOf(() => recurringValueOf({ mrr: usd('1'), arr: usd('12') }))).toEqual(['invalid_value']);
    // @ts-expect-error none of the four
    expect(codesOf(() => recurringValueOf({ termMonths: 12 }))).toEqual(['missing_key']);
    expect(codesOf(() => recurringValueOf({ tcv: usd('1') }))).toEqual(['missing_key']);
    expect(codesOf(() => recurringValueOf({ mrr: usd('1'), termMonths: 0 }))).toEqual(['out_of_range']);
    expect(codesOf(() => recurringValueOf({ mrr: usd('1'), oneOff: eur('1') }))).toEqual(['currency_mismatch']);
    expect(codesOf(() => recurringValueOf({ mrr: usd('1') }, { rounding: { scale: -1 } }))).toEqual(['invalid_rounding']);
  });

  test('the four stand in the stated ratios', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.integer({ min: 1, max: 120 }), fc.nat(1e6), (cents, termMonths, once) => {
        const money = (value: number) => usd((value / 100).toFixed(2));
        const { value } = recurringValueOf({ mrr: money(cents), termMonths, oneOff: money(once) });
        const units = (amount: string | undefined) => BigInt((amount ?? '').replace('.', ''));
        expect(units(value.arr?.amount)).toBe(12n * BigInt(cents));
        expect(units(value.tcv?.amount)).toBe(BigInt(termMonths) * BigInt(cents) + BigInt(once));
        if (value.tcv !== undefined) expect(recurringValueOf({ tcv: value.tcv, termMonths, oneOff: money(once) }).value).toEqual(value);
      }),
      { ...SEED, numRuns: 200 },
    );
  });
});

describe('line items', () => {
  const item = frozen({ id: 'l1', productId: 'p1', quantity: '3', unitPrice: usd('9.99'), discount: '0.075', unitCost: usd('5') });

  test('total, margin and their sums', () => {
    expect(lineItemTotal(item)).toEqual(usd('27.72'));
    expect(lineItemTotal(item, { rounding: 'none' })).toEqual(usd('27.72225'));
    expect(lineItemMargin(item)).toEqual({ total: usd('27.72'), cost: usd('15.00'), margin: usd('12.72'), marginFraction: '0.458874', reason: null });
    const two = { lineItems: [item, { ...item, id: 'l2' }] };
    // Each line is rounded, then they are added: twice 27.72, not 55.44450 rounded.
    expect(dealAmountFromLineItems(two).amount).toEqual(usd('55.44'));
    expect(dealAmountFromLineItems(two, { rounding: 'none' }).amount).toEqual(usd('55.4445'));
    expect(dealMargin(two)).toMatchObject({ margin: usd('25.44'), reason: null });
  });

  test('says why a figure is missing', () => {
    const { unitCost: _cost, ...bare } = item;
    expect(lineItemMargin(bare)).toEqual({ total: usd('27.72'), cost: null, margin: null, marginFraction: null, reason: 'unit-cost-missing' });
    expect(lineItemMargin({ ...item, quantity: '0' })).toMatchObject({ margin: usd('0.00'), marginFraction: null, reason: 'total-is-zero' });
    expect(dealAmountFromLineItems({ lineItems: [] })).toEqual({ amount: null, reason: 'no-line-items' });
    expect(dealMargin({ lineItems: [] }).reason).toBe('no-line-items');
    expect(dealMargin({ lineItems: [item, { ...bare, id: 'l2' }] }).reason).toBe('unit-cost-missing');
  });

  test('refuses mixed currencies and bad items', () => {
    expect(codesOf(() => dealAmountFromLineItems({ lineItems: [item, { ...item, id: 'l2', unitPrice: eur('1'), unitCost: eur('1') }] }))).toEqual([
      'currency_mismatch',
      'currency_mismatch',
    ]);
    expect(codesOf(() => lineItemTotal({ ...item, quantity: '1e3' }))).toEqual(['invalid_decimal']);
    expect(codesOf(() => lineItemTotal(item, { rounding: { scale: 99 } }))).toEqual(['invalid_rounding']);
    // @ts-expect-error no such rounding
    expect(codesOf(() => lineItemTotal(item, { rounding: 'half-up' }))).toEqual(['invalid_type']);
  });
});

describe('splitDealAmount', () => {
  const base = { id: 'd1', pipelineId: 'p', stageId: 's' } as const;

  test('revenue sums to the deal, overlay stands beside it', () => {
    const deal = createDeal({
      ...base,
      amount: usd('100'),
      splits: [
        { payeeId: 'c', kind: 'revenue', share: '0.333333' },
        { payeeId: 'b', kind: 'revenue', share: '0.333333' },
        { payeeId: 'a', kind: 'revenue', share: '0.333334' },
        { payeeId: 'x', kind: 'overlay', share: '0.333333' },
      ],
    });
    const parts = splitDealAmount(frozen(deal));
    expect(parts.revenue.map(({ payeeId, amount }) => [payeeId, amount?.amount])).toEqual([
      ['c', '33.33'],
      ['b', '33.33'],
      ['a', '33.34'],
    ]);
    expect(parts.overlay).toEqual([{ payeeId: 'x', share: '0.333333', amount: usd('33.33') }]);
    expect(parts).toMatchObject({ basis: 'splits', reason: null });
  });

  test('without revenue splits the owner has it, without an amount nobody has any', () => {
    expect(splitDealAmount(createDeal({ ...base, amount: usd('100'), ownerId: 'ann' }))).toMatchObject({
      basis: 'owner',
      revenue: [{ payeeId: 'ann', share: '1', amount: usd('100.00') }],
    });
    expect(splitDealAmount(createDeal({ ...base, amount: usd('100') }))).toMatchObject({ basis: 'none', revenue: [] });
    expect(splitDealAmount(createDeal({ ...base, ownerId: 'ann' }))).toMatchObject({ revenue: [{ amount: null }], reason: 'amount-missing' });
  });

  test('shares that do not sum to one are an error, not an approximation', () => {
    const deal = { ...createDeal({ ...base, amount: usd('100') }), splits: [{ payeeId: 'a', kind: 'revenue', share: '0.99' } as const] };
    expect(codesOf(() => splitDealAmount(deal))).toEqual(['invalid_splits']);
  });

  test('sums exactly and does not depend on the order of the splits', () => {
    const splits = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 7 }).map((weights) => {
      const scale = 10n ** 12n;
      const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
      const units = weights.map((weight) => (BigInt(weight) * scale) / total);
      units[0] = (units[0] ?? 0n) + scale - units.reduce((sum, unit) => sum + unit, 0n);
      return units.map((unit, index) => ({ payeeId: `p${index}`, kind: 'revenue' as const, share: unit === scale ? '1' : `0.${String(unit).padStart(12, '0')}` }));
    });
    fc.assert(
      fc.property(splits, fc.integer({ min: -1e9, max: 1e9 }), (list, cents) => {
        const amount = usd((cents / 100).toFixed(2));
        const deal = createDeal({ ...base, amount, splits: list });
        const { revenue } = splitDealAmount(deal);
        expect(revenue.reduce((sum, part) => sum + BigInt(Math.round(Number(part.amount?.amount) * 100)), 0n)).toBe(BigInt(cents));
        const reversed = splitDealAmount({ ...deal, splits: [...deal.splits].reverse() });
        expect([...reversed.revenue].reverse()).toEqual(revenue);
      }),
      { ...SEED, numRuns: 300 },
    );
  });
});

describe('sumDeals', () => {
  const base = { pipelineId: 'p', stageId: 's' } as const;
  const rates = {
    rates: [
      { from: 'EUR', to: 'USD', rate: '1.10', on: '2026-01-01' },
      { from: 'EUR', to: 'USD', rate: '1.20', on: '2026-03-01' },
    ],
  };
  const deals = frozen([
    createDeal({ ...base, id: '1', amount: usd('100.50') }),
    createDeal({ ...base, id: '2', amount: eur('200'), expectedCloseOn: '2026-02-28' }),
    createDeal({ ...base, id: '3', status: 'won', amount: eur('100'), expectedCloseOn: '2026-02-28', closedOn: '2026-03-01' }),
    createDeal({ ...base, id: '4' }),
    createDeal({ ...base, id: '5', amount: { amount: '9', currency: 'GBP' }, expectedCloseOn: '2026-02-28' }),
    createDeal({ ...base, id: '6', amount: eur('1') }),
  ]);

  test('converts by the day of each deal and reports what it cannot add', () => {
    const sum = sumDeals(deals, { currency: 'USD', rates });
    expect(sum.total).toEqual(usd('440.50'));
    expect(sum.counted).toBe(3);
    expect(sum.issues.map(({ code, path }) => [code, path[0], path[1]])).toEqual([
      ['missing_amount', 3, 'amount'],
      ['missing_rate', 4, 'amount'],
      ['missing_date', 5, 'expectedCloseOn'],
    ]);
    expect(sumDeals(deals, { currency: 'USD', rates, on: '2026-01-15' }).total).toEqual(usd('431.60'));
    expect(sumDeals(deals, { currency: 'USD' }).issues.map(({ code }) => code)).toEqual([
      'currency_mismatch',
      'currency_mismatch',
      'missing_amount',
      'currency_mismatch',
      'missing_date',
    ]);
    expect(sumDeals([], { currency: 'JPY' })).toEqual({ total: { amount: '0', currency: 'JPY' }, counted: 0, issues: [] });
  });

  test('the order of the deals does not matter', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...deals], { minLength: deals.length }), (shuffled) => {
        expect(sumDeals(shuffled, { currency: 'USD', rates }).total).toEqual(usd('440.50'));
      }),
      { ...SEED, numRuns: 50 },
    );
  });

  test('something that is no deal is an issue, a wrong call an error', () => {
    // @ts-expect-error no deal
    expect(sumDeals([deals[0], { id: 'x' }, null], { currency: 'USD' })).toMatchObject({ total: usd('100.50'), counted: 1 });
    expect(codesOf(() => sumDeals(deals, { currency: 'dollars' }))).toEqual(['invalid_currency']);
    expect(codesOf(() => sumDeals(deals, { currency: 'USD', on: 'closeOn' }))).toEqual(['invalid_value']);
    // @ts-expect-error no list
    expect(codesOf(() => sumDeals({}, { currency: 'USD' }))).toEqual(['invalid_type']);
  });
});
