/*
 * The innovations recursion of exponential smoothing, its objective and its exact first derivatives. Internal; works on typed arrays that are
 * allocated once per problem, so that neither the objective nor the derivatives allocate.
 *
 * The point recursion does not depend on the kind of error (for multiplicative errors the innovation (y − μ)/μ gives the same updates), so one
 * recursion serves both and the kind of error enters the objective only:
 *   additive        −2 log L = n log Σ (y − μ)²
 *   multiplicative  −2 log L = n log Σ ((y − μ)/μ)² + 2 Σ log |μ|
 * Both are n log Σ r² for residuals r (multiplicative: r = (y − μ)/μ · the geometric mean of |μ|), hence non-linear least squares.
 *
 * Parameters are laid out as α, u, v, φ, level, growth, c₁ … c_{m−1}. The box [0, 1] of u and v maps onto the usual limits:
 *   β = L + (α − L) u,  γ = L + (1 − α − L) v  with L = 1e-4. c_j is the seasonal state that drives observation j of the first season;
 * c₀ is what is missing to the sum 0 (additive) or m (multiplicative).
 */

/** Lower limit of α, β and γ. */
export const LOWER = 1e-4;
/** Upper limit of α. */
export const UPPER = 0.9999;
/** Limits of the damping parameter. */
export const PHI_LOWER = 0.8;
export const PHI_UPPER = 0.98;

const TINY = 1e-10;
/** A perfect fit has no logarithm; this is its sum of squares. */
const FLOOR = 1e-280;

/** What is minimised: 0 the likelihood, 1 the mean squared error, 2 squares weighted by one over the observation (a smooth stand-in for relative errors). */
export type EtsCriterion = 0 | 1 | 2;

/** One form of exponential smoothing on one series, with the room its computations need. */
export interface EtsProblem {
  /** The observations; NaN where one is missing. */
  readonly y: Float64Array;
  readonly n: number;
  /** One over the size of the observation, bounded: weights that make squared errors approximate squared relative errors. */
  readonly weight: Float64Array;
  /** How many are not missing. */
  readonly observed: number;
  /** Length of the season; 1 without. */
  readonly m: number;
  /** 0 additive, 1 multiplicative error; decides the objective. */
  readonly error: 0 | 1;
  /** 0 none, 1 additive, 2 multiplicative. */
  readonly trend: 0 | 1 | 2;
  /** 0 none, 1 additive, 2 multiplicative. */
  readonly season: 0 | 1 | 2;
  readonly damped: boolean;
  /** Positions in the parameter vector; −1 where the form lacks the parameter. */
  readonly iU: number;
  readonly iV: number;
  readonly iF: number;
  readonly iL: number;
  readonly iB: number;
  readonly iS: number;
  /** Number of parameters. */
  readonly p: number;
  /** β or γ given by the caller; NaN where free. */
  readonly fixedBeta: number;
  readonly fixedGamma: number;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** 1 where the caller fixed the parameter. */
  readonly fixed: Uint8Array;
  // working room
  readonly seasonal: Float64Array;
  readonly dLevel: Float64Array;
  readonly dGrowth: Float64Array;
  readonly dSeasonal: Float64Array;
  readonly dMu: Float64Array;
  readonly meanLog: Float64Array;
  /** Sum of squared residuals at the last evaluation with derivatives, up to the constant factor the normal equations share. */
  readonly normal: Float64Array;
  readonly gradient: Float64Array;
  /** Four rows of derivatives, added to the normal equations together. */
  readonly block: Float64Array;
}

/** What a problem is made of. */
export interface EtsProblemOptions {
  readonly error: 0 | 1;
  readonly trend: 0 | 1 | 2;
  readonly season: 0 | 1 | 2;
  readonly damped: boolean;
  readonly alpha?: number;
  readonly beta?: number;
  readonly gamma?: number;
  readonly phi?: number;
}

