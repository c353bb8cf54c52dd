import {
  type BuiltInConfig,
  type Credit,
  type CreditDealsOptions,
  type CreditingRule,
  computeCompensation,
  creditDeals,
  definePlan,
  type Transaction,
} from 'dealwright/compensation';
import { expect, test } from 'vitest';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';

/* Published cases of splits, of which rule goes first, and of credit that comes with invoices and payments; by id. */
interface Case {
  readonly id: string;
  readonly facts: Readonly<Record<string, never>>;
  readonly expected: Readonly<Record<string, never>>;
}

describeWithReference('worked cases: crediting', () => {
  const cases = readReferenceJson<readonly Case[]>('cases/compensation.json');
  /** Facts and expected of a case, as the shape it has. */
  const given = <Facts, Expected>(id: string): { readonly facts: Facts; readonly expected: Expected } => {
    const found = cases.find((entry) => entry.id === id);
    if (found === undefined) throw new Error(`no case ${id}`);
    return found as unknown as { readonly facts: Facts; readonly expected: Expected };
  };
  const usd = (amount: number): { readonly amount: string; readonly currency: string } => ({ amount: String(amount), currency: 'USD' });
  const booking = (amount: number, more: Partial<Transaction> = {}): Transaction => ({
    id: 't',
    type: 'booking',
    dealId: 'd',
    on: '2026-02-10',
    amount: usd(amount),
    ownerId: 'ann',
    ...more,
  });
  const event = (id: string, type: Transaction['type'], on: string, amount: number): Transaction => ({ id, type, dealId: 'd', on, amount: usd(amount) });
  const shared = (shares: readonly number[]): NonNullable<Transaction['splits']> => shares.map((share, index) => ({ payeeId: `p${index}`, kind: 'revenue', share: String(share) }));

  /** What each payee is paid on some credits, by the components given, in the order of ids. */
  const pay = (credits: readonly Credit[], components: readonly BuiltInConfig[], periods: readonly string[] = ['2026']): readonly number[] => {
    const payees = [...new Set(credits.map((credit) => credit.payeeId))].sort();
    const plan = definePlan({ id: 'p', currency: 'USD', period: 'month', components });
    const run = computeCompensation({
      plans: [plan],
      assignments: payees.map((payeeId) => ({ payeeId, planId: 'p', from: '2026-01-01' })),
      payees: payees.map((id) => ({ id })),
      credits,
      periods,
    });
    expect(run.issues).toEqual([]);
    return payees.map((id) => run.statements.filter((statement) => statement.payeeId === id).reduce((sum, statement) => sum + Number(statement.total.amount), 0));
  };
  const flat = (rate: number, id = 'c', more: Partial<Extract<BuiltInConfig, { kind: 'commission' }>> = {}): BuiltInConfig => ({
    kind: 'commission',
    id,
    measure: { sum: 'amount' },
    rate: String(rate),
    ...more,
  });
  const credited = (
    transactions: readonly Transaction[],
    rules: readonly CreditingRule[] = [{ id: 'r', recipients: 'splits' }],
    more: Omit<CreditDealsOptions, 'rules'> = {},
  ): readonly Credit[] => {
    const result = creditDeals(transactions, { rules, ...more });
    expect(result.issues).toEqual([]);
    return result.credits;
  };

  test('split-prowi-three', () => {
    const { facts, expected } = given<{ deal: number; rate: number; splits: number[] }, { pool: number; paid: number[] }>('split-prowi-three');
    const paid = pay(credited([booking(facts.deal, { splits: shared(facts.splits) })]), [flat(facts.rate)]);
    expect(paid).toEqual(expected.paid);
    expect(paid.reduce((sum, part) => sum + part, 0)).toBe(expected.pool);
  });

  test('split-prowi-handoff', () => {
    const { facts, expected } = given<{ deal: number; rate: number; stages_owned: number[] }, { paid: number[] }>('split-prowi-handoff');
    const stages = facts.stages_owned.reduce((sum, count) => sum + count, 0);
    expect(pay(credited([booking(facts.deal, { splits: shared(facts.stages_owned.map((count) => count / stages)) })]), [flat(facts.rate)])).toEqual(expected.paid);
  });

  test('split-prowi-sdr-ae', () => {
    const { facts, expected } = given<
      { deal: number; sdr: { split: number; rate: number; per_meeting: number }; ae: { split: number; rate: number } },
      { sdr: number; ae: number; total: number }
    >('split-prowi-sdr-ae');
    const splits: Transaction['splits'] = [
      { payeeId: 'ae', kind: 'revenue', share: String(facts.ae.split) },
      { payeeId: 'sdr', kind: 'revenue', share: String(facts.sdr.split) },
    ];
    const credits = credited([booking(facts.deal, { splits })]);
    const meeting: Credit = { id: 'm1', payeeId: 'sdr', on: '2026-02-01', units: '1', attributes: { meeting: true } };
    const ofAe = pay(
      credits.filter((credit) => credit.payeeId === 'ae'),
      [flat(facts.ae.rate)],
    );
    const ofSdr = pay(
      [...credits.filter((credit) => credit.payeeId === 'sdr'), meeting],
      [
        flat(facts.sdr.rate, 'deals', { measure: { sum: 'amount', where: { not: { 'attributes.meeting': true } } } }),
        flat(facts.sdr.per_meeting, 'meetings', { measure: { count: 'credits', where: { 'attributes.meeting': true } } }),
      ],
    );
    expect([...ofSdr, ...ofAe]).toEqual([expected.sdr, expected.ae]);
  });

  test('split-erpnext', () => {
    const { facts, expected } = given<{ net_total: number; allocated: number[] }, { contribution: number[] }>('split-erpnext');
    const percent = (allocated: readonly number[]): Transaction => booking(facts.net_total, { splits: shared(allocated.map((share) => share / 100)) });
    expect(credited([percent(facts.allocated)]).map((credit) => Number(credit.amount?.amount))).toEqual(expected.contribution);
    // Anything but exactly 100 % is refused.
    expect(creditDeals([percent([70, 29])], { rules: [{ id: 'r', recipients: 'splits' }] }).issues.map((issue) => issue.code)).toEqual(['invalid_splits']);
  });

  test('precedence-commissionflow', () => {
    const { facts, expected } = given<{ rules: { vip_min_50000: number; global_: number }; sales: [string, number][] }, { paid: number[] }>('precedence-commissionflow');
    const rules: readonly CreditingRule[] = [
      { id: 'global', recipients: 'owner', componentIds: ['global'] },
      { id: 'vip', recipients: 'owner', match: { 'account.segment': 'VIP', amount: { from: '50000' } }, componentIds: ['vip'] },
    ];
    const paid = facts.sales.map(([segment, amount]) =>
      pay(credited([booking(amount, { accountId: 'a' })], rules, { accounts: [{ id: 'a', segment }] }), [
        flat(facts.rules.global_, 'global'),
        flat(facts.rules.vip_min_50000, 'vip'),
      ]),
    );
    expect(paid.flat()).toEqual(expected.paid);
  });

  test('precedence-mercur', () => {
    const { facts, expected } = given<
      Record<'default' | 'seller' | 'seller_and_type_a' | 'seller_and_type_b' | 'subtotal', number>,
      Record<'and_match' | 'only_one_dimension_falls_back' | 'most_specific_wins', number>
    >('precedence-mercur');
    const rule = (id: string, match: NonNullable<CreditingRule['match']> = {}): CreditingRule => ({ id, recipients: 'owner', match, componentIds: [id] });
    const rules = {
      default: rule('default'),
      seller: rule('seller', { 'attributes.seller': 's1' }),
      a: rule('a', { 'attributes.seller': 's1', productId: 'a' }),
      b: rule('b', { 'attributes.seller': 's1', productId: 'b' }),
    };
    const components = [
      flat(facts.default / 100, 'default'),
      flat(facts.seller / 100, 'seller'),
      flat(facts.seller_and_type_a / 100, 'a'),
      flat(facts.seller_and_type_b / 100, 'b'),
    ];
    const of = (productId: string, chosen: readonly CreditingRule[]): number | undefined =>
      pay(credited([booking(facts.subtotal, { productId, attributes: { seller: 's1' } })], chosen), components)[0];
    expect(of('a', [rules.default, rules.a])).toBe(expected.and_match);
    expect(of('c', [rules.default, rules.a])).toBe(expected.only_one_dimension_falls_back);
    expect(of('b', [rules.default, rules.seller, rules.b])).toBe(expected.most_specific_wins);
  });

  test('precedence-oca-criteria', () => {
    const { facts, expected } = given<{ unit_price: number; rules: Record<'global_fixed' | 'category_fixed' | 'template_pct' | 'variant_pct', number> }, { by_match: number[] }>(
      'precedence-oca-criteria',
    );
    // A variant goes before its template, that before its category, and that before the rest, although each names one field: by priority.
    const rules: readonly CreditingRule[] = [
      { id: 'global', recipients: 'owner', componentIds: ['global'] },
      { id: 'category', recipients: 'owner', match: { 'attributes.category': 'c' }, priority: 1, componentIds: ['category'] },
      { id: 'template', recipients: 'owner', match: { 'attributes.template': 't' }, priority: 2, componentIds: ['template'] },
      { id: 'variant', recipients: 'owner', match: { productId: 'v' }, priority: 3, componentIds: ['variant'] },
    ];
    const components = [
      flat(facts.rules.global_fixed, 'global', { measure: { count: 'credits' } }),
      flat(facts.rules.category_fixed, 'category', { measure: { count: 'credits' } }),
      flat(facts.rules.template_pct / 100, 'template'),
      flat(facts.rules.variant_pct / 100, 'variant'),
    ];
    const lines: readonly Partial<Transaction>[] = [
      { productId: 'x' },
      { productId: 'x', attributes: { category: 'c' } },
      { productId: 'x', attributes: { category: 'c', template: 't' } },
      { productId: 'v', attributes: { category: 'c', template: 't' } },
    ];
    expect(lines.flatMap((line) => pay(credited([booking(facts.unit_price, line)], rules), components))).toEqual(expected.by_match);
  });

  test('fifty-fifty-oracle', () => {
    const { facts, expected } = given<{ order: number; rate: number; on_order: number; collections_pct: number[] }, { earned: number; on_order: number; per_collection: number }>(
      'fifty-fifty-oracle',
    );
    const payments = facts.collections_pct.map((share, index) => event(`p${index}`, 'payment', `2026-0${index + 3}-10`, facts.order * share));
    const creditOn = [
      { on: 'booking', share: String(facts.on_order) },
      { on: 'payment', share: String(1 - facts.on_order) },
    ] as const;
    const credits = credited([booking(facts.order), ...payments], [{ id: 'r', recipients: 'owner' }], { creditOn });
    const byMonth = ['2026-02', '2026-03', '2026-04'].map(
      (month) =>
        pay(
          credits.filter((credit) => credit.on.startsWith(month)),
          [flat(facts.rate)],
          [month],
        )[0],
    );
    expect(byMonth).toEqual([expected.on_order, expected.per_collection, expected.per_collection]);
    expect(pay(credits, [flat(facts.rate)])).toEqual([expected.earned]);
  });

  test('downpayment-oca-advance', () => {
    const { facts, expected } = given<{ order_lines: number[]; rate: number; down_payment_pct: number }, { order: number; down_payment: number; final: number }>(
      'downpayment-oca-advance',
    );
    const lines = facts.order_lines.map((amount, index) => booking(amount, { id: `l${index}`, lineItemId: `l${index}` }));
    const order = facts.order_lines.reduce((sum, amount) => sum + amount, 0);
    const advance = (order * facts.down_payment_pct) / 100;
    const credits = credited([...lines, event('i1', 'invoice', '2026-03-10', advance), event('i2', 'invoice', '2026-04-10', order - advance)], undefined, {
      creditOn: [{ on: 'invoice', share: '1' }],
    });
    const of = (month: string): number | undefined =>
      pay(
        credits.filter((credit) => credit.on.startsWith(month)),
        [flat(facts.rate)],
        [month],
      )[0];
    expect([of('2026-03'), of('2026-04')]).toEqual([expected.down_payment, expected.final]);
    expect(pay(credits, [flat(facts.rate)])).toEqual([expected.order]);
  });

  test('downpayment-oca-two-agents', () => {
    const { facts, expected } = given<{ order_lines: number[]; agents_per_line: number; rate: number }, { order: number; invoice: number }>('downpayment-oca-two-agents');
    // Two agents with the whole of each line: one sells, the other is credited on top.
    const team = Array.from({ length: facts.agents_per_line }, (_, index) => ({ payeeId: `agent${index}`, role: index === 0 ? 'seller' : 'second' }));
    const lines = facts.order_lines.map((amount, index) => booking(amount, { id: `l${index}`, lineItemId: `l${index}`, team }));
    const rules: readonly CreditingRule[] = [
      { id: 'seller', recipients: { role: 'seller' } },
      { id: 'second', type: 'overlay', recipients: { role: 'second' } },
    ];
    const total = (credits: readonly Credit[]): number => pay(credits, [flat(facts.rate)]).reduce((sum, part) => sum + part, 0);
    expect(total(credited(lines, rules))).toBe(expected.order);
    const order = facts.order_lines.reduce((sum, amount) => sum + amount, 0);
    expect(total(credited([...lines, event('i', 'invoice', '2026-03-10', order)], rules, { creditOn: [{ on: 'invoice', share: '1' }] }))).toBe(expected.invoice);
  });

  test('downpayment-oca-pr385', () => {
    const { facts, expected } = given<{ lines: number[]; commissionable: boolean[]; rate: number; down_payment: number }, { right: number; wrong: number }>(
      'downpayment-oca-pr385',
    );
    const lines = facts.lines.map((amount, index) =>
      booking(amount, { id: `l${index}`, lineItemId: `l${index}`, attributes: { commissionable: facts.commissionable[index] ?? false } }),
    );
    const credits = credited(
      [...lines, event('p', 'payment', '2026-03-10', facts.down_payment)],
      [{ id: 'r', recipients: 'owner', match: { 'attributes.commissionable': true } }],
      { creditOn: [{ on: 'payment', share: '1' }] },
    );
    expect(pay(credits, [flat(facts.rate)])).toEqual([expected.right]);
  });

  test('refund-oca-partial, refund-oca-full, refund-oca-net-zero, refund-tryton', () => {
    const partial = given<{ price: number; refund: number; rate: number }, { total: number }>('refund-oca-partial');
    const paid = credited(
      [booking(partial.facts.price), event('p', 'payment', '2026-03-10', partial.facts.price), event('q', 'payment', '2026-03-20', -partial.facts.refund)],
      undefined,
      { creditOn: [{ on: 'payment', share: '1' }] },
    );
    expect(pay(paid, [flat(partial.facts.rate)])).toEqual([partial.expected.total]);
    const full = given<{ price: number; refund: number; rate: number }, { total: number; lines: number }>('refund-oca-full');
    const both = credited([booking(full.facts.price), event('x', 'cancellation', '2026-03-10', -full.facts.refund)]);
    expect(both).toHaveLength(full.expected.lines);
    expect(pay(both, [flat(full.facts.rate)])).toEqual([full.expected.total]);
    const net = given<{ price: number; rate: number; refund: number }, { first: number; second: number; net: number }>('refund-oca-net-zero');
    const twice = credited([booking(net.facts.price), event('x', 'cancellation', '2026-03-10', -net.facts.refund)]);
    expect(twice.flatMap((credit) => pay([credit], [flat(net.facts.rate)]))).toEqual([net.expected.first, net.expected.second]);
    expect(pay(twice, [flat(net.facts.rate)])).toEqual([net.expected.net]);
    const tryton = given<{ amount: number; rate: number }, { commission: number; credit: number }>('refund-tryton');
    const reversed = credited([booking(tryton.facts.amount), event('x', 'cancellation', '2026-03-10', -tryton.facts.amount)]);
    expect(reversed.flatMap((credit) => pay([credit], [flat(tryton.facts.rate)]))).toEqual([tryton.expected.commission, tryton.expected.credit]);
  });
});
