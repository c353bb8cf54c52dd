import { checkKeys, checkNumber, checkRecord, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { type CrostonState, croston } from './croston.js';
import { describeEstimate, type EtsState, isConstant, numbersOf, usableSeason } from './ets.js';
import { createEtsSeries, rankForms } from './ets-fit.js';
import { candidateForms, nameEtsForm, readEtsForm } from './ets-form.js';
import { forecastMoments } from './ets-paths.js';
import { defineForecastModel, type ForecastModel, intervalsFromErrors, type ModelFit, type ModelPrediction, type SeriesData, type StoredModel } from './forecast-model.js';
import { adjustSeason, fitTheta, hasSeason, predictTheta, type ThetaState } from './theta.js';

/**
 * Settings of {@link ensemble}.
 *
 * @category forecasting
 */
export interface EnsembleOptions {
  /** Weight of exponential smoothing, 0 to 1; the rest goes to Theta. Default 0.5. */
  readonly etsWeight?: number;
}

/**
 * One member of an {@link ensemble}.
 *
 * @category forecasting
 */
export interface EnsembleMember {
  /** Its share of the forecast. */
  readonly weight: number;
  /** Exponential smoothing, or `null`. */
  readonly ets: EtsState | null;
  /** Theta, or `null`. */
  readonly theta: ThetaState | null;
  /** Whether the member was fitted to logarithms. */
  readonly logarithmic: boolean;
  /** Seasonal effects that were taken out before the fit, the first for the next period; empty if none. */
  readonly seasonal: readonly number[];
  /** Whether these effects are factors. */
  readonly multiplicative: boolean;
}

/**
 * State of {@link ensemble}: which kind of series it was found to be, and what follows from that.
 *
 * @category forecasting
 */
export interface EnsembleState {
  /** `constant`: all values are the same. `single`: one value. `short`: fewer than five. `intermittent`: many periods without sales. `regular`: everything else. */
  readonly kind: 'constant' | 'single' | 'short' | 'intermittent' | 'regular';
  /** The last value, for `constant`, `single` and `short`. */
  readonly last: number;
  /** Standard deviation of the changes, for `short`. */
  readonly sigma: number;
  /** Number of known values. */
  readonly observations: number;
  /** Members, for `regular`. */
  readonly members: readonly EnsembleMember[];
  /** Stored fit, for `intermittent`. */
  readonly intermittent: StoredModel<CrostonState> | null;
  /** Largest known size: forecasts of a member many times beyond are not believed. */
  readonly largest: number;
}

/**
 * Shape of the intervals: Student's t with 6 degrees of freedom, scaled to the standard deviation of the mixture. Found on 400 series of the M3 competition, on
 * which the 80 and 95 % intervals then hold 80 and 95 % of the values.
 */
const SHAPE_DEGREES = 6;
const SHAPE_SCALE = 0.847;

/** Series longer than this lose their oldest part. */
const MOST = 3000;
/** A form whose Akaike weight is below this is left out. */
const LEAST_WEIGHT = 0.005;
/** A member that runs away this far beyond everything seen is not believed. */
const RUNAWAY = 20;

/** Whether sales are intermittent: not negative, and nothing in at least 30 % of the periods. */
export function isIntermittent(values: readonly (number | null)[]): boolean {
  let known = 0;
  let zeros = 0;
  for (const value of values) {
    if (value === null) continue;
    if (value < 0) return false;
    known += 1;
    if (value === 0) zeros += 1;
  }
  return known >= 5 && zeros >= 0.3 * known && zeros < known;
}

/** The newest part of a long series, beginning with the same season. */
function newestPart(data: SeriesData): SeriesData {
  const { values, filled, seasonLength } = data;
  const n = values.length;
  if (n <= MOST) return data;
  const from = Math.ceil((n - MOST) / seasonLength) * seasonLength;
  const part = values.slice(from);
  return { values: part, filled: filled.slice(from), observations: part.filter((value) => value !== null).length, seasonLength };
}

interface FittedMember {
  readonly member: EnsembleMember;
  readonly fitted: readonly number[];
  readonly label: string;
}

/** Forms of exponential smoothing by Akaike weight. */
function fitEtsMembers(data: SeriesData, m: number): FittedMember[] {
  const { values } = data;
  let positive = true;
  for (const value of values) if (value !== null && value <= 0) positive = false;
  const y = Float64Array.from(values, (value) => value ?? NaN);
  const ranked = rankForms(
    createEtsSeries(y, m),
    candidateForms({ positive, seasonal: m > 1, multiplicativeTrend: false }),
    {},
    { kind: 'aicc', effort: 'standard', trendPenalty: 8 },
  );
  const best = ranked[0]?.score ?? 0;
  const weights = ranked.map(({ score }) => Math.exp(-(score - best) / 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const kept = ranked.map(({ estimate }, index) => ({ estimate, weight: (weights[index] ?? 0) / total })).filter(({ weight }) => weight >= LEAST_WEIGHT);
  const keptTotal = kept.reduce((sum, { weight }) => sum + weight, 0);
  return kept.map(({ estimate, weight }) => {
    const described = describeEstimate(data, estimate);
    return {
      member: { weight: weight / keptTotal, ets: described.state, theta: null, logarithmic: false, seasonal: [], multiplicative: false },
      fitted: described.fitted.map((value) => value ?? 0),
      label: nameEtsForm(estimate.shape),
    };
  });
}

function fitRegular(data: SeriesData, etsWeight: number): ModelFit<EnsembleState> {
  const { values, filled, observations, seasonLength } = data;
  const n = values.length;
  const y = Float64Array.from(filled);
  const members: FittedMember[] = [];
  const m = usableSeason(seasonLength, n);
  let etsMembers: FittedMember[];
  const seasonal = hasSeason(y, n, seasonLength);
  if (m === 1 && seasonal) {
    // A season too long for exponential smoothing is taken out before and put back after.
    const { adjusted, figure, multiplicative } = adjustSeason(y, seasonLength);
    const effects = Array.from({ length: seasonLength }, (_, j) => figure?.[(n + j) % seasonLength] ?? 0);
    const inner: SeriesData = { ...data, values: values.map((value, t) => (value === null ? null : (adjusted[t] ?? 0))), filled: Array.from(adjusted), seasonLength: 1 };
    etsMembers = fitEtsMembers(inner, 1).map(({ member, fitted, label }) => ({
      member: { ...member, seasonal: effects, multiplicative },
      fitted: fitted.map((value, t) => (multiplicative ? value * (figure?.[t % seasonLength] ?? 1) : value + (figure?.[t % seasonLength] ?? 0))),
      label,
    }));
  } else etsMembers = fitEtsMembers(data, m);
  const forEts = etsMembers.length === 0 ? 0 : etsWeight;
  for (const entry of etsMembers) members.push({ ...entry, member: { ...entry.member, weight: entry.member.weight * forEts } });
  const positive = y.every((value) => value > 0);
  const plain = fitTheta(y, seasonLength, seasonal ? 'always' : 'never');
  const forTheta = (1 - forEts) * (positive ? 0.5 : 1);
  const thetaMember = (state: ThetaState, logarithmic: boolean): EnsembleMember => ({
    weight: forTheta,
    ets: null,
    theta: state,
    logarithmic,
    seasonal: [],
    multiplicative: false,
  });
  if (forTheta > 0) members.push({ member: thetaMember(plain.state, false), fitted: plain.fitted, label: 'Theta' });
  if (positive && forTheta > 0) {
    const logarithmic = fitTheta(
      y.map((value) => Math.log(value)),
      seasonLength,
      m === 1 ? (seasonal ? 'always' : 'never') : 'test',
    );
    members.push({ member: thetaMember(logarithmic.state, true), fitted: logarithmic.fitted.map((value) => Math.exp(value)), label: 'Theta of logarithms' });
  }
  const fitted = values.map((_, t) => members.reduce((sum, entry) => sum + entry.member.weight * (entry.fitted[t] ?? 0), 0));
  const parameters: Record<string, number> = {};
  for (const { member, label } of members) parameters[`weight:${label}`] = member.weight;
  let largest = 0;
  for (const value of filled) largest = Math.max(largest, Math.abs(value));
  const top = etsMembers[0];
  return {
    state: { kind: 'regular', last: filled[n - 1] ?? 0, sigma: 0, observations, members: members.map((entry) => entry.member), intermittent: null, largest },
    label: top === undefined ? 'Theta' : `${top.label}${etsMembers.length > 1 ? ` and ${etsMembers.length - 1} more` : ''} with Theta`,
    fitted,
    parameters,
    assumptions: [
      'The future follows one of the members, with the probability of its weight; each takes its parameters as known.',
      'Intervals have the shape of a t distribution with 6 degrees of freedom around the mixture, set so that they held on 400 series of the M3 competition.',
    ],
  };
}

function fitEnsemble(whole: SeriesData, etsWeight: number): ModelFit<EnsembleState> {
  const data = newestPart(whole);
  const { values, filled, observations } = data;
  const n = values.length;
  const last = filled[n - 1] ?? 0;
  const left = whole.values.length - n;
  const pad = (fitted: readonly (number | null)[]): (number | null)[] => [...Array.from({ length: left }, () => null), ...fitted];
  const rest = { last, sigma: 0, observations, members: [], intermittent: null, largest: Math.abs(last) };
  if (observations === 1) {
    return {
      state: { kind: 'single', ...rest },
      label: 'the only value',
      fitted: pad(values.map(() => null)),
      assumptions: ['One value says nothing about change, so there are no intervals.'],
    };
  }
  if (isConstant(values)) {
    return {
      state: { kind: 'constant', ...rest },
      label: 'constant',
      fitted: pad(values.map((_, t) => (t === 0 ? null : last))),
      assumptions: ['The series has never changed, so the intervals have no width; that is not a promise.'],
    };
  }
  if (observations < 5) {
    const known = values.filter((value) => value !== null);
    let squares = 0;
    for (let t = 1; t < known.length; t += 1) squares += ((known[t] ?? 0) - (known[t - 1] ?? 0)) ** 2;
    return {
      state: { kind: 'short', ...rest, sigma: Math.sqrt(squares / (known.length - 1)) },
      label: 'the last value',
      fitted: pad(filled.map((_, t) => (t === 0 ? null : (filled[t - 1] ?? null)))),
      assumptions: ['With fewer than five values only the last one and the size of the changes are used.'],
    };
  }
  if (isIntermittent(values)) {
    const fit = croston({ variant: 'sba' }).fit({ values: [...values], seasonLength: 1 });
    return {
      state: { kind: 'intermittent', ...rest, intermittent: fit.stored },
      label: fit.label,
      fitted: pad(fit.fitted),
      parameters: fit.parameters,
      assumptions: [...fit.assumptions, 'Periods without sales are common, so sizes and frequency of sales are forecast apart; the forecast is a rate, not the size of a sale.'],
    };
  }
  const fit = fitRegular(data, etsWeight);
  return { ...fit, fitted: pad(fit.fitted), ...(left === 0 ? {} : { assumptions: [...(fit.assumptions ?? []), `Only the newest ${n} periods are used.`] }) };
}

/** Mean and variance of one member. */
function predictMember(member: EnsembleMember, horizon: number): { mean: number[]; variance: number[] } {
  let mean: number[];
  let variance: number[];
  if (member.ets !== null) {
    const { level, growth, seasonal, sigma2 } = member.ets;
    const moments = forecastMoments(numbersOf(member.ets), { level, growth, seasonal: [...seasonal] }, sigma2, horizon);
    mean = moments.mean;
    variance = moments.variance ?? mean.map(() => 0);
  } else if (member.theta !== null) {
    const path = predictTheta(member.theta, { horizon });
    mean = path.mean;
    variance = path.standardErrors.map((value) => value * value);
  } else return { mean: Array.from({ length: horizon }, () => 0), variance: Array.from({ length: horizon }, () => 0) };
  if (member.logarithmic) {
    mean = mean.map((value) => Math.exp(value));
    variance = variance.map((value, h) => (mean[h] ?? 0) ** 2 * value);
  }
  const m = member.seasonal.length;
  if (m > 0) {
    const effect = (h: number): number => member.seasonal[h % m] ?? 0;
    if (member.multiplicative) variance = variance.map((value, h) => value * effect(h) ** 2);
    mean = mean.map((value, h) => (member.multiplicative ? value * effect(h) : value + effect(h)));
  }
  return { mean, variance };
}

/** Mean and standard deviation of the mixture of the members. */
function predictMixture(state: EnsembleState, horizon: number): { mean: number[]; deviation: number[] } {
  const limit = RUNAWAY * state.largest;
  const parts = state.members.map((member) => ({ weight: member.weight, ...predictMember(member, horizon) }));
  const sane = parts.filter((part) => part.mean.every((value) => Math.abs(value) <= limit) && part.variance.every((value) => Number.isFinite(value)));
  const used = sane.length > 0 ? sane : parts;
  const total = used.reduce((sum, part) => sum + part.weight, 0);
  const mean: number[] = [];
  const deviation: number[] = [];
  for (let h = 0; h < horizon; h += 1) {
    let centre = 0;
    for (const part of used) centre += (part.weight / total) * (part.mean[h] ?? 0);
    let variance = 0;
    for (const part of used) variance += (part.weight / total) * ((part.variance[h] ?? 0) + ((part.mean[h] ?? 0) - centre) ** 2);
    mean.push(centre);
    deviation.push(Math.sqrt(variance));
  }
  return { mean, deviation };
}

/**
 * The default model: exponential smoothing and Theta together, with intervals that know that the model may be wrong.
 *
 * - Half the forecast comes from exponential smoothing: all forms that the series admits, each with its Akaike weight exp(−½ (AICc − least AICc)), with the penalty
 *   on trends of {@link ets}.
 * - Half comes from Theta; where all values are positive, half of that from Theta of the logarithms, whose drift is a percentage.
 * - The variance of a step is that of the mixture: the members' own variances and the distance between their forecasts. Limits are those of a t distribution with
 *   6 degrees of freedom scaled by 0.847 of that standard deviation.
 * - Seasons longer than 24 periods are taken out by classical decomposition before smoothing.
 * - One value, fewer than five, a constant, or many periods without sales are forecast as such; the label says so.
 *
 * @param options - weight of exponential smoothing
 * @returns the model; needs one value
 * @throws DomainError `out_of_range` | `invalid_type` | `unknown_key`
 * @example
 * ```ts
 * import { ensemble } from 'dealwright/forecasting';
 * const sales = [102, 104, 109, 107, 112, 115, 113, 118, 121, 119, 124, 128];
 * const path = ensemble().fit(sales).predict(2, { levels: [0.8] });
 * path.mean.map((value) => Math.round(value)); // => [129, 130]
 * ```
 * @category forecasting
 */
export function ensemble(options: EnsembleOptions = {}): ForecastModel<EnsembleState> {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['etsWeight'], ['options'], issues);
  const etsWeight = record.etsWeight === undefined ? 0.5 : (checkNumber(record.etsWeight, ['options', 'etsWeight'], issues, { min: 0, max: 1 }) ?? 0.5);
  throwIfIssues(issues);
  return defineForecastModel<EnsembleState>({
    name: 'ensemble',
    settings: { etsWeight },
    fit: (data) => fitEnsemble(data, etsWeight),
    predict: (state, { horizon, levels }): ModelPrediction => {
      const steady = Array.from({ length: horizon }, () => state.last);
      switch (state.kind) {
        case 'single':
          return { mean: steady };
        case 'constant':
          return { mean: steady, standardErrors: steady.map(() => 0) };
        case 'short':
          return { mean: steady, standardErrors: steady.map((_, h) => state.sigma * Math.sqrt(h + 1)), degreesOfFreedom: Math.max(1, state.observations - 1) };
        case 'intermittent': {
          const path = croston({ variant: 'sba' }).resume(state.intermittent).predict(horizon, { levels });
          return { mean: path.mean, intervals: path.intervals, intervalMethod: path.intervalMethod };
        }
        default: {
          const { mean, deviation } = predictMixture(state, horizon);
          const scaled = defineIntervals(mean, deviation, levels);
          return { mean, standardErrors: deviation, intervals: scaled, intervalMethod: 'calibrated' };
        }
      }
    },
  });
}

function defineIntervals(mean: readonly number[], deviation: readonly number[], levels: readonly number[]): NonNullable<ModelPrediction['intervals']> {
  return intervalsFromErrors({ mean, standardErrors: deviation.map((value) => value * SHAPE_SCALE), degreesOfFreedom: SHAPE_DEGREES }, levels);
}

/** Names of the forms in a state, most important first. */
export function describeMembers(state: EnsembleState): { readonly label: string; readonly weight: number }[] {
  return state.members
    .map((member) => ({
      label: member.ets === null ? (member.logarithmic ? 'Theta of logarithms' : 'Theta') : nameEtsForm(readEtsForm(member.ets.form, [])),
      weight: member.weight,
    }))
    .sort((a, b) => b.weight - a.weight);
}
