/* The open pipeline that the benchmark of distributions uses, and a Monte Carlo simulation of it by hand. */

/** Deals as columns. */
export interface DealColumns {
  readonly amounts: Float64Array;
  readonly probabilities: Float64Array;
}

function makeGenerator(seed: number): () => number {
  // Mulberry32: fast enough not to be what is measured.
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Amounts from 5,000 to 200,000, many small ones, in steps of 100. */
export function makeDeals(count: number): DealColumns {
  const next = makeGenerator(2026);
  const amounts = new Float64Array(count);
  const probabilities = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    amounts[i] = Math.round(50 + next() ** 3 * 1950) * 100;
    probabilities[i] = Math.round(20 + next() * 900) / 1000;
  }
  return { amounts, probabilities };
}

/** Quantiles by simulation. */
export function simulate({ amounts, probabilities }: DealColumns, runs: number, levels: readonly number[]): readonly number[] {
  const next = makeGenerator(7);
  const totals = new Float64Array(runs);
  for (let r = 0; r < runs; r += 1) {
    let total = 0;
    for (let i = 0; i < amounts.length; i += 1) if (next() < (probabilities[i] ?? 0)) total += amounts[i] ?? 0;
    totals[r] = total;
  }
  totals.sort();
  return levels.map((level) => totals[Math.min(runs - 1, Math.ceil(level * runs) - 1)] ?? Number.NaN);
}
