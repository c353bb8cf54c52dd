/*
 * Forecasting models on monthly series of about 115 values. The lower bound is one pass of the additive recursion in a bare loop: an automatic choice among 15 forms
 * needs some thousands of them.
 */
import { decomposeStl, ensemble, ets, type ForecastModel, forecastSeries, holtWinters, theta } from 'dealwright/forecasting';
import { openRandom } from 'dealwright/stats';
import { measure, printTarget, printTimings } from './measure.js';

const LENGTH = 115;

/** Monthly sales with level, trend, season and noise of all sorts. */
function makeSeries(seed: number): number[] {
  const random = openRandom(seed);
  const start = 500 + 5000 * random.uniform();
  const growth = 1 + 0.02 * (random.uniform() - 0.4);
  const depth = 0.4 * random.uniform();
  const noise = 0.02 + 0.15 * random.uniform();
  let level = start;
  return Array.from({ length: LENGTH }, (_, t) => {
    level *= growth * (1 + 0.3 * noise * random.normal());
    return Math.max(1, level * (1 + depth * Math.sin((2 * Math.PI * (t + seed)) / 12)) * (1 + noise * random.normal()));
  });
}

const SERIES = Array.from({ length: 20 }, (_, index) => ({ values: makeSeries(index + 1), seasonLength: 12 }));

/** One pass of Holt–Winters in a bare loop, over all series. */
function onePass(): number {
  let total = 0;
  for (const { values } of SERIES) {
    const seasonal = new Float64Array(12);
    let level = values[0] ?? 0;
    let growth = 0;
    for (let t = 0; t < values.length; t += 1) {
      const s = seasonal[t % 12] ?? 0;
      const e = (values[t] ?? 0) - level - growth - s;
      total += e * e;
      level += growth + 0.3 * e;
      growth += 0.03 * e;
      seasonal[t % 12] = s + 0.2 * e;
    }
  }
  return total;
}

const forecastAll = (model: ForecastModel) => (): number => {
  let total = 0;
  for (const series of SERIES) total += model.fit(series).predict(18).mean[17] ?? 0;
  return total;
};

const timings = measure(
  [
    { name: 'one pass of the recursion, bare loop', run: onePass },
    { name: 'theta', run: forecastAll(theta()) },
    { name: 'Holt–Winters, additive', run: forecastAll(holtWinters()) },
    { name: 'Holt–Winters, multiplicative', run: forecastAll(holtWinters({ seasonal: 'multiplicative' })) },
    { name: 'ETS(A,A,A)', run: forecastAll(ets({ form: 'AAA' })) },
    { name: 'automatic ETS', run: forecastAll(ets()) },
    { name: 'ensemble', run: forecastAll(ensemble()) },
    { name: 'forecastSeries', run: () => SERIES.map((series) => forecastSeries(series, { horizon: 18 })) },
    { name: 'STL', run: () => SERIES.map((series) => decomposeStl(series)) },
  ],
  { rounds: 5, warmUp: 2 },
);
const each = timings.map((timing) => ({ ...timing, milliseconds: timing.milliseconds / SERIES.length }));
printTimings(`Fit and forecast of 18 months, one series of ${LENGTH} values`, each);
const timeOf = (name: string): number => each.find((timing) => timing.name === name)?.milliseconds ?? NaN;
for (const [name, limit] of [
  ['theta', 0.5],
  ['Holt–Winters, additive', 1],
  ['Holt–Winters, multiplicative', 1],
  ['automatic ETS', 30],
] as const) {
  printTarget(`${name} at most ${limit} ms: ${timeOf(name).toPrecision(2)} ms`, timeOf(name) <= limit);
}
