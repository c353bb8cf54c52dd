/*
 * Closes a sales quarter from a CRM export: what was imported and what was set aside, the pipeline, win rate, cycle and velocity, the forecast as it stood in the
 * middle of the quarter, each seller's commission, and one statement explained line by line.
 *
 *   npm run demo                                                  the synthetic sample in examples/data
 *   npm run demo -- DIR [--quarter 2017-Q1] [--mode marginal|whole-amount]
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { addDays, differenceInDays, isWithin, maxDate, type Period, parsePeriod, periodDays, periodOf } from 'dealwright/calendar';
import { type CompensationRun, type Credit, computeCompensation, definePlan, renderStatement } from 'dealwright/compensation';
import { createDeal, type Deal } from 'dealwright/deals';
import { formatIssue, type Issue, isDomainError } from 'dealwright/errors';
import { forecastPipeline } from 'dealwright/forecasting';
import { groupDigits, money, sumMoney } from 'dealwright/money';
import { averageDealSize, salesCycle, salesVelocity, summarizeStages, winRate } from 'dealwright/pipelines';
import { aalenJohansen, conditionalIncidence } from 'dealwright/stats';
import { type CrmExport, crmPipeline, readCrmExport } from './quarter-close/crm-export.js';
import { count, heading, percent, plural, textTable } from './quarter-close/text-table.js';

/** Quota of a seller for a quarter; the export holds none. */
const QUARTER_QUOTA = '100000';

const currency: string = 'USD';

type CrmDeal = Deal<{ product: unknown }>;

/** 5 % / 8 % / 12 % of won value in the calendar quarter, from 0 / 50,000 / 100,000. */
function planOf(mode: 'marginal' | 'whole-amount') {
  return definePlan({
    id: 'sellers',
    currency,
    period: 'quarter',
    components: [
      {
        kind: 'commission',
        id: 'won-value',
        measure: { sum: 'amount' },
        rate: {
          mode,
          tiers: [
            { from: '0', rate: '0.05' },
            { from: '50000', rate: '0.08' },
            { from: '100000', rate: '0.12' },
          ],
        },
      },
    ],
  });
}

function closeCommissions(deals: readonly CrmDeal[], mode: 'marginal' | 'whole-amount'): CompensationRun {
  const credits: Credit[] = [];
  for (const deal of deals) {
    if (deal.status !== 'won' || deal.closedOn === null || deal.ownerId === undefined) continue;
    credits.push({ id: deal.id, dealId: deal.id, payeeId: deal.ownerId, on: deal.closedOn, amount: deal.amount });
  }
  const payeeIds = [...new Set(credits.map((credit) => credit.payeeId))];
  const days = credits.map((credit) => credit.on).sort();
  const from = days[0];
  const last = days[days.length - 1];
  if (from === undefined || last === undefined) return { statements: [], ledger: [], issues: [], state: { formatVersion: 1, through: null, components: [] } };
  return computeCompensation({
    plans: [planOf(mode)],
    payees: payeeIds.map((id) => ({ id })),
    assignments: payeeIds.map((payeeId) => ({ payeeId, planId: 'sellers', from: periodOf(from, { unit: 'year' }).start })),
    quotas: payeeIds.flatMap((payeeId) => quartersFrom(from, last).map((quarter) => ({ payeeId, period: quarter.label, amount: QUARTER_QUOTA }))),
    credits,
    periods: yearsFrom(from, last),
  });
}

function yearsFrom(from: string, last: string): readonly string[] {
  const years: string[] = [];
  for (let year = Number(from.slice(0, 4)); year <= Number(last.slice(0, 4)); year += 1) years.push(String(year).padStart(4, '0'));
  return years;
}

function quartersFrom(from: string, last: string): readonly Period[] {
  const quarters: Period[] = [];
  for (let quarter = periodOf(from, { unit: 'quarter' }); quarter.start <= last; quarter = periodOf(quarter.endExclusive, { unit: 'quarter' })) quarters.push(quarter);
  return quarters;
}

/** The last quarter that the file reaches to its final week. */
function lastCompleteQuarter(deals: readonly CrmDeal[]): Period | undefined {
  const last = maxDate(deals.flatMap((deal) => (deal.closedOn === null ? [] : [deal.closedOn])));
  if (last === null) return undefined;
  const quarter = periodOf(last, { unit: 'quarter' });
  return differenceInDays(quarter.endExclusive, last) <= 7 ? quarter : periodOf(addDays(quarter.start, -1), { unit: 'quarter' });
}

