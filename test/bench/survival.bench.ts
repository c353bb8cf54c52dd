/*
 * Kaplan–Meier, Aalen–Johansen and logistic regression on columns of 100,000 rows, beside the obvious implementation on one object per row that does the same work.
 */
import { aalenJohansen, kaplanMeier, logisticRegression } from 'dealwright/stats';
import { measure, measureGrowth, printGrowth, printTarget, printTimings } from './measure.js';

interface Row {
  readonly days: number;
  readonly cause: number;
}

function makeGenerator(): () => number {
  let seed = 12345;
  return () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed / 2 ** 32;
  };
}

function makeRows(count: number): readonly Row[] {
  const next = makeGenerator();
  return Array.from({ length: count }, () => {
    const days = Math.floor(-120 * Math.log(1 - next()) + 3);
    const draw = next();
    return { days, cause: draw < 0.25 ? 1 : draw < 0.8 ? 2 : 0 };
  });
}

/** Sort the rows, group them by time, multiply up. */
function survivalOfObjects(rows: readonly Row[]): readonly { readonly time: number; readonly survival: number; readonly error: number }[] {
  const sorted = [...rows].sort((a, b) => a.days - b.days);
  const curve: { time: number; survival: number; error: number }[] = [];
  let survival = 1;
  let greenwood = 0;
  for (let i = 0; i < sorted.length; ) {
    const time = sorted[i]?.days ?? 0;
    const atRisk = sorted.length - i;
    let events = 0;
    for (; i < sorted.length && sorted[i]?.days === time; i += 1) if (sorted[i]?.cause === 1) events += 1;
    survival *= 1 - events / atRisk;
    greenwood += events / (atRisk * (atRisk - events));
    curve.push({ time, survival, error: survival * Math.sqrt(greenwood) });
  }
  return curve;
}

interface Case {
  readonly x: readonly number[];
  readonly y: number;
}

const COVARIATES = 8;

function makeCases(count: number): readonly Case[] {
  const next = makeGenerator();
  return Array.from({ length: count }, () => {
    const x = Array.from({ length: COVARIATES }, () => next() * 2 - 1);
    const eta = -1 + x.reduce((sum, value, j) => sum + value * (j % 3) * 0.5, 0);
    return { x, y: next() < 1 / (1 + Math.exp(-eta)) ? 1 : 0 };
  });
}

/** Newton's method with arrays made for every row, to the same accuracy. */
function logisticOfObjects(cases: readonly Case[]): readonly number[] {
  const p = COVARIATES + 1;
  let beta = new Array<number>(p).fill(0);
  for (let iteration = 0; iteration < 50; iteration += 1) {
    const gradient = new Array<number>(p).fill(0);
    const information = Array.from({ length: p }, () => new Array<number>(p).fill(0));
    for (const { x, y } of cases) {
      const row = [1, ...x];
      const eta = row.reduce((sum, value, j) => sum + value * (beta[j] ?? 0), 0);
      const mean = 1 / (1 + Math.exp(-eta));
      row.forEach((value, j) => {
        gradient[j] = (gradient[j] ?? 0) + value * (y - mean);
        const line = information[j] ?? [];
        row.forEach((other, k) => {
          line[k] = (line[k] ?? 0) + value * other * mean * (1 - mean);
        });
      });
    }
    const step = solve(information, gradient);
    beta = beta.map((value, j) => value + (step[j] ?? 0));
    if (Math.max(...step.map(Math.abs)) < 1e-8) break;
  }
  return beta;
}

function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const a = matrix.map((row, i) => [...row, right[i] ?? 0]);
  const n = right.length;
  for (let j = 0; j < n; j += 1) {
    const pivot = a[j] ?? [];
    for (let i = 0; i < n; i += 1) {
      const row = a[i];
      if (i === j || row === undefined) continue;
      const factor = (row[j] ?? 0) / (pivot[j] ?? 1);
      a[i] = row.map((value, k) => value - factor * (pivot[k] ?? 0));
    }
  }
  return a.map((row, i) => (row[n] ?? 0) / (row[i] ?? 1));
}

const COUNT = 100_000;
const rows = makeRows(COUNT);
const time = Int32Array.from(rows, (row) => row.days);
const event = Uint8Array.from(rows, (row) => (row.cause === 1 ? 1 : 0));
const plainTime = Array.from(time);
const plainEvent = Array.from(event);
const cause = Uint8Array.from(rows, (row) => row.cause);

const survival = measure([
  { name: 'dealwright, typed columns', run: () => kaplanMeier({ time, event }) },
  { name: 'dealwright, plain arrays', run: () => kaplanMeier({ time: plainTime, event: plainEvent }) },
  { name: 'dealwright, won and lost as competing risks', run: () => aalenJohansen({ time, cause }, { causes: ['won', 'lost'] }) },
  { name: 'sorted row objects by hand (no limits, no checks)', run: () => survivalOfObjects(rows) },
]);
printTimings(`Kaplan–Meier of ${COUNT.toLocaleString('en')} rows in whole days`, survival);
printTarget(`at most 2 ms from columns: ${(survival[0]?.milliseconds ?? Number.NaN).toFixed(2)} ms`, (survival[0]?.milliseconds ?? Number.NaN) <= 2);
printGrowth(
  measureGrowth('Kaplan–Meier', COUNT, (count) => {
    const columns = makeRows(count);
    const data = { time: Int32Array.from(columns, (row) => row.days), event: Uint8Array.from(columns, (row) => (row.cause === 1 ? 1 : 0)) };
    return () => kaplanMeier(data);
  }),
);
printGrowth(
  measureGrowth('Kaplan–Meier, times with fractions', 10_000, (count) => {
    const columns = makeRows(count);
    const data = { time: Float64Array.from(columns, (row, i) => row.days + i / count), event: Uint8Array.from(columns, (row) => (row.cause === 1 ? 1 : 0)) };
    return () => kaplanMeier(data);
  }),
);

const cases = makeCases(COUNT);
const outcome = Uint8Array.from(cases, (row) => row.y);
const columns = Array.from({ length: COVARIATES }, (_, j) => Float64Array.from(cases, (row) => row.x[j] ?? 0));
const listed = cases.map((row) => row.x);
const logistic = measure(
  [
    { name: 'dealwright, typed columns', run: () => logisticRegression({ outcome, covariates: { columns } }) },
    { name: 'dealwright, rows', run: () => logisticRegression({ outcome, covariates: listed }) },
    { name: 'row objects by hand (no tests, no checks)', run: () => logisticOfObjects(cases) },
  ],
  { rounds: 5, warmUp: 1 },
);
printTimings(`Logistic regression of ${COUNT.toLocaleString('en')} rows on ${COVARIATES} covariates`, logistic);
printGrowth(
  measureGrowth(
    'logistic regression',
    20_000,
    (count) => {
      const some = makeCases(count);
      const data = {
        outcome: Uint8Array.from(some, (row) => row.y),
        covariates: { columns: Array.from({ length: COVARIATES }, (_, j) => Float64Array.from(some, (row) => row.x[j] ?? 0)) },
      };
      return () => logisticRegression(data);
    },
    { rounds: 3, warmUp: 1 },
  ),
);
