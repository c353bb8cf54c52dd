import { type Deal, parseDeals, validateDeal } from 'dealwright/deals';
import { isDomainError } from 'dealwright/errors';
import { describe, expect, test } from 'vitest';
import { frozen } from './arbitrary-deal.js';

type Row = Readonly<Record<string, unknown>>;

const map = { id: 'id', stageId: 'stage', amount: 'value', createdOn: 'from', closedOn: 'to' } as const;
const stages = { Won: 'closed-won', Lost: 'closed-lost' } as const;

/** Reads one row on top of one that is in order. */
function one(row: Row, options: Partial<Parameters<typeof parseDeals<Row>>[1]> = {}) {
  const parsed = parseDeals<Row>(frozen([{ id: 'd1', stage: 'demo', value: '10', from: '2026-01-05', ...row }]), { map, stages, currency: 'USD', ...options });
  for (const deal of parsed.deals) expect(validateDeal(deal)).toEqual([]);
  return { ...parsed, deal: parsed.deals[0], codes: parsed.issues.map(({ code, path }) => [code, ...path]) };
}

const codesOf = (run: () => unknown): readonly string[] => {
  try {
    run();
  } catch (error) {
    if (isDomainError(error)) return error.issues.map(({ code, path }) => `${code} ${path.join('.')}`);
    throw error;
  }
  return [];
};