/** Lays out the parameters of a form and allocates its working room. */
export function createEtsProblem(y: Float64Array, m: number, options: EtsProblemOptions): EtsProblem {
  const { error, trend, season, damped } = options;
  const seasonLength = season === 0 ? 1 : m;
  let p = 1;
  const iU = trend === 0 ? -1 : p++;
  const iV = season === 0 ? -1 : p++;
  const iF = trend !== 0 && damped ? p++ : -1;
  const iL = p++;
  const iB = trend === 0 ? -1 : p++;
  const iS = season === 0 ? -1 : p;
  if (season !== 0) p += seasonLength - 1;
  const lower = new Float64Array(p).fill(-Infinity);
  const upper = new Float64Array(p).fill(Infinity);
  const fixed = new Uint8Array(p);
  const fixedBeta = trend === 0 ? NaN : (options.beta ?? NaN);
  const fixedGamma = season === 0 ? NaN : (options.gamma ?? NaN);
  lower[0] = Math.min(Math.max(LOWER, fixedBeta >= 0 ? fixedBeta : LOWER), UPPER);
  upper[0] = Math.max(Math.min(UPPER, fixedGamma >= 0 ? 1 - fixedGamma : UPPER), lower[0] ?? LOWER);
  if (options.alpha !== undefined) fixed[0] = 1;
  if (iU >= 0) {
    lower[iU] = 0;
    upper[iU] = 1;
    if (fixedBeta === fixedBeta) fixed[iU] = 1;
  }
  if (iV >= 0) {
    lower[iV] = 0;
    upper[iV] = 1;
    if (fixedGamma === fixedGamma) fixed[iV] = 1;
  }
  if (iF >= 0) {
    lower[iF] = PHI_LOWER;
    upper[iF] = PHI_UPPER;
    if (options.phi !== undefined) fixed[iF] = 1;
  }
  if (iB >= 0 && trend === 2) lower[iB] = 1e-6;
  if (iS >= 0 && season === 2) lower.fill(0, iS);
  let observed = 0;
  let size = 0;
  for (const value of y) {
    if (value !== value) continue;
    observed += 1;
    size += Math.abs(value);
  }
  const floor = Math.max((0.02 * size) / Math.max(1, observed), 1e-300);
  return {
    y,
    weight: y.map((value) => 1 / Math.max(Math.abs(value), floor)),
    n: y.length,
    observed,
    m: seasonLength,
    error,
    trend,
    season,
    damped,
    iU,
    iV,
    iF,
    iL,
    iB,
    iS,
    p,
    fixedBeta,
    fixedGamma,
    lower,
    upper,
    fixed,
    seasonal: new Float64Array(seasonLength),
    dLevel: new Float64Array(p),
    dGrowth: new Float64Array(p),
    dSeasonal: new Float64Array(seasonLength * p),
    dMu: new Float64Array(p),
    meanLog: new Float64Array(p),
    normal: new Float64Array(p * p),
    gradient: new Float64Array(p),
    block: new Float64Array(4 * p),
  };
}

/** β of a parameter vector; 0 without trend. */
export function betaOf(problem: EtsProblem, theta: Float64Array): number {
  if (problem.iU < 0) return 0;
  return problem.fixedBeta === problem.fixedBeta ? problem.fixedBeta : LOWER + ((theta[0] ?? 0) - LOWER) * (theta[problem.iU] ?? 0);
}

/** γ of a parameter vector; 0 without season. */
export function gammaOf(problem: EtsProblem, theta: Float64Array): number {
  if (problem.iV < 0) return 0;
  return problem.fixedGamma === problem.fixedGamma ? problem.fixedGamma : LOWER + (1 - (theta[0] ?? 0) - LOWER) * (theta[problem.iV] ?? 0);
}

/** φ of a parameter vector; 1 if not damped. */
export function phiOf(problem: EtsProblem, theta: Float64Array): number {
  return problem.iF < 0 ? 1 : (theta[problem.iF] ?? 1);
}

function loadSeasonal(problem: EtsProblem, theta: Float64Array): void {
  const { seasonal, m, iS, season } = problem;
  if (season === 0) return;
  let rest = season === 1 ? 0 : m;
  for (let j = 1; j < m; j += 1) {
    const value = theta[iS + j - 1] ?? 0;
    seasonal[j] = value;
    rest -= value;
  }
  seasonal[0] = rest;
}

/**
 * −2 log L up to the usual constant (or n log Σ(y − μ)² if `squares`), Infinity where the recursion leaves the numbers or a multiplicative seasonal
 * start is negative.
 */
