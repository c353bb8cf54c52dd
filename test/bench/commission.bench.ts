/*
 * Commission of N credits: 1,000 payees × 12 months, graduated year-to-date tiers, one statement per payee and month, decimal texts in.
 * Peers do the same work by hand: decimal.js records (credit by credit, as a statement needs it that names every deal, or summed first), float64 records, and safe
 * integers from columns (the limit).
 */

import { type Credit, computeCompensation, definePlan } from 'dealwright/compensation';
import { Decimal } from 'decimal.js';
import { measure, measureGrowth, printGrowth, printTarget, printTimings } from './measure.js';

const PAYEES = 1_000;
const TIERS = [
  { from: '0', rate: '0.05' },
  { from: '50000', rate: '0.08' },
  { from: '100000', rate: '0.12' },
] as const;

const plan = definePlan({
  id: 'p',
  currency: 'USD',
  period: 'month',
  components: [{ kind: 'commission', id: 'c', accumulate: 'year', measure: { sum: 'amount' }, rate: { mode: 'marginal', tiers: [TIERS[0], TIERS[1], TIERS[2]] } }],
});
const payees = Array.from({ length: PAYEES }, (_, index) => ({ id: `payee-${index}` }));
const assignments = payees.map(({ id }) => ({ payeeId: id, planId: 'p', from: '2026-01-01' }));

function makeCredits(count: number): readonly Credit[] {
  let seed = 12345;
  const next = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed / 2 ** 32;
  };
  return Array.from({ length: count }, (_, index) => {
    const cents = Math.floor(next() * 400_000);
    return {
      id: `c${index}`,
      payeeId: `payee-${Math.floor(next() * PAYEES)}`,
      dealId: `d${index}`,
      on: `2026-${String(1 + Math.floor(next() * 12)).padStart(2, '0')}-${String(1 + Math.floor(next() * 28)).padStart(2, '0')}`,
      amount: { amount: `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`, currency: 'USD' },
    };
  });
}

/** Totals by `payee month`, in cents. */
type Totals = ReadonlyMap<string, number>;

function ours(credits: readonly Credit[], detail: 'statement' | 'credit' = 'statement') {
  return computeCompensation({ plans: [plan], payees, assignments, credits, periods: ['2026'], detail });
}

function withDecimal(credits: readonly Credit[]): Totals {
  const bounds = TIERS.map((tier) => new Decimal(tier.from));
  const rates = TIERS.map((tier) => new Decimal(tier.rate));
  const sums = new Map<string, Decimal>();
  for (const credit of credits) {
    const key = `${credit.payeeId} ${credit.on.slice(5, 7)}`;
    sums.set(key, (sums.get(key) ?? new Decimal(0)).plus(new Decimal(credit.amount?.amount ?? '0')));
  }
  const totals = new Map<string, number>();
  for (const { id } of payees) {
    let year = new Decimal(0);
    let paid = new Decimal(0);
    for (let month = 1; month <= 12; month += 1) {
      const key = `${id} ${String(month).padStart(2, '0')}`;
      year = year.plus(sums.get(key) ?? 0);
      let due = new Decimal(0);
      bounds.forEach((bound, index) => {
        const high = bounds[index + 1];
        const slice = (high === undefined ? year : Decimal.min(year, high)).minus(bound);
        if (slice.greaterThan(0)) due = due.plus(slice.times(rates[index] ?? 0));
      });
      const rounded = due.toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
      totals.set(key, rounded.minus(paid).times(100).toNumber());
      paid = rounded;
    }
  }
  return totals;
}

/** As statements are computed that name each deal's part: running total, tiers and rounding credit by credit, in the order of days. */
function withDecimalByCredit(credits: readonly Credit[]): Totals {
  const bounds = TIERS.map((tier) => new Decimal(tier.from));
  const rates = TIERS.map((tier) => new Decimal(tier.rate));
  const byPayee = new Map<string, Credit[]>();
  for (const credit of credits) {
    const list = byPayee.get(credit.payeeId);
    if (list === undefined) byPayee.set(credit.payeeId, [credit]);
    else list.push(credit);
  }
  const totals = new Map<string, number>();
  for (const [payeeId, list] of byPayee) {
    list.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
    let year = new Decimal(0);
    let earned = new Decimal(0);
    let paid = new Decimal(0);
    for (const credit of list) {
      const before = year;
      year = year.plus(new Decimal(credit.amount?.amount ?? '0'));
      bounds.forEach((bound, index) => {
        const high = bounds[index + 1];
        const upper = high === undefined ? year : Decimal.min(year, high);
        const slice = upper.minus(Decimal.max(before, bound));
        if (slice.greaterThan(0)) earned = earned.plus(slice.times(rates[index] ?? 0));
      });
      const rounded = earned.toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
      const key = `${payeeId} ${credit.on.slice(5, 7)}`;
      totals.set(key, (totals.get(key) ?? 0) + rounded.minus(paid).times(100).toNumber());
      paid = rounded;
    }
  }
  return totals;
}