describe('parseDeals', () => {
  test('makes deals of rows as they come', () => {
    const rows = frozen([
      {
        opportunity_id: '1',
        sales_agent: 'Ann',
        product: 'GTXPro',
        account: 'Acme',
        deal_stage: 'Won',
        engage_date: '2016-10-20',
        close_date: '2017-03-01',
        close_value: '1054',
        region: 'West',
      },
      { opportunity_id: '2', sales_agent: 'Bob', product: 'MG', account: '', deal_stage: 'Engaging', engage_date: '2016-11-03', close_date: '', close_value: '', region: 'East' },
      { opportunity_id: '3', sales_agent: 'Bob', product: 'MG', account: '', deal_stage: 'Prospecting', engage_date: '', close_date: '', close_value: '', region: 'East' },
      {
        opportunity_id: '4',
        sales_agent: 'Ann',
        product: 'GTX Pro',
        account: 'Acme',
        deal_stage: 'Lost',
        engage_date: '2016-12-01',
        close_date: '2017-01-01',
        close_value: '0',
        region: 'West',
      },
      {
        opportunity_id: '4',
        sales_agent: 'Ann',
        product: 'MG',
        account: 'Acme',
        deal_stage: 'Lost',
        engage_date: '2016-12-01',
        close_date: '2017-01-01',
        close_value: '7',
        region: 'West',
      },
    ]);
    const parsed = parseDeals(rows, {
      map: {
        id: 'opportunity_id',
        ownerId: 'sales_agent',
        accountId: 'account',
        stageId: 'deal_stage',
        createdOn: 'engage_date',
        closedOn: 'close_date',
        amount: 'close_value',
        custom: { product: 'product', year: (row) => Number(row.engage_date.slice(0, 4)) },
      },
      stages,
      replace: { product: { GTXPro: 'GTX Pro' } },
      currency: 'USD',
    });
    expect(parsed.deals[0]).toEqual({
      id: '1',
      ownerId: 'Ann',
      accountId: 'Acme',
      pipelineId: 'b2b',
      stageId: 'closed-won',
      status: 'won',
      amount: { amount: '1054.00', currency: 'USD' },
      probability: null,
      createdOn: '2016-10-20',
      expectedCloseOn: null,
      closedOn: '2017-03-01',
      lineItems: [],
      splits: [],
      stakeholders: [],
      activities: [],
      history: [],
      custom: { product: 'GTX Pro', year: 2016 },
    } satisfies Deal<{ product: string; year: number }>);
    expect(parsed.deals[1]).toMatchObject({ status: 'open', stageId: 'Engaging', amount: null, closedOn: null });
    expect(Object.hasOwn(parsed.deals[1] ?? {}, 'accountId')).toBe(false);
    expect(parsed.issues.map(({ code, path }) => [code, ...path])).toEqual([
      ['missing_amount', 1, 'close_value'],
      ['missing_amount', 2, 'close_value'],
      ['missing_date', 2, 'engage_date'],
      ['duplicate_id', 4, 'opportunity_id'],
    ]);
    expect(parsed.rejected).toEqual([{ row: 4, id: '4', issues: [parsed.issues[3]] }]);
    expect(parsed.changes).toEqual([{ field: 'custom.product', column: 'product', from: 'GTXPro', to: 'GTX Pro', rows: 1 }]);
    expect(parsed.stages).toEqual([
      { from: 'Won', stageId: 'closed-won', status: 'won', rows: 1 },
      { from: 'Engaging', stageId: 'Engaging', status: 'open', rows: 1 },
      { from: 'Prospecting', stageId: 'Prospecting', status: 'open', rows: 1 },
      { from: 'Lost', stageId: 'closed-lost', status: 'lost', rows: 2 },
    ]);
    expect(parsed.ignoredColumns).toEqual(['region']);
    expect(parsed.counts).toEqual({ rows: 5, deals: 4, rejected: 1, open: 2, won: 1, lost: 1, deleted: 0, withoutAmount: 2 });
    expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
  });

  test('the short form works: two stages, a currency, and nothing else', () => {
    const rows: Row[] = Array.from({ length: 18 }, (_, index) => ({
      opportunity_id: `o${index}`,
      deal_stage: 'Won',
      close_value: index === 17 ? '' : '5',
      close_date: '2017-03-01',
    }));
    const { deals, issues } = parseDeals(rows, {
      map: { id: 'opportunity_id', stageId: 'deal_stage', amount: 'close_value', closedOn: 'close_date' },
      stages: { Won: 'closed-won', Lost: 'closed-lost' },
      currency: 'USD',
    });
    expect(deals).toHaveLength(18);
    expect(issues[0]).toMatchObject({ code: 'missing_amount', path: [17, 'close_value'] });
    expect(issues[0]?.hint).toBeDefined();
  });

  test('absent is absent, however it is written', () => {
    for (const value of ['', null, undefined]) {
      expect(one({ value, from: value }).deal).toMatchObject({ amount: null, createdOn: null });
      expect(one({ id: value }).codes).toEqual([['missing_key', 0, 'id']]);
      expect(one({ stage: value }).codes).toEqual([['missing_key', 0, 'stage']]);
    }
    expect(one({ value: 0 }).deal?.amount).toEqual({ amount: '0.00', currency: 'USD' });
    expect(one({ value: '0' }).deal?.amount).toEqual({ amount: '0.00', currency: 'USD' });
  });

  test('a cell that cannot be read sets the row aside, or is left out if so told', () => {
    const bad = one({ value: 'a lot' });
    expect(bad.deals).toEqual([]);
    expect(bad.rejected).toMatchObject([{ row: 0, id: 'd1', issues: [{ code: 'invalid_decimal', path: [0, 'value'], received: '"a lot"' }] }]);
    const kept = one({ value: 'a lot' }, { unreadable: 'absent' });
    expect(kept.deal?.amount).toBeNull();
    expect(kept.codes).toEqual([
      ['invalid_decimal', 0, 'value'],
      ['missing_amount', 0, 'value'],
    ]);
    expect(one({ id: {} }, { unreadable: 'absent' }).rejected).toHaveLength(1);
  });

  test('rows that are no objects are set aside', () => {
    const rows: unknown[] = [null, 1, 'x', [], new Map(), { id: 'd1', stage: 'demo' }];
    // Rows of unknown make.
    const parsed = parseDeals(rows as Row[], { map: { id: 'id', stageId: 'stage' } });
    expect(parsed.rejected.map(({ row }) => row)).toEqual([0, 1, 2, 3, 4]);
    expect(parsed.deals).toHaveLength(1);
  });
});

