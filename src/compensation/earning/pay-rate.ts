/* What a rate of any form pays on one window, deal or credit. */
import { RATIO_ZERO, type Ratio, ratioAdd, ratioDivide, ratioMultiply, ratioSign } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { formatPath, type IssuePath } from '../../errors/issue.js';
import type { EvaluationContext } from '../component.js';
import { payMatrix } from '../matrix-payout.js';
import type { RateMatrix } from '../rate-matrix.js';
import { type CreditPart, type MeasuredCredit, partOf, type TierBand } from '../tier-band.js';
import type { TierProgress } from '../tier-modes/tier-work.js';
import { isLiteralTable, payTiers, type ResolvedTable, resolveTable, type TierFigures } from '../tier-payout.js';
import type { PayRate, TierTable } from '../tier-table.js';
import { isValueExpression, type ValueExpression } from '../value-expression.js';
import { type EarningSource, inBoundUnits, select } from './earning-work.js';

/** How a rate is applied. */
export interface RateWork {
  readonly context: EvaluationContext;
  readonly rate: PayRate;
  readonly path: IssuePath;
  /** Apart from the same measures followed elsewhere. */
  readonly keys: string;
  readonly source: EarningSource;
  readonly earnedBefore: ExactValue;
  /** Whether the source is a window that goes on, rather than a deal. */
  readonly follows: boolean;
  readonly wantsParts: boolean;
  readonly rateCap: ExactValue | undefined;
  readonly rateFloor: ExactValue | undefined;
  readonly boundShare: ExactValue | undefined;
  readonly targetShare: ExactValue | undefined;
  /** What the rate applies to, where that is not what counts toward the tiers. */
  readonly basis: BasisTotals | undefined;
}

/** A second amount that is paid on. */
export interface BasisTotals {
  readonly before: ExactValue;
  readonly toDate: ExactValue;
  readonly credits: () => readonly MeasuredCredit[];
}

/** Whether a rate is a table of tiers. */
export function isTierTable(rate: PayRate): rate is TierTable {
  return !isValueExpression(rate) && 'tiers' in rate;
}

/** Whether a rate is a matrix. */
export function isRateMatrix(rate: PayRate): rate is RateMatrix {
  return !isValueExpression(rate) && 'cells' in rate;
}

/** What a rate earns, and the rate of its first tier. Undefined where a figure or a selector has no value (reported). */
export function bandsOfRate(work: RateWork): { readonly bands: readonly TierBand[]; readonly baseRate: ExactValue | undefined } | undefined {
  const { rate } = work;
  if (isTierTable(rate)) return bandsOfTable(rate, work);
  if (isRateMatrix(rate)) return bandsOfMatrix(rate, work);
  return bandsOfFlatRate(rate, work);
}

/** The rate that is paid where nothing accelerates: that of the first tier, or the flat rate. */
export function baseRateOf(rate: PayRate, context: EvaluationContext): ExactValue | undefined {
  if (isValueExpression(rate)) return context.value(rate, 'rate');
  if (isRateMatrix(rate)) return undefined;
  const resolved = resolveTable(rate, { arithmetic: context, currency: context.currency, resolve: context.value });
  return resolved?.returns === 'rate' || resolved?.returns === 'multiplier' ? resolved.tiers[0]?.pays : undefined;
}

function figuresOf({ context, rateCap, rateFloor, targetShare }: RateWork, boundUnit: ExactValue | undefined): TierFigures {
  return {
    arithmetic: context,
    currency: context.currency,
    resolve: context.value,
    ...(boundUnit === undefined ? {} : { boundUnit }),
    ...(rateCap === undefined ? {} : { rateCap }),
    ...(rateFloor === undefined ? {} : { rateFloor }),
    ...(targetShare === undefined ? {} : { targetFactor: targetShare }),
  };
}

