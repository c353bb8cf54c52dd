import {
  type Credit,
  type CreditDealsOptions,
  type CreditingRule,
  computeCompensation,
  creditDeals,
  defineCreditingRules,
  definePlan,
  type Transaction,
  validateCredit,
} from 'dealwright/compensation';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { booking, brief, freeze, imbalance, usd } from './support.js';

const credit = (transactions: readonly Transaction[], rules: readonly CreditingRule[], more: Omit<CreditDealsOptions, 'rules'> = {}) =>
  creditDeals(freeze(transactions), freeze({ rules, ...more }));
const splits = (...shares: readonly (readonly [string, string])[]): NonNullable<Transaction['splits']> => shares.map(([payeeId, share]) => ({ payeeId, kind: 'revenue', share }));

describe('who is credited', () => {
  test('the owner', () => {
    const result = credit([booking('500', { kind: 'new', accountId: 'acme', termMonths: 12, attributes: { discount: 0.1 } })], [{ id: 'r', recipients: 'owner' }]);
    expect(result).toEqual({
      credits: [
        {
          id: 't1/r/ann',
          payeeId: 'ann',
          dealId: 'd1',
          on: '2026-02-14',
          amount: usd('500.00'),
          kind: 'new',
          accountId: 'acme',
          termMonths: 12,
          type: 'direct',
          share: '1',
          attributes: { discount: 0.1, creditingRule: 'r', transactionType: 'booking' },
        },
      ],
      uncredited: [],
      setAside: [],
      controlTotals: [
        {
          currency: 'USD',
          bookings: usd('500.00'),
          direct: usd('500.00'),
          pending: usd('0.00'),
          uncredited: usd('0.00'),
          setAside: usd('0.00'),
          overlay: usd('0.00'),
          indirect: usd('0.00'),
        },
      ],
      issues: [],
    });
    expect(result.credits.flatMap((entry) => validateCredit(entry))).toEqual([]);
  });

  test('splits, to the cent: the unit left over goes to the first payee id among equals', () => {
    expect(brief(credit([booking('100.01', { splits: splits(['bob', '0.5'], ['ann', '0.5']) })], [{ id: 'r', recipients: 'splits' }]).credits)).toEqual(['ann 50.01', 'bob 50.00']);
    expect(brief(credit([booking('-100.01', { splits: splits(['bob', '0.5'], ['ann', '0.5']) })], [{ id: 'r', recipients: 'splits' }]).credits)).toEqual([
      'ann -50.01',
      'bob -50.00',
    ]);
    expect(brief(credit([booking('100')], [{ id: 'r', recipients: 'splits' }]).credits)).toEqual(['ann 100.00']);
  });

  test('splits that do not sum to exactly 1 set the sale aside', () => {
    const result = credit([booking('100', { splits: splits(['ann', '0.5'], ['bob', '0.4']) })], [{ id: 'r', recipients: 'splits' }]);
    expect(result.issues.map((issue) => [issue.code, issue.path])).toEqual([['invalid_splits', ['transactions', 0, 'splits']]]);
    expect(result.setAside).toEqual([{ transactionId: 't1', amount: usd('100.00'), reason: 'invalid' }]);
    expect(result.controlTotals[0]?.setAside).toEqual(usd('100.00'));
    expect(imbalance(result)).toEqual([0n]);
  });

  test('overlay splits and overlays by role, above 100 %', () => {
    const transaction = booking('1000', {
      splits: [
        { payeeId: 'ann', kind: 'revenue', share: '1' },
        { payeeId: 'eve', kind: 'overlay', share: '1.2' },
      ],
      team: [
        { payeeId: 'sue', role: 'se' },
        { payeeId: 'tim', role: 'se' },
        { payeeId: 'sue', role: 'se' },
      ],
    });
    const result = credit(
      [transaction],
      [
        { id: 'sellers', recipients: 'splits' },
        { id: 'overlays', type: 'overlay', recipients: 'overlay-splits' },
        { id: 'engineers', type: 'overlay', recipients: { role: 'se' }, share: '0.3' },
        { id: 'pair', type: 'overlay', recipients: { role: 'se' }, share: '0.3333', divide: 'equally' },
      ],
    );
    expect(brief(result.credits)).toEqual(['ann 1000.00', 'eve 1200.00', 'sue 166.65', 'sue 300.00', 'tim 166.65', 'tim 300.00']);
    expect(result.controlTotals[0]).toMatchObject({ direct: usd('1000.00'), overlay: usd('2133.30') });
  });

  test('a role shared among sellers, and named payees', () => {
    const team = [
      { payeeId: 'a', role: 'ae' },
      { payeeId: 'b', role: 'ae' },
      { payeeId: 'c', role: 'ae' },
    ];
    const shared = credit([booking('100', { team })], [{ id: 'r', recipients: { role: 'ae' } }]);
    expect(brief(shared.credits)).toEqual(['a 33.34', 'b 33.33', 'c 33.33']);
    expect(shared.credits[0]?.share).toBe('0.333333333333');
    const named = credit(
      [booking('100')],
      [
        {
          id: 'r',
          recipients: {
            payees: [
              { payeeId: 'house', share: '0.7' },
              { payeeId: 'ann', share: '0.3' },
            ],
          },
          share: '0.5',
        },
      ],
    );
    expect(brief(named.credits)).toEqual(['ann 15.00', 'house 35.00']);
    expect(named.uncredited).toEqual([{ transactionId: 't1', dealId: 'd1', on: '2026-02-14', amount: usd('50.00'), reason: 'not-shared', ruleId: 'r' }]);
  });

  test('whoever works the territory on the day of the booking', () => {
    const options = {
      territories: [
        { id: 'attica', kind: 'geographic' as const, where: { country: 'GR', postalCode: { prefix: '11' } } },
        { id: 'greece', kind: 'geographic' as const, where: { country: 'GR' } },
      ],
      territoryAssignments: [
        { territoryId: 'attica', memberId: 'ann', from: '2026-01-01', to: '2026-02-01' },
        { territoryId: 'attica', memberId: 'bob', from: '2026-02-01' },
        { territoryId: 'attica', memberId: 'sue', from: '2026-01-01', role: 'se' },
      ],
      accounts: [
        { id: 'acme', country: 'GR', postalCode: '11527' },
        { id: 'beta', country: 'IT' },
      ],
    };
    const rules: readonly CreditingRule[] = [
      { id: 'area', recipients: { territory: 'owner' } },
      { id: 'se', type: 'overlay', recipients: { territory: 'se' }, match: { territoryId: 'attica', 'account.country': 'GR' } },
    ];
    const result = credit(
      [
        booking('100', { accountId: 'acme' }),
        booking('200', { id: 't2', accountId: 'beta', dealId: 'd2' }),
        booking('300', { id: 't3', on: '2026-01-31', dealId: 'd3', territoryId: 'attica' }),
      ],
      rules,
      options,
    );
    expect(brief(result.credits)).toEqual(['ann 300.00', 'bob 100.00', 'sue 100.00']);
    expect(result.credits.map((entry) => entry.territoryId)).toEqual(['attica', 'attica', 'attica']);
    expect(result.uncredited).toMatchObject([{ transactionId: 't2', reason: 'no-recipient' }]);
    expect(imbalance(result)).toEqual([0n]);
  });

  test('two territories of equal rank are an issue, and no territory', () => {
    const result = credit([booking('100', { accountId: 'acme' })], [{ id: 'area', recipients: { territory: 'owner' } }], {
      territories: [
        { id: 'x', kind: 'geographic', where: { country: 'GR' } },
        { id: 'y', kind: 'geographic', where: { country: 'GR' } },
      ],
      accounts: [{ id: 'acme', country: 'GR' }],
    });
    expect(result.issues.map((issue) => issue.code)).toEqual(['ambiguous_territory']);
    expect(result.uncredited).toMatchObject([{ reason: 'no-recipient', amount: usd('100.00') }]);
  });

  test('eligibility windows: the share of somebody who is not eligible is not given to others', () => {
    const result = credit([booking('100', { splits: splits(['ann', '0.6'], ['bob', '0.4']) })], [{ id: 'r', recipients: 'splits' }], {
      eligibility: [
        { payeeId: 'bob', to: '2026-02-01' },
        { payeeId: 'bob', from: '2026-03-01' },
        { payeeId: 'ann', match: { amount: { from: '50' } } },
      ],
    });
    expect(brief(result.credits)).toEqual(['ann 60.00']);
    expect(result.uncredited).toMatchObject([{ reason: 'not-eligible', amount: usd('40.00') }]);
  });
});