describe('amounts', () => {
  test.each<[unknown, string]>([
    ['1054', '1054.00'],
    ['1054.5', '1054.50'],
    ['1054.50', '1054.50'],
    ['1054.500', '1054.50'],
    ['0.0375', '0.0375'],
    ['007', '7.00'],
    ['-5', '-5.00'],
    ['-0', '0.00'],
    [12, '12.00'],
    [12.5, '12.50'],
    [-0, '0.00'],
    [123_456_789_012_345, '123456789012345.00'],
    [10n, '10.00'],
  ])('%s is %s', (value, amount) => {
    expect(one({ value }).deal?.amount).toEqual({ amount, currency: 'USD' });
  });

  test.each<[unknown, string]>([
    ['1,250.50', 'invalid_decimal'],
    ['1_000', 'invalid_decimal'],
    ['0x10', 'invalid_decimal'],
    ['1e400', 'invalid_decimal'],
    [' 5', 'invalid_decimal'],
    ['$5', 'invalid_decimal'],
    ['٣', 'invalid_decimal'],
    [Number.NaN, 'not_finite'],
    [Number.POSITIVE_INFINITY, 'not_finite'],
    [0.1 + 0.2, 'imprecise_number'],
    ['9'.repeat(21), 'precision_exceeded'],
    [true, 'invalid_decimal'],
    [false, 'invalid_decimal'],
    [{}, 'invalid_decimal'],
    ['9'.repeat(1_000_000), 'precision_exceeded'],
  ])('%s is refused', (value, code) => {
    expect(one({ value }).rejected[0]?.issues[0]?.code).toBe(code);
  });

  test('hints at the format', () => {
    expect(one({ value: '1,250.50' }).issues[0]?.hint).toBe('pass amountFormat: "en"');
    expect(one({ value: '1.250,50' }).issues[0]?.hint).toBe('pass amountFormat: "eu"');
  });

  test('English and European texts, strictly', () => {
    const english = (value: string) => one({ value }, { amountFormat: 'en' });
    expect(english('1,234,567.8').deal?.amount?.amount).toBe('1234567.80');
    expect(english('1234.5').deal?.amount?.amount).toBe('1234.50');
    for (const value of ['1,23', '12,34,567', '1.250,50', ',5', '1,250,']) expect(english(value).deals).toEqual([]);
    const european = (value: string) => one({ value }, { amountFormat: 'eu' });
    expect(european('1.234.567,8').deal?.amount?.amount).toBe('1234567.80');
    expect(european('1.250').deal?.amount?.amount).toBe('1250.00');
    expect(european('1250,5').deal?.amount?.amount).toBe('1250.50');
    for (const value of ['1250.50', '1,250.50', '1.25', '']) expect(european(value).deal?.amount ?? null).toBeNull();
  });

  test('a currency of each row, or of all', () => {
    const currency = { map: { ...map, currency: 'cur' } } as const;
    expect(one({ value: '5', cur: 'JPY' }, currency).deal?.amount).toEqual({ amount: '5', currency: 'JPY' });
    expect(one({ value: '5', cur: '' }, currency).deal?.amount).toEqual({ amount: '5.00', currency: 'USD' });
    const without = parseDeals([{ id: 'a', stage: 's', value: '5', cur: '' }], { map: { id: 'id', stageId: 'stage', amount: 'value', currency: 'cur' } });
    expect(without.rejected[0]?.issues[0]?.code).toBe('invalid_currency');
    expect(one({ value: '5', cur: 'usd' }, currency).issues[0]).toMatchObject({ code: 'invalid_currency', hint: 'did you mean "USD"?' });
    expect(one({ value: '', cur: '' }, currency).deal?.amount).toBeNull();
  });
});