export function etsObjective(problem: EtsProblem, theta: Float64Array, criterion: EtsCriterion): number {
  const { y, n, m, trend, season, seasonal, iL, iB } = problem;
  const relative = problem.error === 1 && criterion === 0;
  const weighted = criterion === 2;
  const { weight: weights } = problem;
  const alpha = theta[0] ?? 0;
  const beta = betaOf(problem, theta);
  const gamma = gammaOf(problem, theta);
  const phi = phiOf(problem, theta);
  let level = theta[iL] ?? 0;
  let growth = iB < 0 ? 0 : (theta[iB] ?? 0);
  loadSeasonal(problem, theta);
  if (season === 2 && (seasonal[0] ?? 0) < 0) return Infinity;
  let sum = 0;
  let logs = 0;
  let product = 1;
  let j = 0;
  for (let t = 0; t < n; t += 1) {
    const s = season === 0 ? 0 : (seasonal[j] ?? 0);
    let damping = growth;
    let q = level;
    if (trend === 1) {
      damping = phi * growth;
      q = level + damping;
    } else if (trend === 2) {
      damping = phi === 1 ? growth : growth ** phi;
      q = level * damping;
    }
    let mu = season === 0 ? q : season === 1 ? q + s : q * s;
    const value = y[t] ?? NaN;
    const missing = value !== value;
    if (!missing) {
      const e = value - mu;
      if (relative) {
        if (Math.abs(mu) < TINY) mu += TINY;
        const r = e / mu;
        sum += r * r;
        // Products of a few factors cost less than a logarithm of each; the exponent range is watched.
        product *= Math.abs(mu);
        if (product > 1e150 || product < 1e-150) {
          logs += Math.log(product);
          product = 1;
        }
      } else if (weighted) {
        const r = e * (weights[t] ?? 1);
        sum += r * r;
      } else sum += e * e;
      const a = season === 2 ? (Math.abs(s) < TINY ? 1e10 : value / s) - q : e;
      if (trend === 1) growth = damping + beta * a;
      else if (trend === 2) growth = damping + (beta * a) / (Math.abs(level) < TINY ? TINY : level);
      level = q + alpha * a;
      if (season === 1) seasonal[j] = s + gamma * e;
      else if (season === 2) seasonal[j] = s + gamma * ((Math.abs(q) < TINY ? 1e10 : value / q) - s);
    } else {
      level = q;
      if (trend !== 0) growth = damping;
    }
    j += 1;
    if (j === m) j = 0;
  }
  const objective = problem.observed * Math.log(sum > FLOOR ? sum : FLOOR) + (relative ? 2 * (logs + Math.log(product)) : 0);
  return objective === objective ? objective : Infinity;
}

/** Adds four outer products to the lower triangle at once: a quarter of the loads and stores. */
function addBlock(normal: Float64Array, block: Float64Array, p: number): void {
  for (let k = 0; k < p; k += 1) {
    const a = block[k] ?? 0;
    const b = block[p + k] ?? 0;
    const c = block[2 * p + k] ?? 0;
    const d = block[3 * p + k] ?? 0;
    const row = k * p;
    for (let i = 0; i <= k; i += 1) {
      normal[row + i] = (normal[row + i] ?? 0) + a * (block[i] ?? 0) + b * (block[p + i] ?? 0) + c * (block[2 * p + i] ?? 0) + d * (block[3 * p + i] ?? 0);
    }
  }
}

/**
 * The objective with the normal equations of its residuals: `normal` = JᵀJ (both triangles) and `gradient` = Jᵀr, both up to one common positive factor,
 * where r are the residuals whose log sum of squares is the objective. Infinity where it cannot be computed (the equations are then meaningless).
 */
