/*
 * What a sales manager reads on Monday: what changed since last week, what will close and how sure that is, what needs attention, and what to do to reach the quota.
 * On the synthetic sample in examples/data, as if today were a Monday in the middle of a quarter: nothing later is looked at.
 *
 *   npx tsx --tsconfig examples/tsconfig.json examples/pipeline-review.ts
 */
import { fileURLToPath } from 'node:url';
import { addDays, differenceInDays, parsePeriod } from 'dealwright/calendar';
import { type ForecastPeriodOptions, fitWinModel, forecastPeriod, predictWin, solvePipelineToCreate } from 'dealwright/forecasting';
import { probabilityAtLeast } from 'dealwright/stats';
import { crmPipeline, readCrmExport } from './quarter-close/crm-export.js';
import { count, heading, percent, plural, textTable } from './quarter-close/text-table.js';

const TODAY = '2025-11-10';
const LAST_WEEK = addDays(TODAY, -7);
const QUARTER = parsePeriod('2025-Q4');

const { deals } = readCrmExport(fileURLToPath(new URL('data', import.meta.url))).parsed;
const options = (asOf: string): ForecastPeriodOptions<'USD'> => ({
  pipeline: crmPipeline,
  period: QUARTER,
  asOf,
  currency: 'USD',
  segmentBy: 'custom.product',
  unknownAmounts: 'past-wins',
});
// The export holds no quota: this team is asked for a tenth more than it was expected to close when the quarter began.
const start = forecastPeriod(deals, options(QUARTER.start));
const quota = Math.round((start.expected * 1.1) / 10_000) * 10_000;
const then = forecastPeriod(deals, { ...options(LAST_WEEK), quota });
const now = forecastPeriod(deals, { ...options(TODAY), quota });

const between = (date: string | null): boolean => date !== null && date >= LAST_WEEK && date < TODAY;
const won = deals.filter(({ status, closedOn }) => status === 'won' && between(closedOn));
const lost = deals.filter(({ status, closedOn }) => status === 'lost' && between(closedOn));
const created = deals.filter(({ createdOn }) => between(createdOn));
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${count(Math.abs(value))}`;

console.log(heading(`Pipeline review of ${TODAY}, ${QUARTER.label}: day ${differenceInDays(TODAY, QUARTER.start)} of the quarter, quota ${count(quota)} USD`));
console.log('\nWhat changed since last week');
console.log(`  won ${plural(won.length, 'deal')}, lost ${plural(lost.length, 'deal')}, ${plural(created.length, 'new deal')}`);
console.log(
  textTable(
    [
      { title: '', width: 26 },
      { title: 'last week', width: 12, align: 'right' },
      { title: 'today', width: 12, align: 'right' },
      { title: 'change', width: 12, align: 'right' },
    ],
    [
      ['Won in the quarter', then.closedWon, now.closedWon],
      ['Expected from open deals', then.existing.expected, now.existing.expected],
      ['Expected from new deals', then.newBusiness.expected, now.newBusiness.expected],
      ['Forecast', then.expected, now.expected],
    ].map(([label, before, after]) => [String(label), count(Number(before)), count(Number(after)), signed(Number(after) - Number(before))]),
  ),
);

console.log('\nWhat will close, and how sure');
console.log(`  ${count(now.expected)} USD expected; 8 times in 10 between ${count(now.distribution.p10)} and ${count(now.distribution.p90)}`);
console.log(
  `  P(quota) ${percent(now.distribution.probabilityOfQuota)}, last week ${percent(then.distribution.probabilityOfQuota)}; if missed, on average by ${count(
    (now.distribution.expectedShortfall ?? 0) / Math.max(1e-9, 1 - (now.distribution.probabilityOfQuota ?? 0)),
  )}`,
);
console.log(
  `  history: ${now.history.status}, ${plural(now.history.past.length, 'past quarter')} checked${now.history.weightedError === null ? '' : `, off by ${percent(now.history.weightedError)} on the whole`}`,
);
for (const reason of now.history.reasons) console.log(`    ${reason}`);

const model = fitWinModel(deals, { pipeline: crmPipeline, asOf: TODAY, segmentBy: 'custom.product' });
const rows = now.contributions.map((contribution) => {
  const deal = deals[contribution.index];
  const prediction = deal === undefined ? undefined : predictWin(model, deal, { asOf: TODAY, by: QUARTER.endExclusive });
  return { contribution, deal, prediction };
});
const tell = (list: typeof rows): string =>
  textTable(
    [
      { title: 'Deal', width: 10 },
      { title: 'Seller', width: 20 },
      { title: 'Product', width: 14 },
      { title: 'Days open', width: 9, align: 'right' },
      { title: 'P(won)', width: 8, align: 'right' },
      { title: 'P(lost)', width: 8, align: 'right' },
      { title: 'Expected', width: 10, align: 'right' },
    ],
    list.map(({ contribution, deal, prediction }) => [
      contribution.dealId,
      deal?.ownerId ?? '',
      String(deal?.custom.product ?? ''),
      count(contribution.daysInStage),
      percent(contribution.probability),
      percent(prediction?.lost ?? null),
      count(contribution.expected),
    ]),
  );

console.log('\nWhere to focus: the largest expected values');
console.log(tell(rows.slice(0, 5)));
console.log('\nAt risk: the most likely to be lost by the end of the quarter');
const risky = [...rows].sort((a, b) => (b.prediction?.lost ?? 0) - (a.prediction?.lost ?? 0));
console.log(risky.length === 0 ? '  none' : tell(risky.slice(0, 5)));

console.log('\nWhat to do to reach the quota');
const { p10, p50, p90, quantiles, probabilityOfQuota, expectedShortfall, reason, ...distribution } = now.distribution;
const amounts = deals.flatMap(({ status, closedOn, amount }) => (status === 'won' && closedOn !== null && closedOn < TODAY && amount !== null ? [Number(amount.amount)] : []));
const severity = amounts.map((amount) => ({ amount, probability: 1 / amounts.length }));
// A deal created today is won in time about as often as the new deals that are expected anyway.
const winProbability = now.newBusiness.created > 0 ? now.newBusiness.wins / now.newBusiness.created : 0;
for (const targetProbability of [0.5, 0.7, 0.9]) {
  const plan = solvePipelineToCreate(distribution, { quota, targetProbability, severity, winProbability });
  const what =
    plan.deals === null
      ? 'out of reach this quarter'
      : plan.deals === 0
        ? 'nothing more is needed'
        : `${plural(plan.deals, 'further deal')} today, worth ${count(plan.amount ?? 0)}`;
  console.log(`  for a chance of ${percent(targetProbability, 0)}: ${what}`);
}
console.log(`  a tenth less than the quota would be reached with ${percent(probabilityAtLeast(distribution, quota * 0.9))}`);