function withFloats(credits: readonly Credit[]): Totals {
  const sums = new Map<string, number>();
  for (const credit of credits) {
    const key = `${credit.payeeId} ${credit.on.slice(5, 7)}`;
    sums.set(key, (sums.get(key) ?? 0) + Number(credit.amount?.amount));
  }
  const totals = new Map<string, number>();
  for (const { id } of payees) {
    let year = 0;
    let paid = 0;
    for (let month = 1; month <= 12; month += 1) {
      const key = `${id} ${String(month).padStart(2, '0')}`;
      year += sums.get(key) ?? 0;
      const due = 0.05 * Math.min(year, 50_000) + 0.08 * Math.max(0, Math.min(year, 100_000) - 50_000) + 0.12 * Math.max(0, year - 100_000);
      const rounded = Math.round(due * 100) / 100;
      totals.set(key, Math.round((rounded - paid) * 100));
      paid = rounded;
    }
  }
  return totals;
}

/** The tight loop: cents and indexes in columns, parsed beforehand. */
function integerColumns(credits: readonly Credit[]) {
  const cents = new Float64Array(credits.length);
  const cells = new Int32Array(credits.length);
  credits.forEach((credit, index) => {
    cents[index] = Math.round(Number(credit.amount?.amount) * 100);
    cells[index] = Number(credit.payeeId.slice(6)) * 12 + Number(credit.on.slice(5, 7)) - 1;
  });
  return () => {
    const sums = new Float64Array(PAYEES * 12);
    for (let index = 0; index < cents.length; index += 1) sums[cells[index] ?? 0] = (sums[cells[index] ?? 0] ?? 0) + (cents[index] ?? 0);
    const totals = new Float64Array(PAYEES * 12);
    for (let payee = 0; payee < PAYEES; payee += 1) {
      let year = 0;
      let paid = 0;
      for (let month = 0; month < 12; month += 1) {
        year += sums[payee * 12 + month] ?? 0;
        const due = 5 * Math.min(year, 5_000_000) + 8 * Math.max(0, Math.min(year, 10_000_000) - 5_000_000) + 12 * Math.max(0, year - 10_000_000);
        const rounded = Math.floor((due + 50) / 100);
        totals[payee * 12 + month] = rounded - paid;
        paid = rounded;
      }
    }
    return totals;
  };
}

function countWrong(credits: readonly Credit[], totals: Totals): number {
  const expected = withDecimal(credits);
  let wrong = 0;
  for (const [key, cents] of expected) if ((totals.get(key) ?? 0) !== cents) wrong += 1;
  return wrong;
}

function totalsOf(credits: readonly Credit[]): Totals {
  return new Map(ours(credits).statements.map((statement) => [`${statement.payeeId} ${statement.period.label.slice(5)}`, Math.round(Number(statement.total.amount) * 100)]));
}

const sizes = process.env['BENCH_FULL'] === '1' ? [10_000, 100_000, 1_000_000] : [10_000, 100_000];
for (const count of sizes) {
  const credits = makeCredits(count);
  const columns = integerColumns(credits);
  const timings = measure(
    [
      { name: 'dealwright, statements', run: () => ours(credits) },
      { name: 'decimal.js by hand, credit by credit', run: () => withDecimalByCredit(credits) },
      { name: 'decimal.js by hand, summed first', run: () => withDecimal(credits) },
      { name: 'float64 records by hand', run: () => withFloats(credits) },
      { name: 'integer columns by hand (no parsing, no checks)', run: columns },
    ],
    { rounds: count > 100_000 ? 3 : 5, warmUp: 1 },
  );
  printTimings(`Commission of ${count.toLocaleString('en')} credits, 12,000 statements`, timings);
  const decimal = timings[1];
  if (decimal !== undefined) printTarget(`at least 10 × faster than decimal.js credit by credit: ${decimal.ratio.toFixed(1)} ×`, decimal.ratio >= 10);
  console.log(`  statements wrong: dealwright ${countWrong(credits, totalsOf(credits))}, float64 ${countWrong(credits, withFloats(credits))} of 12,000`);
}
printGrowth(
  measureGrowth(
    'statements only',
    100_000,
    (count) => {
      const credits = makeCredits(count);
      return () => ours(credits);
    },
    { rounds: 3, warmUp: 1 },
  ),
);
