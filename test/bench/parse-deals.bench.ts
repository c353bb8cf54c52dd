/*
 * Reading the rows of a CRM export: parseDeals against what one would write by hand (check, parse and copy, for exactly these columns) and against zod, row by row.
 * All make the same deals out of the same rows; that is looked at first.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Deal, parseDeals } from 'dealwright/deals';
import * as z from 'zod';
import { measure, measureGrowth, printGrowth, printTarget, printTimings } from './measure.js';

interface Row {
  readonly opportunity_id: string;
  readonly sales_agent: string;
  readonly product: string;
  readonly account: string;
  readonly deal_stage: string;
  readonly engage_date: string;
  readonly close_date: string;
  readonly close_value: string;
}

type ProductDeal = Deal<{ readonly product: string | null }>;

/** Rows as a CSV parser gives them: texts, of which some are empty. A quarter of the deals are open and have neither close date nor value. */
function makeRows(count: number): readonly Row[] {
  let seed = 2026;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const date = (year: number): string => `${year}-${String(1 + next(12)).padStart(2, '0')}-${String(1 + next(28)).padStart(2, '0')}`;
  return Array.from({ length: count }, (_, index) => {
    const stage = ['Won', 'Won', 'Lost', 'Engaging'][next(4)] ?? 'Won';
    const open = stage === 'Engaging';
    return {
      opportunity_id: `OPP${index.toString(36).padStart(6, '0')}`,
      sales_agent: `Agent ${next(35)}`,
      product: ['GTX Basic', 'GTXPro', 'MG Special', 'MG Advanced'][next(4)] ?? '',
      account: next(6) === 0 ? '' : `Account ${next(85)}`,
      deal_stage: stage,
      engage_date: date(2025),
      close_date: open ? '' : date(2026),
      close_value: open ? '' : stage === 'Lost' ? '0' : next(3) === 0 ? `${next(9_000)}.${String(next(100)).padStart(2, '0')}` : String(next(9_000)),
    };
  });
}

function ours(rows: readonly Row[]) {
  return parseDeals(rows, {
    map: {
      id: 'opportunity_id',
      ownerId: 'sales_agent',
      accountId: 'account',
      stageId: 'deal_stage',
      createdOn: 'engage_date',
      closedOn: 'close_date',
      amount: 'close_value',
      custom: { product: 'product' },
    },
    stages: { Won: 'closed-won', Lost: 'closed-lost', Engaging: 'qualification' },
    replace: { product: { GTXPro: 'GTX Pro' } },
    currency: 'USD',
  });
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const AMOUNT = /^(\d{1,15})(?:\.(\d{1,2}))?$/;

function isRealDate(text: string): boolean {
  const parts = DATE.exec(text);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month >= 1 && month <= 12 && day >= 1 && day <= (month === 2 ? (leap ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31);
}

function canonicalAmount(text: string): string | null {
  const parts = AMOUNT.exec(text);
  if (parts === null) return null;
  const [, whole = '', fraction = ''] = parts;
  return `${whole.replace(/^0+(?=\d)/, '')}.${fraction.padEnd(2, '0')}`;
}

const STAGES: Readonly<Record<string, readonly [string, 'open' | 'won' | 'lost']>> = {
  Won: ['closed-won', 'won'],
  Lost: ['closed-lost', 'lost'],
  Engaging: ['qualification', 'open'],
};

interface HandIssue {
  readonly code: string;
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What a careful developer writes for this export: every cell looked at, gaps and bad rows noted. Nothing else can be read with it. */
function byHand(rows: readonly Row[]) {
  const deals: ProductDeal[] = [];
  const issues: HandIssue[] = [];
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index];
    if (row === undefined) continue;
    const stage = STAGES[row.deal_stage];
    const amount = row.close_value === '' ? null : canonicalAmount(row.close_value);
    const bad =
      row.opportunity_id === '' ||
      stage === undefined ||
      (row.close_value !== '' && amount === null) ||
      (row.engage_date !== '' && !isRealDate(row.engage_date)) ||
      (row.close_date !== '' && !isRealDate(row.close_date));
    if (bad || stage === undefined) {
      issues.push({ code: 'bad_row', path: [index], message: 'bad row' });
      continue;
    }
    if (amount === null) issues.push({ code: 'missing_amount', path: [index, 'close_value'], message: 'no amount' });
    deals.push({
      id: row.opportunity_id,
      pipelineId: 'b2b',
      stageId: stage[0],
      status: stage[1],
      amount: amount === null ? null : { amount, currency: 'USD' },
      probability: null,
      createdOn: row.engage_date === '' ? null : row.engage_date,
      expectedCloseOn: null,
      closedOn: row.close_date === '' ? null : row.close_date,
      lineItems: [],
      splits: [],
      stakeholders: [],
      activities: [],
      history: [],
      custom: { product: row.product === '' ? null : row.product === 'GTXPro' ? 'GTX Pro' : row.product },
      ...(row.account === '' ? {} : { accountId: row.account }),
      ...(row.sales_agent === '' ? {} : { ownerId: row.sales_agent }),
    });
  }
  return { deals, issues };
}

const rowSchema = z.object({
  opportunity_id: z.string().min(1),
  sales_agent: z.string(),
  product: z.string(),
  account: z.string(),
  deal_stage: z.enum(['Won', 'Lost', 'Engaging']),
  engage_date: z.literal('').or(z.iso.date()),
  close_date: z.literal('').or(z.iso.date()),
  close_value: z.literal('').or(z.string().regex(AMOUNT)),
});

function withZod(rows: readonly Row[]) {
  const good: Row[] = [];
  for (const row of rows) {
    const parsed = rowSchema.safeParse(row);
    if (parsed.success) good.push(parsed.data);
  }
  return byHand(good);
}

const COUNT = 100_000;
const rows = makeRows(COUNT);
const sample = rows.slice(0, 2_000);
if (!isDeepStrictEqual(ours(sample).deals, byHand(sample).deals) || !isDeepStrictEqual(withZod(sample).deals, byHand(sample).deals)) {
  throw new Error('the contenders do not make the same deals');
}

const timings = measure([
  { name: 'by hand', run: () => byHand(rows) },
  { name: 'parseDeals', run: () => ours(rows) },
  { name: 'zod, then by hand', run: () => withZod(rows) },
]);
printTimings(`Parsing ${COUNT} rows into deals`, timings);
const [, own, zod] = timings;
printTarget(`parseDeals takes at most 1.5 × as long as the hand-written loop (${own?.ratio.toFixed(2)} ×)`, (own?.ratio ?? Number.NaN) <= 1.5);
printTarget(`parseDeals is faster than zod (${((zod?.ratio ?? Number.NaN) / (own?.ratio ?? Number.NaN)).toFixed(1)} ×)`, (own?.ratio ?? Number.NaN) < (zod?.ratio ?? Number.NaN));
printGrowth(
  measureGrowth('parseDeals', 10_000, (count) => {
    const some = makeRows(count);
    return () => ours(some);
  }),
);