describe('dates', () => {
  const on = (from: unknown, options: Partial<Parameters<typeof parseDeals<Row>>[1]> = {}) => {
    const parsed = one({ from }, options);
    return parsed.deal === undefined ? parsed.issues[0]?.code : parsed.deal.createdOn;
  };

  test('ISO, strictly; instants only with a time zone', () => {
    expect(on('2024-02-29')).toBe('2024-02-29');
    for (const text of ['2023-02-29', '2026-2-1', '20260201', '3/1/2017', '2026-02-01 ', 'soon', 20260201, new Date(0)])
      expect(on(text)).toMatch(/^(invalid_date|date_instance_not_allowed)$/);
    expect(one({ from: '3/1/2017' }).issues[0]?.hint).toContain('dateFormat');
    expect(one({ from: '2026-01-01T03:00:00Z' }).issues[0]?.hint).toContain('timeZone');
    expect(on('2026-01-01T03:00:00Z', { timeZone: 'America/New_York' })).toBe('2025-12-31');
    expect(on('2026-01-01T03:00:00.000+0000', { timeZone: 'UTC' })).toBe('2026-01-01');
    expect(on('2026-01-01', { timeZone: 'America/New_York' })).toBe('2026-01-01');
  });

  test('other orders only when told which', () => {
    expect(on('3/1/2017', { dateFormat: 'm/d/yyyy' })).toBe('2017-03-01');
    expect(on('3/1/2017', { dateFormat: 'd/m/yyyy' })).toBe('2017-01-03');
    expect(on('31.12.2017', { dateFormat: 'd/m/yyyy' })).toBe('2017-12-31');
    for (const text of ['31/12/2017', '2/30/2017', '1/1/17', '1/1-2017', '2017-01-01']) expect(on(text, { dateFormat: 'm/d/yyyy' })).toBe('invalid_date');
  });

  test('milliseconds, with a time zone', () => {
    expect(on('1572480000000', { dateFormat: 'epoch-ms', timeZone: 'UTC' })).toBe('2019-10-31');
    expect(on(1_572_480_000_000, { dateFormat: 'epoch-ms', timeZone: 'America/New_York' })).toBe('2019-10-30');
    for (const value of [Number.NaN, 1e20, 1.5, 'x', '2019-10-31', true]) expect(on(value, { dateFormat: 'epoch-ms', timeZone: 'UTC' })).toBe('invalid_date');
    expect(codesOf(() => one({}, { dateFormat: 'epoch-ms' }))).toEqual(['missing_key timeZone']);
  });

  test('one format per column', () => {
    const mixed = one({ from: '1/2/2026', to: '2026-02-03', stage: 'Won' }, { dateFormat: { createdOn: 'd/m/yyyy' } });
    expect(mixed.deal).toMatchObject({ createdOn: '2026-02-01', closedOn: '2026-02-03' });
  });

  test('negative cycles and undated closings are kept and marked', () => {
    expect(one({ from: '2026-02-01', to: '2026-01-01', stage: 'Won' }).codes).toEqual([['negative_cycle', 0, 'to']]);
    expect(one({ to: '', stage: 'Lost' }).codes).toEqual([['missing_date', 0, 'to']]);
  });

  test('a close date of an open deal is the expected one, if it is mapped so', () => {
    const shared = { map: { id: 'id', stageId: 'stage', closedOn: 'to', expectedCloseOn: 'to' } } as const;
    expect(one({ to: '2026-03-01' }, shared)).toMatchObject({ deal: { closedOn: null, expectedCloseOn: '2026-03-01' }, codes: [] });
    expect(one({ to: '2026-03-01', stage: 'Won' }, shared).deal).toMatchObject({ closedOn: '2026-03-01', expectedCloseOn: '2026-03-01' });
    const apart = one({ to: '2026-03-01' });
    expect(apart.deal?.closedOn).toBeNull();
    expect(apart.codes).toEqual([['inconsistent_status', 0, 'to']]);
  });
});

describe('stages and statuses', () => {
  const pipeline = { id: 'sales', stages: [{ id: 'demo' }, { id: 'signed', kind: 'won' }, { id: 'dropped', kind: 'lost' }] } as const;

  test('a pipeline knows its stages', () => {
    expect(one({ stage: 'signed', to: '2026-02-01' }, { pipeline, stages: {} }).deal).toMatchObject({ status: 'won', pipelineId: 'sales' });
    expect(one({ stage: 'Gone', to: '2026-02-01' }, { pipeline, stages: { Gone: 'dropped' } }).deal?.status).toBe('lost');
    const unknown = one({ stage: 'signd' }, { pipeline, stages: {} });
    expect(unknown.rejected[0]?.issues[0]).toMatchObject({ code: 'unmapped_stage', path: [0, 'stage'], hint: 'stages: { "signd": "signed" }?' });
    expect(codesOf(() => one({}, { pipeline, stages: { Won: 'sgned' } }))).toEqual(['unknown_stage stages.Won']);
  });

  test('without a pipeline, what sounds closed is never taken for open', () => {
    for (const stage of ['Closed Won', 'closedwon', 'LOST', 'Deal lost - price', 'won', 'Cancelled']) {
      expect(one({ stage }).rejected[0]?.issues[0]?.code, stage).toBe('unmapped_stage');
    }
    for (const stage of ['Negotiation & Closing', 'Wonder', 'Demo', '4', 'toString']) expect(one({ stage }).deal?.stageId, stage).toBe(stage);
    expect(one({ stage: 4 }).deal?.stageId).toBe('4');
    expect(codesOf(() => one({}, { stages: { Won: 'won' } }))).toEqual(['invalid_value stages.Won']);
    expect(one({ stage: 'Won', to: '2026-02-01' }, { stages: { Won: { stageId: 'won', status: 'won' } } }).deal?.status).toBe('won');
  });

  test('a status of its own prevails', () => {
    const withStatus = { map: { ...map, status: 'status' }, statuses: { active: 'open', 'closed - won': 'won', false: 'lost' } } as const;
    expect(one({ status: 'closed - won', to: '2026-02-01' }, withStatus).deal).toMatchObject({ stageId: 'demo', status: 'won' });
    expect(one({ status: false, to: '2026-02-01' }, withStatus).deal?.status).toBe('lost');
    expect(one({ stage: 'Won', status: 'active' }, withStatus).deal).toMatchObject({ stageId: 'closed-won', status: 'open' });
    expect(one({ stage: 'closedwon', status: 'active' }, withStatus)).toMatchObject({ deal: { stageId: 'closedwon' }, stages: [{ from: 'closedwon', status: null }] });
    expect(one({ status: 'asleep' }, withStatus).rejected[0]?.issues[0]?.code).toBe('invalid_value');
    expect(one({ status: '' }, withStatus).deal?.status).toBe('open');
    expect(one({ status: 'lost', to: '2026-02-01' }, { map: { ...map, status: 'status' } }).deal?.status).toBe('lost');
  });
});