function limitedRate(rate: ExactValue, { context, rateCap, rateFloor }: RateWork): ExactValue {
  if (rateCap !== undefined && context.compare(rate, rateCap) > 0) return context.minimum([rate, rateCap], { label: 'Rate, capped' });
  if (rateFloor !== undefined && context.compare(rate, rateFloor) < 0) return context.maximum([rate, rateFloor], { label: 'Rate, at least' });
  return rate;
}

function bandsOfFlatRate(expression: ValueExpression, work: RateWork): ReturnType<typeof bandsOfRate> {
  const { context, source, basis: second, wantsParts } = work;
  const given = context.value(expression, 'rate');
  if (given === undefined) return undefined;
  const rate = limitedRate(given, work);
  const { before, toDate, credits } = second ?? source;
  const basis = ratioSign(ratioOf(before)) === 0 ? toDate : context.subtract(toDate, before, { label: 'Credited now' });
  const parts: readonly CreditPart[] = wantsParts ? credits().map((credit) => partOf(credit, credit.value)) : [];
  if (ratioSign(ratioOf(basis)) === 0 && parts.length === 0) return { bands: [], baseRate: rate };
  const planPath = formatPath(work.path);
  return {
    bands: [{ tier: 0, label: 'Rate', planPath, basis, rate, amount: context.multiply([basis, rate], { label: 'Rate', planPath, unit: context.currency }), parts }],
    baseRate: rate,
  };
}

function bandsOfTable(table: TierTable, work: RateWork): ReturnType<typeof bandsOfRate> {
  const { context, source, follows } = work;
  const by = table.by ?? 'amount';
  const reference = table.reference ?? 'full';
  const selected = select(by, reference, source, `${work.keys}by`, context);
  if (selected === undefined) return undefined;
  const boundUnit = selected.unit ?? (by === 'amount' ? work.boundShare : undefined);
  const resolved = resolvedTable(table, work, boundUnit);
  if (resolved === undefined) return undefined;
  const boundsMove = follows && selected.unit !== undefined && (reference !== 'full' || quotaHasMoved(selected.unit, work));
  const selector = typeof by === 'string' ? undefined : selected.value;
  const bands =
    work.basis === undefined ? payTiers(resolved, progressOf(work, selector, boundsMove), placeOf(work)) : bandsOfBasis(resolved, work, work.basis, selector, boundsMove);
  const isRate = resolved.returns === 'rate' || resolved.returns === 'multiplier';
  return { bands, baseRate: isRate ? resolved.tiers[0]?.pays : undefined };
}

/** Tables whose figures are the same for everybody are resolved once. */
function resolvedTable(table: TierTable, work: RateWork, boundUnit: ExactValue | undefined): ResolvedTable | undefined {
  const { context, rateCap, rateFloor, targetShare } = work;
  const plain = boundUnit === undefined && rateCap === undefined && rateFloor === undefined && targetShare === undefined;
  if (!plain || !isLiteralTable(table)) return resolveTable(table, figuresOf(work, boundUnit));
  return context.once(table, () => resolveTable(table, figuresOf(work, undefined)));
}

function placeOf({ context, path }: RateWork): { readonly arithmetic: EvaluationContext; readonly path: IssuePath; readonly currency: string } {
  return { arithmetic: context, path, currency: context.currency };
}

function progressOf({ source, earnedBefore, wantsParts }: RateWork, selector: ExactValue | undefined, boundsMove: boolean): TierProgress {
  const { before, toDate, credits, creditsStart } = source;
  return { before, toDate, earnedBefore, credits, creditsStart, selector, boundsMove, wantsParts };
}

/** Whether the quota is another one than in the period before: bounds that move are applied to everything to date. */
function quotaHasMoved(quota: ExactValue, { context, source, keys }: RateWork): boolean {
  if (source.window === context.period) return false;
  const key = `${keys}quota`;
  const text = context.toText(quota);
  const known = context.recall(key, source.window);
  if (known === text) return false;
  context.remember(key, source.window, text);
  return known !== undefined;
}

