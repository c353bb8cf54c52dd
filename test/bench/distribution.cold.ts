/* What the first call in a fresh process costs: `ours` as a list of deals, or `simulation`. */
import { distributionOfSum, quantileOf } from 'dealwright/stats';
import { makeDeals, simulate } from './distribution-deals.js';
import { printCold } from './measure.js';

const columns = makeDeals(10_000);
const list = Array.from(columns.amounts, (amount, i) => ({ amount, probability: columns.probabilities[i] ?? 0 }));
const levels = [0.1, 0.5, 0.9];

if (process.argv[2] === 'simulation') printCold(() => simulate(columns, 10_000, levels));
else {
  printCold(() => {
    const distribution = distributionOfSum(process.argv[2] === 'columns' ? columns : list);
    return levels.map((level) => quantileOf(distribution, level));
  });
}
