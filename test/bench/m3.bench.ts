/*
 * Accuracy on competition series: sMAPE and MASE averaged over series, coverage of intervals, and time per series, beside R's where the file holds its forecasts.
 *
 *   npm run bench -- m3                                      the file of the reference material, if it lies beside the project
 *   M3_FILE=series.json npm run bench -- m3                  any file of that shape: { series: [{ period, m, h, x, xx, forecasts?, smape?, mase? }] }
 *
 * x is the training part, xx what followed; forecasts.<method> are R's.
 */
import { readFileSync } from 'node:fs';
import { ensemble, ets, type ForecastModel, forecastSeries, measureAccuracy, theta } from 'dealwright/forecasting';
import { hasReference, referencePath } from '../support/reference-data.js';
import { printTarget } from './measure.js';

interface CompetitionSeries {
  readonly period?: string;
  readonly m: number;
  readonly h: number;
  readonly x: readonly number[];
  readonly xx: readonly number[];
  readonly forecasts?: Readonly<Record<string, readonly number[]>>;
}

interface Sums {
  count: number;
  smape: number;
  mase: number;
  inside80: number;
  inside95: number;
  withIntervals: number;
}

const OURS: readonly (readonly [string, ForecastModel])[] = [
  ['ets', ets()],
  ['theta', theta()],
  ['ensemble', ensemble()],
];
const THEIRS = ['ets', 'theta', 'ets_theta'] as const;

function add(table: Map<string, Map<string, Sums>>, group: string, method: string, smape: number, mase: number, coverage: readonly number[]): void {
  const methods = table.get(group) ?? new Map<string, Sums>();
  table.set(group, methods);
  const sums = methods.get(method) ?? { count: 0, smape: 0, mase: 0, inside80: 0, inside95: 0, withIntervals: 0 };
  methods.set(method, sums);
  sums.count += 1;
  sums.smape += smape;
  sums.mase += mase;
  const [inside80, inside95] = coverage;
  if (inside80 === undefined || inside95 === undefined) return;
  sums.withIntervals += 1;
  sums.inside80 += inside80;
  sums.inside95 += inside95;
}

function report(all: readonly CompetitionSeries[]): void {
  const table = new Map<string, Map<string, Sums>>();
  const used = new Map<string, number>();
  let worstOfCall = 0;
  for (const series of all) {
    const training = { values: series.x, seasonLength: series.m };
    const groups = ['ALL', ...(series.period === undefined ? [] : [series.period])];
    const score = (method: string, mean: readonly number[], intervals: ReturnType<typeof forecastSeries>['intervals']): void => {
      const accuracy = measureAccuracy(series.xx, { mean, intervals, standardErrors: null, intervalMethod: 'none', periods: null, assumptions: [] }, { training });
      for (const group of groups) {
        add(
          table,
          group,
          method,
          100 * (accuracy.smape ?? 0),
          accuracy.mase ?? 0,
          accuracy.intervals.map((interval) => interval.coverage),
        );
      }
    };
    for (const [name, model] of OURS) {
      const before = process.cpuUsage();
      const path = model.fit(training).predict(series.h);
      const { user, system } = process.cpuUsage(before);
      used.set(name, (used.get(name) ?? 0) + (user + system) / 1000);
      score(name, path.mean, path.intervals);
    }
    const whole = forecastSeries(training, { horizon: series.h });
    score('forecastSeries', whole.mean, whole.intervals);
    worstOfCall = Math.max(worstOfCall, whole.repaired.length);
    for (const method of THEIRS) {
      const mean = series.forecasts?.[method];
      if (mean !== undefined) score(`R ${method}`, mean, []);
    }
  }
  for (const [group, methods] of [...table].sort(([a], [b]) => (a === 'ALL' ? 1 : b === 'ALL' ? -1 : a < b ? -1 : 1))) {
    console.log(`\n  ${group} (${methods.values().next().value?.count ?? 0} series)`);
    for (const [method, sums] of methods) {
      const coverage =
        sums.withIntervals === 0
          ? ''
          : `   80 % holds ${((100 * sums.inside80) / sums.withIntervals).toFixed(1)}   95 % holds ${((100 * sums.inside95) / sums.withIntervals).toFixed(1)}`;
      console.log(`    ${method.padEnd(15)} sMAPE ${(sums.smape / sums.count).toFixed(3).padStart(7)}   MASE ${(sums.mase / sums.count).toFixed(4)}${coverage}`);
    }
  }
  console.log('');
  for (const [name, milliseconds] of used) console.log(`  ${name}: ${(milliseconds / all.length).toFixed(2)} ms of CPU a series, fit and forecast`);
  const total = table.get('ALL');
  const mean = (method: string, key: 'smape' | 'mase'): number => (total?.get(method)?.[key] ?? NaN) / (total?.get(method)?.count ?? NaN);
  const compare = (method: string, other: string, allowed: number, text: string): void => {
    for (const key of ['smape', 'mase'] as const) {
      const ratio = mean(method, key) / mean(other, key);
      if (ratio === ratio) printTarget(`${text}, ${key === 'smape' ? 'sMAPE' : 'MASE'}: ${((ratio - 1) * 100).toFixed(2)} %`, ratio <= 1 + allowed);
    }
  };
  compare('ets', 'R ets', 0.005, "automatic ETS within 0.5 % of R's or better");
  compare('theta', 'R theta', 0.005, "Theta within 0.5 % of R's or better");
  compare('forecastSeries', 'R ets_theta', 0, "the default at least as good as the mean of R's ETS and Theta");
  const sums = total?.get('forecastSeries');
  if (sums !== undefined) {
    const inside80 = sums.inside80 / sums.withIntervals;
    const inside95 = sums.inside95 / sums.withIntervals;
    printTarget(
      `80 % intervals hold ${(100 * inside80).toFixed(1)} %, 95 % intervals ${(100 * inside95).toFixed(1)} % (within 3 points)`,
      Math.abs(inside80 - 0.8) <= 0.03 && Math.abs(inside95 - 0.95) <= 0.03,
    );
  }
}

const file = process.env['M3_FILE'] ?? process.argv[2] ?? (hasReference ? referencePath('cases/oracle/m3_benchmark.json') : undefined);
if (file === undefined) console.log('  There is no file: set M3_FILE.');
else {
  // The shape is described above; a file of another shape fails at its first series.
  const { series } = JSON.parse(readFileSync(file, 'utf8')) as { series: readonly CompetitionSeries[] };
  report(series);
}