/** Pays on one amount by tiers that another one selects. */
function bandsOfBasis(resolved: ResolvedTable, work: RateWork, basis: BasisTotals, selector: ExactValue | undefined, boundsMove: boolean): readonly TierBand[] {
  const { context, source, earnedBefore, wantsParts } = work;
  const { mode } = resolved.table;
  if (mode === 'whole-amount' || selector !== undefined) {
    return payTiers(resolved, { ...basis, earnedBefore, wantsParts, boundsMove, creditsStart: undefined, selector: selector ?? source.toDate }, placeOf(work));
  }
  // Each credit is spread over the tiers as it counts toward them, and paid on its own basis in the same shares.
  const counted = payTiers(resolved, { ...progressOf(work, undefined, false), wantsParts: true }, placeOf(work));
  const values = new Map(source.credits().map((credit) => [credit.creditId, credit.value]));
  const bases = new Map(basis.credits().map((credit) => [credit.creditId, credit.value]));
  const placed = new Set<string>();
  const bands: TierBand[] = [];
  for (const band of counted) {
    if (band.rate === undefined) continue;
    const parts = band.parts.map((part) => {
      const value = values.get(part.creditId) ?? RATIO_ZERO;
      const own = bases.get(part.creditId) ?? RATIO_ZERO;
      const first = !placed.has(part.creditId);
      placed.add(part.creditId);
      return { ...part, basis: ratioSign(value) === 0 ? (first ? own : RATIO_ZERO) : ratioMultiply(own, ratioDivide(part.basis, value)) };
    });
    bands.push(bandOn(context, band, band.rate, parts, wantsParts));
  }
  // Paid on, but not counted at all: at the tier reached.
  const rest: readonly CreditPart[] = basis.credits().flatMap((credit) => (placed.has(credit.creditId) ? [] : [partOf(credit, credit.value)]));
  const last = bands[bands.length - 1];
  if (rest.length > 0) {
    const reached =
      payTiers(
        resolved,
        {
          before: source.toDate,
          toDate: context.sum([source.toDate, context.exact('1')]),
          earnedBefore,
          credits: () => [],
          creditsStart: undefined,
          selector: undefined,
          boundsMove: false,
          wantsParts: false,
        },
        placeOf(work),
      )[0] ?? last;
    if (reached?.rate !== undefined) bands.push(bandOn(context, reached, reached.rate, rest, wantsParts));
  }
  return bands;
}

function bandOn(context: EvaluationContext, band: TierBand, rate: ExactValue, parts: readonly CreditPart[], wantsParts: boolean): TierBand {
  const basis = exactValueOfRatio(
    parts.reduce<Ratio>((sum, part) => ratioAdd(sum, part.basis), RATIO_ZERO),
    { name: 'paid on in this tier' },
  );
  return { ...band, basis, parts: wantsParts ? parts : [], amount: context.multiply([basis, rate], { label: band.label, planPath: band.planPath, unit: context.currency }) };
}

function bandsOfMatrix(matrix: RateMatrix, work: RateWork): ReturnType<typeof bandsOfRate> {
  const { context, source } = work;
  const rows = select(matrix.rows.by, matrix.rows.reference ?? 'full', source, `${work.keys}rows`, context);
  const columns = select(matrix.columns.by, matrix.columns.reference ?? 'full', source, `${work.keys}columns`, context);
  if (rows === undefined || columns === undefined) return undefined;
  const progress =
    work.basis === undefined
      ? progressOf(work, undefined, false)
      : { ...work.basis, earnedBefore: work.earnedBefore, wantsParts: work.wantsParts, creditsStart: undefined, selector: undefined, boundsMove: false };
  const bands = payMatrix(matrix, inBoundUnits(rows, context), inBoundUnits(columns, context), progress, placeOf(work), figuresOf(work, undefined));
  return bands === undefined ? undefined : { bands, baseRate: undefined };
}