function printImport({ parsed, sellers }: CrmExport): void {
  const { counts, changes, rejected, issues, deals } = parsed;
  console.log(heading('IMPORT'));
  console.log(
    `${plural(counts.rows, 'row')} read: ${plural(counts.deals, 'deal')} (${count(counts.won)} won, ${count(counts.lost)} lost, ${count(counts.open)} open), ${count(counts.rejected)} set aside.`,
  );
  for (const change of changes) console.log(`  ${change.field.replace('custom.', '')} "${change.from}" joined to "${change.to}" in ${plural(change.rows, 'row')}`);
  for (const row of rejected.slice(0, 5)) console.log(`  set aside, line ${row.row + 2}: ${describeRejected(row.issues)}`);
  if (rejected.length > 5) console.log(`  … and ${plural(rejected.length - 5, 'more row')} set aside`);
  const gaps = segment(issues.map((issue) => `${issue.code}: ${String(issue.path[1] ?? '')}`));
  const setAside = new Set(rejected.flatMap((row) => row.issues.map((issue) => `${issue.code}: ${String(issue.path[1] ?? '')}`)));
  for (const [gap, rows] of gaps) if (!setAside.has(gap)) console.log(`  kept with a gap, ${gap} absent: ${plural(rows, 'deal')} (not known, never counted as 0)`);
  const blank = deals.filter((deal) => deal.accountId === undefined).length;
  const owners = new Set(deals.map((deal) => deal.ownerId));
  const idle = sellers.filter((seller) => !owners.has(seller.name));
  console.log(
    `  ${plural(blank, 'deal')} without an account; ${plural(idle.length, 'seller')} without deals${idle.length === 0 || idle.length > 3 ? '' : `: ${idle.map((seller) => seller.name).join(', ')}`}`,
  );
}

/** The column, and what was found there instead of what was expected. */
function describeRejected(issues: readonly Issue[]): string {
  return issues.map((issue) => `${String(issue.path[1] ?? '')} is ${issue.received ?? 'absent'} (${issue.code})`).join('; ');
}

function segment(keys: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const key of keys) found.set(key, (found.get(key) ?? 0) + 1);
  return found;
}

function printPipeline(deals: readonly CrmDeal[]): void {
  console.log(heading('PIPELINE BY STAGE'));
  const table = summarizeStages(deals, { pipeline: crmPipeline, currency });
  console.log(
    textTable(
      [
        { title: 'Stage', width: 24 },
        { title: 'Deals', width: 10, align: 'right' },
        { title: 'Share', width: 9, align: 'right' },
        { title: 'Value', width: 18, align: 'right' },
        { title: 'Without amount', width: 15, align: 'right' },
      ],
      table.stages.map((stage) => [
        stage.label,
        count(stage.count),
        percent(stage.shareOfCount),
        stage.valued === 0 ? 'not known' : groupDigits(stage.value.amount),
        count(stage.withoutAmount),
      ]),
    ),
  );
}

function printRates(deals: readonly CrmDeal[], period: Period | undefined): void {
  const within = period === undefined ? {} : { period };
  const rate = winRate(deals, { by: 'count', ...within });
  const cycle = salesCycle(deals, { outcome: 'won', ...within });
  const size = averageDealSize(deals, { currency, ...within });
  const [low, high] = [rate.interval?.lower ?? null, rate.interval?.upper ?? null];
  console.log(`  Win rate        ${percent(rate.value, 2)}  (${count(rate.numerator)} of ${count(rate.denominator)} closed; 95 % interval ${percent(low)} to ${percent(high)})`);
  console.log(`  Sales cycle     mean ${cycle.meanDays === null ? 'not known' : `${cycle.meanDays.toFixed(1)} days`}, median ${cycle.medianDays ?? 'not known'} (won deals)`);
  console.log(`  Average deal    ${size.value === null ? 'not known' : `${groupDigits(size.value.amount)} ${currency}`}`);
  for (const reading of ['closed', 'open'] as const) {
    const velocity = salesVelocity(deals, { reading, currency, ...within });
    const name = reading === 'closed' ? 'closed deals' : 'open deals';
    console.log(`  Velocity        ${velocity.value === null ? `not known (${velocity.reason ?? ''})` : `${groupDigits(velocity.value.amount)} ${currency} a day`} (N = ${name})`);
  }
}