describe('which rule', () => {
  const rule = (id: string, payeeId: string, more: Partial<CreditingRule> = {}): CreditingRule => ({ id, recipients: { payees: [{ payeeId, share: '1' }] }, ...more });

  test('priority, then specificity, then age', () => {
    const general = rule('general', 'g');
    const specific = rule('specific', 's', { match: { kind: 'new' } });
    const more = rule('more', 'm', { match: { kind: 'new', productId: 'crm' } });
    const sale = booking('100', { kind: 'new', productId: 'crm' });
    expect(brief(credit([sale], [general, specific, more]).credits)).toEqual(['m 100.00']);
    expect(brief(credit([sale], [general, { ...specific, priority: 1 }, more]).credits)).toEqual(['s 100.00']);
    expect(brief(credit([booking('100', { kind: 'renewal' })], [general, specific, more]).credits)).toEqual(['g 100.00']);
    expect(brief(credit([sale], [rule('x', 'x', { createdOn: '2026-01-02' }), rule('y', 'y', { createdOn: '2026-01-01' })]).credits)).toEqual(['y 100.00']);
  });

  test('equal rank: an issue, and set aside, or the first listed', () => {
    const rules = [rule('x', 'x', { match: { kind: 'new' } }), rule('w', 'w', { match: { productId: 'crm' } }), rule('z', 'z')];
    const sale = booking('100', { kind: 'new', productId: 'crm' });
    const result = credit([sale], rules);
    expect(result.issues).toMatchObject([{ code: 'ambiguous_crediting', path: ['transactions', 0], received: '"w, x"' }]);
    expect(result.setAside).toEqual([{ transactionId: 't1', amount: usd('100.00'), reason: 'ambiguous' }]);
    expect(imbalance(result)).toEqual([0n]);
    const listed = credit([sale], rules, { onAmbiguity: 'first-listed' });
    expect(brief(listed.credits)).toEqual(['x 100.00']);
    expect(listed.issues).toHaveLength(1);
  });

  test('overlays hold side by side, but one of a group', () => {
    const overlay = (id: string, more: Partial<CreditingRule> = {}): CreditingRule => rule(id, id, { type: 'overlay', ...more });
    expect(brief(credit([booking('100')], [overlay('a'), overlay('b', { group: 'g' }), overlay('c', { group: 'g', priority: 1 })]).credits)).toEqual(['a 100.00', 'c 100.00']);
  });

  test('a rule holds for bookings within its days', () => {
    const rules = [rule('old', 'o', { to: '2026-02-14' }), rule('new', 'n', { from: '2026-02-14' })];
    expect(brief(credit([booking('1'), booking('2', { id: 't2', on: '2026-02-13', dealId: 'd2' })], rules).credits)).toEqual(['n 1.00', 'o 2.00']);
  });

  test('nothing holds', () => {
    const result = credit([booking('100')], [rule('r', 'x', { match: { kind: 'renewal' } })]);
    expect(result.credits).toEqual([]);
    expect(result.uncredited).toEqual([{ transactionId: 't1', dealId: 'd1', on: '2026-02-14', amount: usd('100.00'), reason: 'no-rule' }]);
  });
});