describe('other fields', () => {
  test('probabilities as CRMs send them', () => {
    const probability = (value: unknown, probabilityScale: 'fraction' | 'percent' = 'fraction') => one({ p: value }, { map: { ...map, probability: 'p' }, probabilityScale });
    expect(probability('0.200000000000000011102230246251565404236316680908203125').deal?.probability).toBe(0.2);
    expect(probability('1').deal?.probability).toBe(1);
    expect(probability(55, 'percent').deal?.probability).toBe(0.55);
    expect(probability('7', 'percent').deal?.probability).toBe(0.07);
    expect(probability(55).issues[0]).toMatchObject({ code: 'fraction_out_of_range', hint: 'pass probabilityScale: "percent"' });
    for (const value of [1_000, '1000', -1, Number.NaN, '1e-3', '5%', {}]) expect(probability(value, 'percent').deals).toEqual([]);
    expect(probability('').deal?.probability).toBeNull();
  });

  test('texts, choices, recurring values and lists', () => {
    const { deal } = one(
      { n: 'Rollout', o: 17, k: 'New Business', m: 'b2g', r: '100', t: 24, l: [{ id: 'l', productId: 'p', quantity: '1', unitPrice: { amount: '1', currency: 'USD' } }] },
      {
        map: { ...map, name: 'n', ownerId: 'o', kind: 'k', market: 'm', recurring: { mrr: 'r', termMonths: 't' }, lineItems: 'l', pipelineId: () => 'other', source: () => null },
        replace: { kind: { 'New Business': 'new' } },
      },
    );
    expect(deal).toMatchObject({
      name: 'Rollout',
      ownerId: '17',
      kind: 'new',
      market: 'b2g',
      recurring: { mrr: { amount: '100.00', currency: 'USD' }, termMonths: 24 },
      pipelineId: 'other',
      lineItems: [{ id: 'l' }],
    });
    expect(one({ k: 'New Business' }, { map: { ...map, kind: 'k' } }).issues[0]).toMatchObject({ code: 'invalid_value', path: [0, 'k'] });
    expect(one({ l: [{ id: 'l' }] }, { map: { ...map, lineItems: 'l' } }).rejected[0]?.issues[0]).toMatchObject({ code: 'missing_key', path: [0, 'l', 0, 'productId'] });
    expect(one({ l: 'x' }, { map: { ...map, lineItems: 'l' } }).rejected).toHaveLength(1);
    expect(one({ t: '12.5' }, { map: { ...map, recurring: { termMonths: 't' } } }).rejected).toHaveLength(1);
  });

  test('own fields keep their values, and unknown columns can be kept', () => {
    const { deal, ignoredColumns } = one(
      { region: 'West', size: 3, vip: true, tags: ['a'], none: '', extra: 'x', empty: '' },
      { map: { ...map, custom: { region: 'region', size: 'size', vip: 'vip', tags: 'tags', none: 'none', missing: 'missing' } }, keepUnknown: true },
    );
    expect(deal?.custom).toEqual({ region: 'West', size: 3, vip: true, tags: ['a'], none: null, missing: null, extra: 'x', empty: null });
    expect(ignoredColumns).toEqual([]);
    expect(one({ when: new Date(0) }, { map: { ...map, custom: { when: 'when' } } }).rejected).toHaveLength(1);
    expect(one({ f: Number.NaN }, { keepUnknown: true }).rejected).toHaveLength(1);
  });

  test('replacing can also make absent, and every replacement is counted', () => {
    const { deal, changes } = one({ value: 'n/a' }, { replace: { value: { 'n/a': '' } } });
    expect(deal?.amount).toBeNull();
    expect(changes).toEqual([{ field: 'amount', column: 'value', from: 'n/a', to: '', rows: 1 }]);
    expect(codesOf(() => one({}, { replace: { valeu: { a: 'b' } } }))).toEqual(['unknown_key replace.valeu']);
  });

  test('required fields', () => {
    expect(one({ value: '' }, { required: ['amount'] })).toMatchObject({ deals: [], rejected: [{ issues: [{ code: 'missing_amount' }] }] });
    expect(one({}, { required: ['amount', 'createdOn'] }).deals).toHaveLength(1);
    expect(one({ from: '' }, { map: { ...map, ownerId: 'o' }, required: ['ownerId', 'createdOn'] }).rejected[0]?.issues.map(({ code, path }) => [code, path[1]])).toEqual([
      ['missing_key', 'o'],
      ['missing_date', 'from'],
    ]);
  });

  test('a function that throws is an issue of its row', () => {
    const thrown = one(
      {},
      {
        map: {
          ...map,
          name: () => {
            throw new Error('boom');
          },
        },
      },
    );
    expect(thrown.rejected[0]?.issues[0]).toMatchObject({ code: 'invalid_value', path: [0, 'name'], message: 'The function that computes this field threw: boom' });
    for (const field of ['id', 'stageId', 'amount', 'createdOn', 'custom', 'splits', 'status'] as const) {
      const fail = () => {
        throw new Error('boom');
      };
      const source = field === 'custom' ? { x: fail } : fail;
      expect(one({}, { map: { ...map, [field]: source } }).rejected[0]?.issues[0]?.message, field).toContain('boom');
    }
  });
});