/** The deals as somebody saw them at the start of a day: closings of that day and later are not known, and neither are final amounts. */
function dealsAsOf(deals: readonly CrmDeal[], asOf: string, quarter: Period, prices: ReadonlyMap<string, string>): { readonly known: readonly Deal[]; readonly tooOld: number } {
  const started = deals.filter((deal) => deal.createdOn !== null && deal.createdOn < asOf);
  const closedBefore = (deal: CrmDeal): boolean => deal.closedOn !== null && deal.closedOn < asOf;
  const firstClosing = deals.reduce((first, deal) => (deal.closedOn !== null && deal.closedOn < first ? deal.closedOn : first), asOf);
  // Closings are observed from the first one in the file on; a deal counts as at risk only from then (delayed entry).
  const rows = started.flatMap((deal) => {
    const created = deal.createdOn ?? asOf;
    const time = differenceInDays(closedBefore(deal) ? (deal.closedOn ?? asOf) : asOf, created);
    const entry = differenceInDays(firstClosing, created) - 1;
    return time > entry ? [{ time, entry: Math.max(-1, entry), cause: !closedBefore(deal) ? 0 : deal.status === 'won' ? 1 : 2 }] : [];
  });
  const delayed = rows.map((row) => (row.entry >= 0 ? row.entry : null));
  const curves = aalenJohansen({ time: rows.map((row) => row.time), cause: rows.map((row) => row.cause), entry: delayed }, { causes: ['won', 'lost'] });
  const daysLeft = differenceInDays(quarter.endExclusive, asOf);
  const probabilityAt = (age: number): number | null => conditionalIncidence(curves, { from: age, within: daysLeft }).causes?.[0]?.probability ?? null;
  let tooOld = 0;
  const known = started.flatMap((deal): readonly Deal[] => {
    if (closedBefore(deal)) return [deal];
    const probability = probabilityAt(differenceInDays(asOf, deal.createdOn ?? asOf) - 1);
    const price = prices.get(String(deal.custom.product));
    if (probability === null) tooOld += 1;
    return [
      createDeal({
        id: deal.id,
        pipelineId: crmPipeline.id,
        stageId: 'engaging',
        createdOn: deal.createdOn,
        amount: price === undefined ? null : money(price, currency),
        probability,
        expectedCloseOn: addDays(quarter.endExclusive, -1),
        ...(deal.ownerId === undefined ? {} : { ownerId: deal.ownerId }),
      }),
    ];
  });
  return { known, tooOld };
}

function printForecast(data: CrmExport, quarter: Period): void {
  const { deals } = data.parsed;
  const asOf = addDays(quarter.start, Math.floor(periodDays(quarter) / 2));
  console.log(heading(`FORECAST OF ${quarter.label} AS OF ${asOf}`));
  const sellers = new Set(deals.flatMap((deal) => (deal.ownerId === undefined ? [] : [deal.ownerId]))).size;
  const quota = Number(QUARTER_QUOTA) * sellers;
  const { known, tooOld } = dealsAsOf(deals, asOf, quarter, data.prices);
  const forecast = forecastPipeline(known, {
    pipeline: crmPipeline,
    period: quarter,
    asOf,
    timeZone: 'UTC',
    currency,
    quota,
  });
  const { distribution } = forecast;
  const amount = (value: number): string => `${count(value).padStart(14)} ${currency}`;
  console.log(`  Won so far            ${amount(forecast.closedWon)}`);
  console.log(`  Open pipeline         ${amount(forecast.unweighted)}   ${plural(forecast.contributions.length, 'deal')} at list price`);
  console.log(`  Weighted pipeline     ${amount(forecast.weighted)}   P(won by the end of the quarter | age)`);
  console.log(`  The quarter will end  ${amount(distribution.p50)}   (median; 80 % range ${count(distribution.p10)} to ${count(distribution.p90)})`);
  console.log(
    `  Chance of quota       ${percent(distribution.probabilityOfQuota).padStart(14)}       quota ${count(quota)} ${currency} (${count(Number(QUARTER_QUOTA))} a seller)`,
  );
  const wonIn = (list: readonly CrmDeal[]): number =>
    Number(
      sumMoney(
        list.flatMap((deal) => (deal.amount === null ? [] : [deal.amount])),
        { currency },
      ).amount,
    );
  const end = deals.filter((deal) => deal.status === 'won' && deal.closedOn !== null && isWithin(deal.closedOn, quarter));
  const existing = end.filter((deal) => deal.createdOn !== null && deal.createdOn < asOf);
  console.log(`  What really came      ${amount(wonIn(existing))}   from deals of that time; ${count(wonIn(end) - wonIn(existing))} more from later ones`);
  if (tooOld > 0) console.log(`  ${plural(tooOld, 'open deal')} older than any deal that ever closed: no probability is known, so none is made up.`);
  console.log(`  Method: ${forecast.method}; deals independent; without deals that do not exist yet.`);
}