describe('when: stages of the credit', () => {
  const creditOn = [
    { on: 'booking', share: '0.6' },
    { on: 'invoice', share: '0.2' },
    { on: 'payment', share: '0.2' },
  ] as const;
  const rules: readonly CreditingRule[] = [{ id: 'r', recipients: 'splits' }];
  const event = (id: string, type: Transaction['type'], on: string, amount: string, more: Partial<Transaction> = {}): Transaction => ({
    id,
    type,
    dealId: 'd1',
    on,
    amount: usd(amount),
    ...more,
  });

  test('60/20/20 at booking, invoice and payment', () => {
    const result = credit([booking('1000'), event('i1', 'invoice', '2026-03-01', '1000'), event('p1', 'payment', '2026-04-01', '1000')], rules, { creditOn });
    expect(result.credits.map((entry) => [entry.id, entry.on, entry.amount?.amount])).toEqual([
      ['t1/r/ann', '2026-02-14', '600.00'],
      ['i1/t1/r/ann', '2026-03-01', '200.00'],
      ['p1/t1/r/ann', '2026-04-01', '200.00'],
    ]);
    expect(result.controlTotals[0]).toMatchObject({ direct: usd('1000.00'), pending: usd('0.00') });
  });

  test('in parts, rounded to date, the last stage taking the residue', () => {
    const parts = ['33.33', '33.33', '33.35'].map((amount, index) => event(`p${index}`, 'payment', `2026-0${index + 4}-01`, amount));
    const result = credit([booking('100.01', { splits: splits(['ann', '0.5'], ['bob', '0.5']) }), event('i', 'invoice', '2026-03-01', '100.01'), ...parts], rules, { creditOn });
    const of = (payeeId: string): readonly string[] => result.credits.filter((entry) => entry.payeeId === payeeId).map((entry) => entry.amount?.amount ?? '');
    expect(of('ann')).toEqual(['30.01', '10.00', '3.33', '3.33', '3.34']);
    expect(of('bob')).toEqual(['30.00', '10.00', '3.33', '3.34', '3.33']);
    expect(imbalance(result)).toEqual([0n]);
  });

  test('what has not come is pending', () => {
    const result = credit([booking('1000'), event('i1', 'invoice', '2026-03-01', '500')], rules, { creditOn });
    expect(result.controlTotals[0]).toMatchObject({ bookings: usd('1000.00'), direct: usd('700.00'), pending: usd('300.00') });
  });

  test('a cancellation takes back what had come of the cancelled part', () => {
    const result = credit([booking('1000'), event('i1', 'invoice', '2026-03-01', '500'), event('x', 'cancellation', '2026-03-15', '-500')], rules, { creditOn });
    // Half is cancelled: 60 % of it had been credited with the booking; the invoice is for the half that stays.
    expect(result.credits.map((entry) => entry.amount?.amount)).toEqual(['600.00', '100.00', '-300.00']);
    expect(result.credits[2]).toMatchObject({ id: 'x/t1/r/ann', refersTo: 't1/r/ann', attributes: { transactionType: 'cancellation' } });
    expect(result.controlTotals[0]).toMatchObject({ bookings: usd('500.00'), direct: usd('400.00'), pending: usd('100.00') });
    const all = credit([booking('1000'), event('i1', 'invoice', '2026-03-01', '1000'), event('x', 'cancellation', '2026-03-15', '-1000')], rules, { creditOn });
    expect(all.controlTotals[0]).toMatchObject({ bookings: usd('0.00'), direct: usd('0.00'), pending: usd('0.00') });
  });

  test('more than was booked, taken back or paid, is an issue', () => {
    const result = credit([booking('1000'), event('p1', 'payment', '2026-03-01', '1200'), event('x', 'cancellation', '2026-03-15', '-1001')], rules, { creditOn });
    expect(result.issues.map((issue) => issue.code)).toEqual(['out_of_range', 'out_of_range']);
    expect(result.setAside).toMatchObject([{ transactionId: 'x', reason: 'exceeds-booking' }]);
    expect(result.controlTotals[0]).toMatchObject({ bookings: usd('-1.00'), setAside: usd('-1001.00'), direct: usd('800.00'), pending: usd('200.00') });
    expect(imbalance(result)).toEqual([0n]);
  });

  test('a deposit that comes before the booking waits for it', () => {
    const result = credit([event('p0', 'payment', '2026-02-01', '250'), booking('1000')], rules, { creditOn: [{ on: 'payment', share: '1' }] });
    expect(result.credits.map((entry) => [entry.id, entry.amount?.amount])).toEqual([['t1/r/ann', '250.00']]);
  });

  test('invoices without a booking are credited by themselves, if the invoice is what is credited', () => {
    const sold = [event('i1', 'invoice', '2026-03-01', '70', { ownerId: 'ann' }), event('i2', 'invoice', '2026-03-02', '-20', { ownerId: 'ann' })];
    const result = credit(sold, rules, { creditOn: [{ on: 'invoice', share: '1' }] });
    expect(brief(result.credits)).toEqual(['ann -20.00', 'ann 70.00']);
    expect(result.controlTotals[0]).toMatchObject({ bookings: usd('50.00'), direct: usd('50.00') });
    const staged = credit(sold, rules, { creditOn });
    expect(staged.issues.map((issue) => issue.code)).toEqual(['missing_booking', 'missing_booking']);
    expect(staged.credits).toEqual([]);
    // Nobody asks for invoices.
    expect(credit(sold, rules).issues).toEqual([]);
  });

  test('a payment for one line item credits that line; one for the deal is divided in proportion', () => {
    const lines = [booking('1000', { id: 'l1', lineItemId: 'a' }), booking('1000', { id: 'l2', lineItemId: 'b', kind: 'renewal' })];
    const of = (payment: Partial<Transaction>): readonly string[] =>
      credit([...lines, event('p', 'payment', '2026-03-01', '1500', payment)], [{ id: 'r', recipients: 'owner', match: { not: { kind: 'renewal' } } }], {
        creditOn: [{ on: 'payment', share: '1' }],
      }).credits.map((entry) => entry.amount?.amount ?? '');
    expect(of({})).toEqual(['750.00']);
    expect(of({ lineItemId: 'a' })).toEqual(['1000.00']);
    expect(of({ refersTo: 'l2' })).toEqual([]);
  });

  test('earlier bookings are filled first; a refund takes back in proportion', () => {
    const result = credit(
      [booking('100'), booking('300', { id: 't2', on: '2026-02-20' }), event('p1', 'payment', '2026-03-01', '200'), event('p2', 'payment', '2026-03-02', '-40')],
      rules,
      { creditOn: [{ on: 'payment', share: '1' }] },
    );
    expect(result.credits.map((entry) => [entry.id, entry.amount?.amount])).toEqual([
      ['p1/t1/r/ann', '100.00'],
      ['p1/t2/r/ann', '100.00'],
      ['p2/t1/r/ann', '-20.00'],
      ['p2/t2/r/ann', '-20.00'],
    ]);
  });

  test('a rule may have a schedule of its own', () => {
    const own: readonly CreditingRule[] = [
      ...rules,
      { id: 'csm', type: 'overlay', recipients: { payees: [{ payeeId: 'csm', share: '1' }] }, creditOn: [{ on: 'payment', share: '1' }] },
    ];
    expect(brief(credit([booking('100'), event('p', 'payment', '2026-03-01', '30')], own).credits)).toEqual(['ann 100.00', 'csm 30.00']);
  });

  test('as of a day: later transactions do not count yet', () => {
    const result = credit([booking('100'), booking('200', { id: 't2', on: '2026-03-01', dealId: 'd2' }), { ...booking('1'), id: 't3', on: '2026-03-02', ownerId: '' }], rules, {
      asOf: '2026-03-01',
    });
    expect(brief(result.credits)).toEqual(['ann 100.00']);
    expect(result.controlTotals[0]?.bookings).toEqual(usd('100.00'));
  });
});