describe('hostile rows and options', () => {
  test('keys of a prototype are never read', () => {
    const rows = [JSON.parse('{"id": "a", "stage": "demo", "__proto__": {"polluted": 1}, "constructor": 2}')] as Row[];
    const parsed = parseDeals(rows, { map: { id: 'id', stageId: 'stage', name: 'toString', source: 'hasOwnProperty' }, keepUnknown: true });
    expect(parsed.deals[0]).toMatchObject({ id: 'a', custom: {} });
    expect(Object.hasOwn(parsed.deals[0] ?? {}, 'name')).toBe(false);
    expect(parsed.ignoredColumns).toEqual(['__proto__', 'constructor']);
    expect(({} as Row)['polluted']).toBeUndefined();
    expect(one({ id: '__proto__' }).rejected[0]?.issues[0]?.code).toBe('reserved_key');
    expect(one({ id: 'constructor' }).rejected[0]?.issues[0]?.code).toBe('reserved_key');
    expect(codesOf(() => one({}, { map: { ...map, name: '__proto__' } }))).toEqual(['reserved_key map.name']);
  });

  test('texts of 10 MB', () => {
    const long = 'x'.repeat(10_000_000);
    for (const key of ['id', 'stage', 'value', 'from']) expect(one({ [key]: long }).rejected).toHaveLength(1);
  });

  test('everything that is wrong with the call is one error', () => {
    // @ts-expect-error misspelt everywhere
    expect(codesOf(() => parseDeals([], { map: { id: 'id', stage: 'stage', amount: 'a' }, stagse: {}, amountFormat: 'us' }))).toEqual([
      'unknown_key stagse',
      'unknown_key map.stage',
      'missing_key map.stageId',
      'missing_key currency',
      'invalid_value amountFormat',
    ]);
    // @ts-expect-error no rows, no options
    expect(codesOf(() => parseDeals(null))).toEqual(['invalid_type rows', 'invalid_type options', 'invalid_type map']);
    expect(codesOf(() => one({}, { currency: 'dollars', timeZone: 'Mars/Base', required: [], pipelineId: '' }))).toEqual([
      'invalid_time_zone timeZone',
      'invalid_currency currency',
      'empty pipelineId',
    ]);
  });
});
