/*
 * What deals are won with, as a multiple of what they stood at: from past cuts. Not a public entry.
 */
import type { PastCut } from '../win/learn-win.js';

/** A multiple of the amount at the cut, with its probability. */
export interface AmountRatio {
  readonly ratio: number;
  readonly probability: number;
}

const MIN_WINS = 20;
const POINTS = 7;
/** Wins that a ratio of exactly 1 counts as, so that few observations move little. */
const PRIOR = 10;

/** Mean-preserving summary in at most seven points; the certain ratio 1 where fewer than 20 wins are known. */
export function amountRatios(past: readonly PastCut[]): { readonly ratios: readonly AmountRatio[]; readonly wins: number } {
  const found: number[] = [];
  for (const { rows } of past) {
    for (const { deal, won, wonAmount } of rows) {
      if (!won || wonAmount === null || deal.amount === null || !(deal.amount > 0)) continue;
      found.push(Math.min(10, Math.max(0, wonAmount / deal.amount)));
    }
  }
  if (found.length < MIN_WINS) return { ratios: [{ ratio: 1, probability: 1 }], wins: found.length };
  const unchanged = found.filter((ratio) => ratio === 1).length + PRIOR;
  const changed = found.filter((ratio) => ratio !== 1).sort((a, b) => a - b);
  const total = found.length + PRIOR;
  const ratios: AmountRatio[] = [{ ratio: 1, probability: unchanged / total }];
  const points = Math.min(POINTS - 1, changed.length);
  for (let i = 0; i < points; i += 1) {
    const part = changed.slice(Math.floor((i * changed.length) / points), Math.floor(((i + 1) * changed.length) / points));
    if (part.length > 0) ratios.push({ ratio: part.reduce((sum, ratio) => sum + ratio, 0) / part.length, probability: part.length / total });
  }
  return { ratios, wins: found.length };
}