describe('quota credit and amount', () => {
  test('weights by product, kind and term multiply', () => {
    const rules: readonly CreditingRule[] = [
      {
        id: 'r',
        recipients: 'splits',
        quotaWeights: [
          { match: { kind: 'renewal' }, weight: '0.5' },
          { match: { termMonths: { from: '24' } }, weight: '1.25' },
          { match: { productId: 'services' }, weight: '0' },
        ],
      },
      { id: 'se', type: 'overlay', recipients: { payees: [{ payeeId: 'sue', share: '1' }] } },
    ];
    const of = (more: Partial<Transaction>): readonly (string | undefined)[] =>
      credit([booking('100.01', { splits: splits(['ann', '0.5'], ['bob', '0.5']), ...more })], rules).credits.map((entry) => entry.quotaCredit?.amount);
    expect(of({})).toEqual(['50.01', '50.00', '100.01']);
    expect(of({ kind: 'renewal', termMonths: 36 })).toEqual(['31.26', '31.25', '100.01']);
    expect(of({ productId: 'services' })).toEqual(['0.00', '0.00', '100.01']);
  });

  test('quota credit alone is staged; pay is on the amount, with the booking', () => {
    const result = credit(
      [booking('1000', { arr: usd('400') }), { id: 'i1', type: 'invoice', dealId: 'd1', on: '2026-03-01', amount: usd('1000') }],
      [
        {
          id: 'r',
          recipients: 'owner',
          staged: 'quota',
          creditOn: [
            { on: 'booking', share: '0.25' },
            { on: 'invoice', share: '0.75' },
          ],
        },
      ],
    );
    expect(result.credits.map((entry) => [entry.amount?.amount, entry.quotaCredit?.amount, entry.arr?.amount])).toEqual([
      ['1000.00', '250.00', '400.00'],
      ['0.00', '750.00', '0.00'],
    ]);
  });

  test('a plan measures attainment by one and pays on the other', () => {
    const { credits } = credit([booking('1000', { kind: 'renewal' })], [{ id: 'r', recipients: 'owner', quotaWeights: [{ match: { kind: 'renewal' }, weight: '0.5' }] }]);
    const plan = definePlan({
      id: 'p',
      currency: 'USD',
      period: 'quarter',
      components: [
        { kind: 'commission', id: 'pay', measure: { sum: 'amount' }, rate: '0.1' },
        { kind: 'commission', id: 'attained', measure: { sum: 'quotaCredit' }, rate: '0', quota: '2000' },
      ],
    });
    const run = computeCompensation({ plans: [plan], assignments: [{ payeeId: 'ann', planId: 'p', from: '2026-01-01' }], payees: [{ id: 'ann' }], credits, periods: ['2026-Q1'] });
    expect(run.issues).toEqual([]);
    expect(run.statements[0]?.total).toEqual(usd('100.00'));
    expect(run.statements[0]?.attainment.find((entry) => entry.componentId === 'attained')?.attainment).toBe('0.25');
  });

  test('everything else that is countable is divided alike', () => {
    const result = credit(
      [booking('100', { splits: splits(['ann', '0.6'], ['bob', '0.4']), units: '3', margin: usd('40.01'), mrr: usd('8.33'), values: { seats: '10' } })],
      [{ id: 'r', recipients: 'splits', componentIds: ['c'] }],
    );
    expect(result.credits).toMatchObject([
      { units: '1.8', margin: usd('24.01'), mrr: usd('5.00'), values: { seats: '6' }, componentIds: ['c'] },
      { units: '1.2', margin: usd('16.00'), mrr: usd('3.33'), values: { seats: '4' } },
    ]);
    expect(result.credits.flatMap((entry) => validateCredit(entry))).toEqual([]);
  });

  test('a payout split credits everybody with the whole, and says who is paid what', () => {
    const result = credit([booking('1000', { splits: splits(['ann', '0.6'], ['bob', '0.4']) })], [{ id: 'r', recipients: 'splits', split: 'payout' }]);
    expect(result.credits).toMatchObject([
      { payeeId: 'ann', amount: usd('1000.00'), share: '0.6', payoutShare: '0.6' },
      { payeeId: 'bob', amount: usd('1000.00'), share: '0.4', payoutShare: '0.4' },
    ]);
    expect(result.controlTotals[0]).toMatchObject({ bookings: usd('1000.00'), direct: usd('1000.00') });
  });
});

