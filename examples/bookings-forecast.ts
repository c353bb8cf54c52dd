/*
 * A forecast from history, with its range, its past and its reasons: US retail sales by month (public domain, see data/README.md), as if they were a company's bookings.
 *
 *   npx tsx --tsconfig examples/tsconfig.json examples/bookings-forecast.ts
 */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { backtest, ensemble, ets, forecastSeries, measureAccuracy, measureValueAdded, naive, seasonalNaive, selectModel, type TimeSeries, theta } from 'dealwright/forecasting';
import { count, heading, percent, textTable } from './quarter-close/text-table.js';

const rows: Readonly<Record<string, string>>[] = parse(readFileSync(new URL('data/retail-sales.csv', import.meta.url), 'utf8'), { columns: true });
const all = rows.map((row) => Number(row['RSXFSN']) / 1000);

/** Billions of dollars. The last year is kept back, to see how the forecast would have done. */
const HELD_BACK = 12;
const known: TimeSeries = { values: all.slice(0, -HELD_BACK), period: 'month', start: rows[0]?.['DATE'] ?? '1992-01-01', currency: 'USD' };
const actual = all.slice(-HELD_BACK);

const forecast = forecastSeries(known, { horizon: HELD_BACK, levels: [0.8, 0.95], backtest: 12 });

console.log(heading('Retail sales, the next twelve months (billions of USD)'));
console.log(
  textTable(
    [
      { title: 'Month', width: 8 },
      { title: 'Forecast', width: 8, align: 'right' },
      { title: '80 % range', width: 15, align: 'right' },
      { title: '95 % range', width: 15, align: 'right' },
      { title: 'Happened', width: 8, align: 'right' },
    ],
    forecast.mean.map((mean, h) => {
      const range = (k: number): string => `${forecast.intervals[k]?.lower[h]?.toFixed(0) ?? ''} – ${forecast.intervals[k]?.upper[h]?.toFixed(0) ?? ''}`;
      return [forecast.periods?.[h] ?? '', mean.toFixed(1), range(0), range(1), (actual[h] ?? 0).toFixed(1)];
    }),
  ),
);

console.log(heading('Why'));
for (const reason of forecast.because) console.log(`- ${reason}`);

const accuracy = measureAccuracy(actual, forecast, { training: known });
console.log(heading('How it did on the year kept back'));
console.log(
  `Weighted error ${percent(accuracy.wape)}, bias ${percent(accuracy.bias)}, MASE ${accuracy.mase?.toFixed(2) ?? 'not known'} (1 is the usual change from year to year).`,
);
for (const { level, coverage } of accuracy.intervals) console.log(`The ${percent(level, 0)} range held ${percent(coverage, 0)} of the months.`);

console.log(heading('Past forecasts of five models, from the same twelve months, up to half a year ahead'));
const models = [naive(), seasonalNaive(), theta(), ets(), ensemble()];
const selection = selectModel(models, known, { horizon: 6, origins: 12, measure: 'wape' });
console.log(
  textTable(
    [
      { title: 'Model', width: 16 },
      { title: 'Weighted error', width: 14, align: 'right' },
      { title: 'Bias', width: 8, align: 'right' },
      { title: '80 % range held', width: 15, align: 'right' },
    ],
    selection.ranking.map((entry) => [entry.model, percent(entry.value, 2), percent(entry.accuracy.bias, 2), percent(entry.accuracy.intervals[0]?.coverage ?? null, 0)]),
  ),
);
for (const reason of selection.because) console.log(`- ${reason}`);

console.log(heading('Does forecasting add value? Same months, step by step'));
const replay = (model: (typeof models)[number]): number[] => backtest(model, known, { horizon: 1, origins: 24 }).origins.map((origin) => origin.mean[0] ?? 0);
const happened = backtest(naive(), known, { horizon: 1, origins: 24 }).origins.map((origin) => origin.actual[0] ?? null);
const added = measureValueAdded(happened, [
  { name: 'last month again', forecast: replay(naive()) },
  { name: 'last year again', forecast: replay(seasonalNaive()) },
  { name: 'the default model', forecast: replay(ensemble()) },
]);
for (const step of added.steps) {
  const change = step.added === null ? '' : `, ${step.added >= 0 ? 'better' : 'worse'} than the step before by ${percent(Math.abs(step.added), 2)}`;
  console.log(`${step.name.padEnd(18)} weighted error ${percent(step.error, 2)}${change}`);
}
console.log(`(${count(added.count)} months)`);
