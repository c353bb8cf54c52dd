/* A table of tiers applied to a window: its figures resolved, then the mode that the plan names. */
import type { ExactArithmetic, ExactValue } from '../decimal/traced-arithmetic.js';
import type { IssuePath } from '../errors/issue.js';
import type { TierBand } from './tier-band.js';
import { payInterpolated } from './tier-modes/interpolated.js';
import { payLookup } from './tier-modes/lookup.js';
import { payMarginal } from './tier-modes/marginal.js';
import { payRetroToThreshold } from './tier-modes/retro-to-threshold.js';
import { paySteps } from './tier-modes/steps.js';
import type { ResolvedTier, TierModeFunction, TierProgress } from './tier-modes/tier-work.js';
import { payWholeAmount } from './tier-modes/whole-amount.js';
import { type TierMode, type TierReturn, type TierTable, tierReturnOf } from './tier-table.js';
import type { ValueExpression } from './value-expression.js';

/** How each mode pays rates and multipliers. */
const BY_RATE: Readonly<Record<TierMode, TierModeFunction>> = {
  marginal: payMarginal,
  'whole-amount': payWholeAmount,
  lookup: payLookup,
  'retro-to-threshold': payRetroToThreshold,
  interpolated: payInterpolated,
};

/** Where the figures of a table come from, and what they are scaled by. */
export interface TierFigures {
  readonly arithmetic: ExactArithmetic;
  readonly currency: string;
  /** Evaluates an expression of the plan, or undefined (already reported). */
  readonly resolve: (expression: ValueExpression, name: string) => ExactValue | undefined;
  /** Factor from the table's bounds to the measure: the quota for tiers by attainment. */
  readonly boundUnit?: ExactValue;
  /** Factor on the target that shares are of, and on amounts: the prorated part of a period. */
  readonly targetFactor?: ExactValue;
  /** No rate is more. */
  readonly rateCap?: ExactValue;
  /** No rate is less. */
  readonly rateFloor?: ExactValue;
}

/** A table with its figures. */
export interface ResolvedTable {
  readonly table: TierTable;
  readonly tiers: readonly ResolvedTier[];
  readonly returns: TierReturn;
}

/** Whether the figures of a table are the same for every payee and period. */
export function isLiteralTable(table: TierTable): boolean {
  const returns = tierReturnOf(table);
  return (table.of === undefined || typeof table.of === 'string') && table.tiers.every((tier) => typeof tier.from === 'string' && typeof tier[returns] === 'string');
}

/** Resolves the figures of a table. Undefined when one is missing. */
export function resolveTable(table: TierTable, figures: TierFigures): ResolvedTable | undefined {
  const { arithmetic, resolve, boundUnit, targetFactor, rateCap, rateFloor, currency } = figures;
  const returns = tierReturnOf(table);
  const isRate = returns === 'rate' || returns === 'multiplier';
  const base = table.of === undefined ? undefined : resolve(table.of, returns === 'share' ? 'target' : 'base rate');
  if (table.of !== undefined && base === undefined) return undefined;
  const tiers: ResolvedTier[] = [];
  for (const tier of table.tiers) {
    const from = resolve(tier.from, 'tier bound');
    const own = resolve(tier[returns] ?? '0', returns);
    if (from === undefined || own === undefined) return undefined;
    let pays =
      base === undefined || returns === 'rate' || returns === 'amount'
        ? own
        : arithmetic.multiply([own, base], { label: returns === 'share' ? 'Share of target' : 'Rate × multiplier' });
    if (isRate && rateCap !== undefined && arithmetic.compare(pays, rateCap) > 0) pays = arithmetic.minimum([pays, rateCap], { label: 'Rate, capped' });
    if (isRate && rateFloor !== undefined && arithmetic.compare(pays, rateFloor) < 0) pays = arithmetic.maximum([pays, rateFloor], { label: 'Rate, at least' });
    if (!isRate && targetFactor !== undefined) pays = arithmetic.multiply([pays, targetFactor], { label: 'Prorated', unit: currency });
    tiers.push({
      bound: boundUnit === undefined ? from : arithmetic.multiply([from, boundUnit], { label: table.by === 'attainment' ? 'Bound × quota' : 'Bound, prorated' }),
      pays,
    });
  }
  return { table, tiers, returns };
}

/** Where a table stands. */
export interface TierPlace {
  readonly arithmetic: ExactArithmetic;
  readonly path: IssuePath;
  readonly currency: string;
}

/** Applies a table. The amounts of the bands sum to what is earned between `before` and `toDate`. */
export function payTiers({ table, tiers, returns }: ResolvedTable, progress: TierProgress, place: TierPlace): readonly TierBand[] {
  const pay = (returns === 'amount' || returns === 'share') && table.mode !== 'interpolated' ? paySteps : BY_RATE[table.mode];
  const { before, toDate, earnedBefore, credits, creditsStart, selector, boundsMove, wantsParts } = progress;
  const { arithmetic, path, currency } = place;
  return pay({ before, toDate, earnedBefore, credits, creditsStart, selector, boundsMove, wantsParts, arithmetic, path, currency, table, tiers, returns });
}