describe('managers', () => {
  const hierarchy = {
    reports: [
      { memberId: 'ann', managerId: 'max', from: '2026-01-01' },
      { memberId: 'bob', managerId: 'max', from: '2026-01-01' },
      { memberId: 'sue', managerId: 'max', from: '2026-01-01' },
      { memberId: 'cat', managerId: 'zoe', from: '2026-01-01' },
      { memberId: 'max', managerId: 'vic', from: '2026-01-01', to: '2026-03-01' },
      { memberId: 'max', managerId: 'wim', from: '2026-03-01' },
      { memberId: 'zoe', managerId: 'vic', from: '2026-01-01' },
    ],
  };
  const sellers: CreditingRule = { id: 'sellers', recipients: 'splits' };
  const engineers: CreditingRule = { id: 'engineers', type: 'overlay', recipients: { role: 'se' } };
  const managers = (transaction: Transaction, rules: readonly CreditingRule[]): readonly string[] =>
    brief(credit([transaction], rules, { hierarchy }).credits.filter((entry) => entry.type === 'indirect'));

  test('roll up direct credit, a deal that two people share once', () => {
    const shared = booking('100.01', { splits: splits(['ann', '0.4'], ['bob', '0.3'], ['cat', '0.3']) });
    expect(managers(shared, [sellers, { id: 'm', recipients: { rollUp: {} } }])).toEqual(['max 70.01', 'zoe 30.00']);
    expect(managers(shared, [sellers, { id: 'm', recipients: { rollUp: { levels: 'all' } } }])).toEqual(['max 70.01', 'vic 100.01', 'zoe 30.00']);
    expect(managers(shared, [sellers, { id: 'm', recipients: { rollUp: { deduplicate: false } } }])).toEqual(['max 30.00', 'max 40.01', 'zoe 30.00']);
  });

  test('double credit counts once, or twice where it is meant to', () => {
    const doubled = booking('100', { team: [{ payeeId: 'sue', role: 'se' }] });
    expect(managers(doubled, [sellers, engineers, { id: 'm', recipients: { rollUp: { of: 'all' } } }])).toEqual(['max 100.00']);
    expect(managers(doubled, [sellers, engineers, { id: 'm', recipients: { rollUp: { of: 'all', deduplicate: false } } }])).toEqual(['max 100.00', 'max 100.00']);
    expect(managers(doubled, [sellers, engineers, { id: 'm', recipients: { rollUp: { of: 'overlay' } } }])).toEqual(['max 100.00']);
    expect(managers(booking('100'), [sellers, engineers, { id: 'm', recipients: { rollUp: { of: 'overlay' } } }])).toEqual([]);
  });

  test('levels with shares of their own', () => {
    expect(managers(booking('100'), [sellers, { id: 'm', recipients: { rollUp: { levelShares: ['0.5', '0.125'] } } }])).toEqual(['max 50.00', 'vic 12.50']);
    expect(managers(booking('100'), [sellers, { id: 'm', recipients: { rollUp: { levels: 'all' } }, share: '0.1' }])).toEqual(['max 10.00', 'vic 10.00']);
  });

  test('as of the day of each credit; a cancellation takes back from whoever had it', () => {
    const result = credit(
      [
        booking('1000'),
        { id: 'i', type: 'invoice', dealId: 'd1', on: '2026-03-05', amount: usd('1000') },
        { id: 'x', type: 'cancellation', dealId: 'd1', on: '2026-04-05', amount: usd('-1000') },
      ],
      [sellers, { id: 'm', recipients: { rollUp: { levels: 2 } } }],
      {
        hierarchy,
        creditOn: [
          { on: 'booking', share: '0.6' },
          { on: 'invoice', share: '0.4' },
        ],
      },
    );
    const of = (payeeId: string): readonly string[] =>
      result.credits.filter((entry) => entry.payeeId === payeeId).map((entry) => `${entry.on.slice(5, 7)} ${entry.amount?.amount ?? ''}`);
    expect(of('max')).toEqual(['02 600.00', '03 400.00', '04 -1000.00']);
    expect(of('vic')).toEqual(['02 600.00', '04 -600.00']);
    expect(of('wim')).toEqual(['03 400.00', '04 -400.00']);
  });

  test('a roll-up needs a hierarchy', () => {
    expect(() => credit([], [{ id: 'm', recipients: { rollUp: {} } }])).toThrow(/hierarchy/);
  });
});

