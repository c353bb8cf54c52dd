/*
 * Distribution of what 10,000 open deals will close, with its P10, P50 and P90: exact, against a Monte Carlo simulation of 10,000 runs; cold and warm; and how far
 * each is from the exact quantiles. The reference is a convolution on the full grid of 100, deal by deal.
 */
import { distributionOfSum, probabilityAtLeast, quantileOf } from 'dealwright/stats';
import { makeDeals, simulate } from './distribution-deals.js';
import { measure, measureCold, measureGrowth, printGrowth, printTarget, printTimings } from './measure.js';

const COUNT = 10_000;
const STEP = 100;
const LEVELS = [0.1, 0.5, 0.9];
const columns = makeDeals(COUNT);
const list = Array.from(columns.amounts, (amount, i) => ({ amount, probability: columns.probabilities[i] ?? 0 }));

function ours(): readonly number[] {
  const distribution = distributionOfSum(list);
  return LEVELS.map((level) => quantileOf(distribution, level));
}

const warm = measure(
  [
    { name: 'dealwright, list of deals', run: ours },
    { name: 'dealwright, columns', run: () => distributionOfSum(columns) },
    { name: 'Monte Carlo by hand, 1,000 runs (a tenth)', run: () => simulate(columns, 1_000, LEVELS) },
  ],
  { rounds: 5 },
);
printTimings(`Distribution of ${COUNT.toLocaleString('en')} deals, warm`, warm);
const warmMilliseconds = warm[0]?.milliseconds ?? Number.NaN;
console.log(`  10,000 runs of Monte Carlo take ${(10 * (warm[2]?.ratio ?? Number.NaN)).toFixed(0)} × as long`);
printTarget(`at most 5 ms warm: ${warmMilliseconds.toFixed(2)} ms`, warmMilliseconds <= 5);

const script = new URL('./distribution.cold.ts', import.meta.url);
const cold = measureCold(script, [], 7);
const coldColumns = measureCold(script, ['columns'], 7);
const coldSimulation = measureCold(script, ['simulation'], 3);
console.log('\nThe same, cold (first call in a fresh process)');
console.log(
  `  list ${cold.toFixed(1)} ms, columns ${coldColumns.toFixed(1)} ms, Monte Carlo of 10,000 runs ${coldSimulation.toFixed(0)} ms: ${(coldSimulation / cold).toFixed(0)} ×`,
);
printTarget(`at most 25 ms cold: ${cold.toFixed(1)} ms`, cold <= 25);

/** Every deal convolved on the grid, with the far tails cut at 1e-18: exact, and slow. */
function convolve(): readonly number[] {
  let first = 0;
  let masses = Float64Array.of(1);
  for (const { amount, probability } of list) {
    const shift = Math.round(amount / STEP);
    const next = new Float64Array(masses.length + shift);
    for (let i = 0; i < masses.length; i += 1) {
      next[i] = (next[i] ?? 0) + (masses[i] ?? 0) * (1 - probability);
      next[i + shift] = (next[i + shift] ?? 0) + (masses[i] ?? 0) * probability;
    }
    let low = 0;
    let high = next.length;
    while (low < high - 1 && (next[low] ?? 0) < 1e-18) low += 1;
    while (high > low + 1 && (next[high - 1] ?? 0) < 1e-18) high -= 1;
    masses = next.slice(low, high);
    first += low;
  }
  return LEVELS.map((level) => {
    let sum = 0;
    for (let i = 0; i < masses.length; i += 1) {
      sum += masses[i] ?? 0;
      if (sum >= level) return (first + i) * STEP;
    }
    return Number.NaN;
  });
}

const exact = convolve();
const errorOf = (quantiles: readonly number[]): string => quantiles.map((value, i) => (Math.abs(value - (exact[i] ?? Number.NaN)) / STEP).toFixed(0)).join(', ');
console.log(`\nError of P10, P50 and P90 in steps of the grid: dealwright ${errorOf(ours())}; Monte Carlo of 10,000 runs ${errorOf(simulate(columns, 10_000, LEVELS))}`);
printTarget(
  'error of at most 1 step',
  ours().every((value, i) => Math.abs(value - (exact[i] ?? Number.NaN)) <= STEP),
);

printGrowth(
  measureGrowth('distribution', COUNT, (count) => {
    const deals = makeDeals(count);
    return () => probabilityAtLeast(distributionOfSum(deals), 1e8);
  }),
);