export function etsNormalEquations(problem: EtsProblem, theta: Float64Array, criterion: EtsCriterion): number {
  const { y, n, m, p, trend, season, seasonal, iU, iV, iF, iL, iB, iS, dLevel, dGrowth, dSeasonal, dMu, meanLog, normal, gradient, block } = problem;
  const relative = problem.error === 1 && criterion === 0;
  const weighted = criterion === 2;
  const { weight: weights } = problem;
  const alpha = theta[0] ?? 0;
  const beta = betaOf(problem, theta);
  const gamma = gammaOf(problem, theta);
  const phi = phiOf(problem, theta);
  const betaFree = iU >= 0 && problem.fixedBeta !== problem.fixedBeta;
  const gammaFree = iV >= 0 && problem.fixedGamma !== problem.fixedGamma;
  const betaByAlpha = betaFree ? (theta[iU] ?? 0) : 0;
  const betaByU = betaFree ? alpha - LOWER : 0;
  const gammaByAlpha = gammaFree ? -(theta[iV] ?? 0) : 0;
  const gammaByV = gammaFree ? 1 - alpha - LOWER : 0;
  let level = theta[iL] ?? 0;
  let growth = iB < 0 ? 0 : (theta[iB] ?? 0);
  loadSeasonal(problem, theta);
  if (season === 2 && (seasonal[0] ?? 0) < 0) return Infinity;
  dLevel.fill(0);
  dLevel[iL] = 1;
  if (trend !== 0) {
    dGrowth.fill(0);
    dGrowth[iB] = 1;
  }
  if (season !== 0) {
    dSeasonal.fill(0);
    for (let j = 1; j < m; j += 1) {
      dSeasonal[j * p + iS + j - 1] = 1;
      dSeasonal[iS + j - 1] = -1;
    }
  }
  normal.fill(0);
  gradient.fill(0);
  if (relative) meanLog.fill(0);
  let sum = 0;
  let logs = 0;
  let slot = 0;
  let product = 1;
  let j = 0;
  for (let t = 0; t < n; t += 1) {
    const s = season === 0 ? 0 : (seasonal[j] ?? 0);
    const base = j * p;
    const value = y[t] ?? NaN;
    const missing = value !== value;
    let damping = growth;
    let q = level;
    let byGrowth = 0;
    // dLevel becomes dq in place.
    if (trend === 1) {
      damping = phi * growth;
      q = level + damping;
      for (let k = 0; k < p; k += 1) dLevel[k] = (dLevel[k] ?? 0) + phi * (dGrowth[k] ?? 0);
      if (iF >= 0) dLevel[iF] = (dLevel[iF] ?? 0) + growth;
    } else if (trend === 2) {
      damping = phi === 1 ? growth : growth ** phi;
      q = level * damping;
      byGrowth = phi === 1 ? 1 : (phi * damping) / growth;
    }
    let mu = 0;
    let a = 0;
    const logGrowth = trend === 2 && iF >= 0 ? Math.log(growth) : 0;
    const safeLevel = Math.abs(level) < TINY ? TINY : level;
    if (trend === 2) {
      // Growth update needs the derivative of the old level, so the old derivative is folded into dGrowth first (see below).
      for (let k = 0; k < p; k += 1) {
        const oldLevel = dLevel[k] ?? 0;
        const power = byGrowth * (dGrowth[k] ?? 0) + (k === iF ? damping * logGrowth : 0);
        dLevel[k] = damping * oldLevel + level * power;
        dMu[k] = oldLevel;
        dGrowth[k] = power;
      }
    }
    if (season === 0) {
      mu = q;
      a = missing ? 0 : value - mu;
    } else if (season === 1) {
      mu = q + s;
      a = missing ? 0 : value - mu;
    } else {
      mu = q * s;
      a = missing ? 0 : (Math.abs(s) < TINY ? 1e10 : value / s) - q;
    }
    const e = missing ? 0 : value - mu;
    const b = season === 2 && !missing ? (Math.abs(q) < TINY ? 1e10 : value / q) - s : 0;
    if (trend === 2) {
      const betaScaled = missing ? 0 : beta / safeLevel;
      // growth' = g^φ + β a / level: −β a / level² d level, then β / level d a is added with the level update below.
      for (let k = 0; k < p; k += 1) dGrowth[k] = (dGrowth[k] ?? 0) - ((betaScaled * a) / safeLevel) * (dMu[k] ?? 0);
    }
    const growthStep = missing ? 0 : trend === 2 ? beta / safeLevel : beta;
    // dMu, and the updates of the derivatives of level, growth and season.
    if (season === 2) {
      const byS = missing || Math.abs(s) < TINY ? 0 : value / (s * s);
      const byQ = missing || Math.abs(q) < TINY ? 0 : value / (q * q);
      for (let k = 0; k < p; k += 1) {
        const dq = dLevel[k] ?? 0;
        const ds = dSeasonal[base + k] ?? 0;
        dMu[k] = s * dq + q * ds;
        if (!missing) {
          const da = -byS * ds - dq;
          dLevel[k] = dq + alpha * da;
          if (trend === 1) dGrowth[k] = phi * (dGrowth[k] ?? 0) + growthStep * da;
          else if (trend === 2) dGrowth[k] = (dGrowth[k] ?? 0) + growthStep * da;
          dSeasonal[base + k] = ds - gamma * (byQ * dq + ds);
        } else if (trend === 1) dGrowth[k] = phi * (dGrowth[k] ?? 0);
      }
    } else if (season === 1) {
      const alphaStep = missing ? 0 : alpha;
      const gammaStep = missing ? 0 : gamma;
      if (trend === 1) {
        for (let k = 0; k < p; k += 1) {
          const dq = dLevel[k] ?? 0;
          const ds = dSeasonal[base + k] ?? 0;
          const d = dq + ds;
          dMu[k] = d;
          dLevel[k] = dq - alphaStep * d;
          dGrowth[k] = phi * (dGrowth[k] ?? 0) - growthStep * d;
          dSeasonal[base + k] = ds - gammaStep * d;
        }
      } else {
        for (let k = 0; k < p; k += 1) {
          const dq = dLevel[k] ?? 0;
          const ds = dSeasonal[base + k] ?? 0;
          const d = dq + ds;
          dMu[k] = d;
          dLevel[k] = dq - alphaStep * d;
          if (trend === 2) dGrowth[k] = (dGrowth[k] ?? 0) - growthStep * d;
          dSeasonal[base + k] = ds - gammaStep * d;
        }
      }
    } else {
      const keep = missing ? 1 : 1 - alpha;
      for (let k = 0; k < p; k += 1) {
        const dq = dLevel[k] ?? 0;
        dMu[k] = dq;
        dLevel[k] = keep * dq;
        if (trend === 1) dGrowth[k] = phi * (dGrowth[k] ?? 0) - growthStep * dq;
        else if (trend === 2) dGrowth[k] = (dGrowth[k] ?? 0) - growthStep * dq;
      }
    }
    if (trend === 1 && iF >= 0) dGrowth[iF] = (dGrowth[iF] ?? 0) + growth;
    if (!missing) {
      dLevel[0] = (dLevel[0] ?? 0) + a;
      if (trend !== 0) {
        const unit = trend === 2 ? a / safeLevel : a;
        dGrowth[0] = (dGrowth[0] ?? 0) + betaByAlpha * unit;
        dGrowth[iU] = (dGrowth[iU] ?? 0) + betaByU * unit;
      }
      if (season !== 0) {
        const unit = season === 1 ? e : b;
        dSeasonal[base] = (dSeasonal[base] ?? 0) + gammaByAlpha * unit;
        dSeasonal[base + iV] = (dSeasonal[base + iV] ?? 0) + gammaByV * unit;
      }
      // Accumulate Σ r², Jᵀr and JᵀJ.
      let r = e;
      let weight = -1;
      if (weighted) {
        weight = -(weights[t] ?? 1);
        r = -e * weight;
      } else if (relative) {
        if (Math.abs(mu) < TINY) mu += TINY;
        r = e / mu;
        weight = -value / (mu * mu);
        const inverse = 1 / mu;
        product *= Math.abs(mu);
        if (product > 1e150 || product < 1e-150) {
          logs += Math.log(product);
          product = 1;
        }
        for (let k = 0; k < p; k += 1) meanLog[k] = (meanLog[k] ?? 0) + inverse * (dMu[k] ?? 0);
      }
      sum += r * r;
      const at = slot * p;
      for (let k = 0; k < p; k += 1) {
        const d = weight * (dMu[k] ?? 0);
        block[at + k] = d;
        gradient[k] = (gradient[k] ?? 0) + d * r;
      }
      slot += 1;
      if (slot === 4) {
        addBlock(normal, block, p);
        slot = 0;
      }
    }
    const oldLevel = safeLevel;
    if (!missing) {
      level = q + alpha * a;
      if (trend === 1) growth = damping + beta * a;
      else if (trend === 2) growth = damping + (beta * a) / oldLevel;
      if (season === 1) seasonal[j] = s + gamma * e;
      else if (season === 2) seasonal[j] = s + gamma * b;
    } else {
      level = q;
      if (trend !== 0) growth = damping;
    }
    j += 1;
    if (j === m) j = 0;
  }
  if (slot > 0) {
    block.fill(0, slot * p);
    addBlock(normal, block, p);
  }
  const count = problem.observed;
  if (relative) {
    // r carries the geometric mean of |μ|: d r = d(e/μ) + r · mean(dμ/μ), up to the common factor.
    for (let k = 0; k < p; k += 1) meanLog[k] = (meanLog[k] ?? 0) / count;
    for (let k = 0; k < p; k += 1) {
      const row = k * p;
      const ck = meanLog[k] ?? 0;
      const hk = gradient[k] ?? 0;
      for (let i = 0; i <= k; i += 1) {
        const ci = meanLog[i] ?? 0;
        normal[row + i] = (normal[row + i] ?? 0) + hk * ci + ck * (gradient[i] ?? 0) + sum * ck * ci;
      }
    }
    for (let k = 0; k < p; k += 1) gradient[k] = (gradient[k] ?? 0) + sum * (meanLog[k] ?? 0);
  }
  for (let k = 0; k < p; k += 1) for (let i = 0; i < k; i += 1) normal[i * p + k] = normal[k * p + i] ?? 0;
  const objective = count * Math.log(sum > FLOOR ? sum : FLOOR) + (relative ? 2 * (logs + Math.log(product)) : 0);
  return objective === objective ? objective : Infinity;
}