describe('wrong calls and wrong rows', () => {
  test('rules', () => {
    const codes = (rule: unknown): readonly string[] => {
      try {
        defineCreditingRules([rule as CreditingRule]);
        return [];
      } catch (error) {
        return (error as { readonly issues: readonly { readonly code: string }[] }).issues.map((issue) => issue.code);
      }
    };
    expect(codes({ id: 'r', recipients: 'owner', share: '1.5' })).toEqual(['invalid_splits']);
    expect(codes({ id: 'r', recipients: 'owner', share: '1.5', type: 'overlay' })).toEqual([]);
    expect(codes({ id: 'r', recipients: 'ownr' })).toEqual(['invalid_value']);
    expect(codes({ id: 'r', recipients: {} })).toEqual(['missing_key']);
    expect(
      codes({
        id: 'r',
        recipients: {
          payees: [
            { payeeId: 'a', share: '0.5' },
            { payeeId: 'a', share: '0.5' },
          ],
        },
      }),
    ).toEqual(['duplicate_id']);
    expect(codes({ id: 'r', recipients: { payees: [{ payeeId: 'a', share: '0.5' }] } })).toEqual(['invalid_splits']);
    expect(codes({ id: 'r', recipients: { role: 'ae' }, divide: 'each' })).toEqual(['invalid_splits']);
    expect(codes({ id: 'r', recipients: 'owner', group: 'g' })).toEqual(['invalid_value']);
    expect(codes({ id: 'r', recipients: { rollUp: {} }, type: 'direct' })).toEqual(['invalid_value']);
    expect(codes({ id: 'r', recipients: { rollUp: {} }, creditOn: [{ on: 'booking', share: '1' }] })).toEqual(['unknown_key']);
    expect(codes({ id: 'r', recipients: { rollUp: { levels: 2, levelShares: ['1'] } } })).toEqual(['length_mismatch']);
    expect(
      codes({
        id: 'r',
        recipients: 'owner',
        creditOn: [
          { on: 'booking', share: '0.6' },
          { on: 'payment', share: '0.3' },
        ],
      }),
    ).toEqual(['invalid_splits']);
    expect(
      codes({
        id: 'r',
        recipients: 'owner',
        creditOn: [
          { on: 'booking', share: '0.5' },
          { on: 'booking', share: '0.5' },
        ],
      }),
    ).toEqual(['duplicate_id']);
    expect(codes({ id: 'r', recipients: 'owner', match: { prodctId: 'x' } })).toEqual(['unknown_key']);
    expect(codes({ id: 'r', recipients: 'owner', split: 'payout', type: 'overlay' })).toEqual(['invalid_value']);
    // @ts-expect-error a misspelt recipient
    expect(codes({ id: 'r', recipients: 'spits' } satisfies CreditingRule)).toEqual(['invalid_value']);
  });

  test('rows: issues beside the results, and every amount accounted for', () => {
    const result = creditDeals(
      [
        booking('100'),
        booking('50'),
        booking('7', { id: 't2', amount: null, dealId: 'd2' }),
        { ...booking('8', { id: 't3' }), amount: { amount: '8', currency: 'EUR' } },
        { ...booking('9', { id: 't4', dealId: 'd4' }), ownr: 'x' } as unknown as Transaction,
        booking('5', { id: 't5', type: 'cancellation' }),
        { id: 't6', type: 'cancellation', dealId: 'd9', on: '2026-03-01', amount: usd('-3') },
        null as unknown as Transaction,
      ],
      { rules: [{ id: 'r', recipients: 'owner' }] },
    );
    expect(result.issues.map((issue) => [issue.path[1], issue.code])).toEqual([
      [1, 'duplicate_id'],
      [2, 'missing_amount'],
      [3, 'currency_mismatch'],
      [4, 'unknown_key'],
      [5, 'out_of_range'],
      [6, 'missing_booking'],
      [7, 'invalid_type'],
    ]);
    expect(result.setAside.map((entry) => [entry.transactionId, entry.reason])).toEqual([
      [null, 'invalid'],
      ['t1', 'duplicate'],
      ['t2', 'missing-amount'],
      ['t3', 'currency-mismatch'],
      ['t4', 'invalid'],
      ['t5', 'invalid'],
      ['t6', 'missing-booking'],
    ]);
    expect(imbalance(result)).toEqual(result.controlTotals.map(() => 0n));
    expectTypeOf(result.credits).toEqualTypeOf<readonly Credit[]>();
  });

  test('a sale for nothing is credited once', () => {
    const result = credit([booking('0', { units: '0' })], [{ id: 'r', recipients: 'owner' }]);
    expect(brief(result.credits)).toEqual(['ann 0.00']);
    expect(credit([], [{ id: 'r', recipients: 'owner' }])).toEqual({ credits: [], uncredited: [], setAside: [], controlTotals: [], issues: [] });
  });

  test('ids that hold the separator stay apart', () => {
    const result = credit(
      [booking('1', { id: 'a/b' }), booking('1', { id: 'a', dealId: 'd2' })],
      [
        { id: 'c', type: 'overlay', recipients: { payees: [{ payeeId: 'x', share: '1' }] } },
        { id: 'b/c', type: 'overlay', recipients: { payees: [{ payeeId: 'x', share: '1' }] } },
      ],
    );
    expect(new Set(result.credits.map((entry) => entry.id)).size).toBe(4);
  });
});