function printCommissions(data: CrmExport, run: CompensationRun, quarter: Period): void {
  console.log(heading(`COMMISSION ${quarter.label}`));
  const regions = new Map(data.sellers.map((seller) => [seller.name, seller]));
  const statements = run.statements.filter((statement) => statement.period.label === quarter.label);
  const rows = statements.map((statement) => {
    const attainment = statement.attainment[0];
    return [
      statement.payeeId,
      regions.get(statement.payeeId)?.region ?? '',
      String(new Set(statement.lines.flatMap((line) => line.dealIds)).size),
      groupDigits(attainment?.measured ?? '0'),
      attainment?.attainment === undefined || attainment.attainment === null ? '' : percent(Number(attainment.attainment)),
      groupDigits(statement.total.amount),
    ];
  });
  const total = sumMoney(
    statements.map((statement) => statement.total),
    { currency },
  );
  console.log(
    textTable(
      [
        { title: 'Seller', width: 24 },
        { title: 'Region', width: 9 },
        { title: 'Won', width: 6, align: 'right' },
        { title: `Value ${currency}`, width: 16, align: 'right' },
        { title: 'Of quota', width: 10, align: 'right' },
        { title: `Commission ${currency}`, width: 18, align: 'right' },
      ],
      [...rows, ['Total', '', '', '', '', groupDigits(total.amount)]],
    ),
  );
  const best = [...statements].sort((a, b) => Number(b.total.amount) - Number(a.total.amount))[0];
  if (best === undefined) return;
  console.log(heading('ONE STATEMENT, LINE BY LINE'));
  console.log(renderStatement(best, { maxDeals: 6 }));
}

function main(): void {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { quarter: { type: 'string' }, mode: { type: 'string', default: 'marginal' } } });
  if (values.mode !== 'marginal' && values.mode !== 'whole-amount') throw new Error('--mode is marginal or whole-amount');
  const folder = positionals[0] ?? fileURLToPath(new URL('./data/', import.meta.url));
  const data = readCrmExport(folder);
  const { deals } = data.parsed;
  const quarter = values.quarter === undefined ? lastCompleteQuarter(deals) : parsePeriod(values.quarter);
  const run = closeCommissions(deals, values.mode);
  printImport(data);
  printPipeline(deals);
  if (values.quarter === undefined) {
    console.log(heading('THE WHOLE FILE'));
    printRates(deals, undefined);
    const won = sumMoney(
      deals.flatMap((deal) => (deal.status === 'won' && deal.amount !== null ? [deal.amount] : [])),
      { currency },
    );
    console.log(`  Won value       ${groupDigits(won.amount)} ${currency}`);
    const commission = sumMoney(
      run.statements.map((statement) => statement.total),
      { currency },
    );
    console.log(`  Commission      ${groupDigits(commission.amount)} ${currency} (${values.mode}: 5 % / 8 % / 12 % from 0 / 50,000 / 100,000 a quarter)`);
  }
  if (quarter === undefined) {
    console.log('\nNothing has closed yet, so there is no quarter to close.');
    return;
  }
  console.log(heading(`QUARTER ${quarter.label}`));
  printRates(deals, quarter);
  printForecast(data, quarter);
  printCommissions(data, run, quarter);
  for (const issue of run.issues.slice(0, 5)) console.log(`  commission: ${formatIssue(issue)}`);
  console.log('\nEvery line above can be traced to its deals: see examples/quarter-close.ts.');
}

try {
  main();
} catch (error) {
  if (!isDomainError(error) && !(error instanceof Error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
