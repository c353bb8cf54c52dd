/* Whatever is passed in whatever place: an answer, issues or a DomainError, never another exception, and no prototype touched. */
import * as deals from 'dealwright/deals';
import { isDomainError } from 'dealwright/errors';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dealArbitrary, hostileArbitrary, SEED } from './arbitrary-deal.js';

/** JSON-safe all the way down: no NaN, no undefined, no class instance. */
function isPlainData(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isPlainData);
  if (typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === null || prototype === Object.prototype) && Object.values(value).every(isPlainData);
}

const KEYS = [
  'id',
  'stageId',
  'status',
  'amount',
  'probability',
  'createdOn',
  'closedOn',
  'expectedCloseOn',
  'ownerId',
  'lineItems',
  'splits',
  'history',
  'custom',
  'recurring',
  'activities',
  'name',
];

/** A deal in which some places hold anything. */
const brokenDealArbitrary: fc.Arbitrary<unknown> = fc.oneof(
  hostileArbitrary,
  fc
    .tuple(dealArbitrary, fc.array(fc.tuple(fc.constantFrom(...KEYS), hostileArbitrary), { minLength: 1, maxLength: 3 }))
    .map(([deal, changes]) => ({ ...deal, ...Object.fromEntries(changes) })),
  fc
    .tuple(dealArbitrary, fc.nat(12), fc.constantFrom('type', 'at', 'from', 'to', 'stageId', 'amount', 'splits', 'reason'), hostileArbitrary)
    .map(([deal, index, key, value]) => ({ ...deal, history: deal.history.map((event, place) => (place === index % deal.history.length ? { ...event, [key]: value } : event)) })),
);

const money = { amount: '1.00', currency: 'USD' };
const item = { id: 'l', productId: 'p', quantity: '1', unitPrice: money };

/** Every entry that is a function, called with anything in every place. The casts are the point. */
const ENTRIES: Readonly<Record<string, (a: never, b: never, c: never) => unknown>> = {
  createDeal: (a) => deals.createDeal(a),
  validateDeal: (a, b) => deals.validateDeal(a, b),
  isDeal: (a, b) => deals.isDeal(a, b),
  dealAsOf: (a, b, c) => deals.dealAsOf(a, b, c),
  'dealAsOf at a date': (a) => deals.dealAsOf(a, '2026-03-01'),
  createDealReplay: (a, b) => typeof deals.createDealReplay(b, a) === 'function',
  applyDealEvent: (a, b, c) => deals.applyDealEvent(a, b, c),
  appendDealEvent: (a, b, c) => deals.appendDealEvent(a, b, c),
  'appendDealEvent of a right event': (a) => deals.appendDealEvent(a, { type: 'deleted', at: '2030-01-01' }),
  stageHistory: (a, b) => deals.stageHistory(a, b),
  'stageHistory to a date': (a) => deals.stageHistory(a, { asOf: '2026-03-01' }),
  lastOpenStage: (a) => deals.lastOpenStage(a),
  dealAge: (a, b, c) => deals.dealAge(a, b, c),
  'dealAge at a date': (a) => deals.dealAge(a, '2026-03-01'),
  dealCycleDays: (a) => deals.dealCycleDays(a),
  recurringValueOf: (a, b) => deals.recurringValueOf(a, b),
  'recurringValueOf some money': (a) => deals.recurringValueOf({ mrr: money, termMonths: a }),
  lineItemTotal: (a, b) => deals.lineItemTotal(a, b),
  'lineItemTotal of an item': (a, b) => deals.lineItemTotal({ ...item, discount: a }, b),
  lineItemMargin: (a, b) => deals.lineItemMargin(a, b),
  dealAmountFromLineItems: (a, b) => deals.dealAmountFromLineItems(a, b),
  dealMargin: (a, b) => deals.dealMargin(a, b),
  splitDealAmount: (a) => deals.splitDealAmount(a),
  sumDeals: (a, b) => deals.sumDeals(a, b),
  'sumDeals of one': (a) => deals.sumDeals([a], { currency: 'USD' }),
  parseDeals: (a, b) => deals.parseDeals(a, b),
};

test('every exported function is among them', () => {
  const functions = Object.entries(deals).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
  expect(functions.filter((name) => !Object.hasOwn(ENTRIES, name))).toEqual([]);
});

describe.each(Object.entries(ENTRIES))('%s', (_, call) => {
  test('never throws anything but a DomainError', () => {
    fc.assert(
      fc.property(brokenDealArbitrary, hostileArbitrary, hostileArbitrary, (a, b, c) => {
        try {
          const result = call(a as never, b as never, c as never);
          expect(isPlainData(result)).toBe(true);
        } catch (error) {
          if (!isDomainError(error)) throw error;
          expect(error.issues.length).toBeGreaterThan(0);
          expect(isPlainData(error.issues)).toBe(true);
        }
        expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      }),
      { ...SEED, numRuns: 400 },
    );
  });
});
