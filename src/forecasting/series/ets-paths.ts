/*
 * From parameters to numbers: fitted values, final states, exact forecast means and variances of exponential smoothing. Internal.
 */

/** The numbers a form needs to run: smoothing parameters and states, in plain lists. */
export interface EtsNumbers {
  readonly error: 0 | 1;
  readonly trend: 0 | 1 | 2;
  readonly season: 0 | 1 | 2;
  readonly damped: boolean;
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
}

/** States at one moment. `seasonal[j]` drives the observation j steps ahead (0 = the next). */
export interface EtsStates {
  level: number;
  growth: number;
  seasonal: number[];
}

/** What a run over the series leaves. */
export interface EtsRun {
  /** One-step forecasts. */
  readonly fitted: number[];
  /** Innovations: y − μ, or (y − μ)/μ for multiplicative errors; NaN where the observation is missing. */
  readonly residuals: number[];
  /** States after the last observation. */
  readonly last: EtsStates;
  /** −½ (n log Σe² + 2 Σ log|μ| for multiplicative errors). */
  readonly logLikelihood: number;
  /** Σ of squared innovations. */
  readonly sumOfSquares: number;
  /** Σ (y − μ)². */
  readonly squaredErrors: number;
  readonly observed: number;
}

const TINY = 1e-10;

/** Runs a form over a series from given start states. */
export function runEts(y: ArrayLike<number>, form: EtsNumbers, start: EtsStates): EtsRun {
  const { error, trend, season, alpha, beta, gamma, phi } = form;
  const n = y.length;
  const m = season === 0 ? 1 : start.seasonal.length;
  const seasonal = [...start.seasonal];
  let { level, growth } = start;
  const fitted: number[] = [];
  const residuals: number[] = [];
  let sum = 0;
  let squares = 0;
  let logs = 0;
  let observed = 0;
  let j = 0;
  for (let t = 0; t < n; t += 1) {
    const s = season === 0 ? 0 : (seasonal[j] ?? 0);
    const damping = trend === 0 ? 0 : trend === 1 ? phi * growth : phi === 1 ? growth : growth ** phi;
    const q = trend === 0 ? level : trend === 1 ? level + damping : level * damping;
    const mu = season === 0 ? q : season === 1 ? q + s : q * s;
    const value = y[t] ?? NaN;
    fitted.push(mu);
    if (value === value) {
      observed += 1;
      const e = value - mu;
      const safe = Math.abs(mu) < TINY ? mu + TINY : mu;
      const r = error === 1 ? e / safe : e;
      residuals.push(r);
      sum += r * r;
      squares += e * e;
      if (error === 1) logs += Math.log(Math.abs(safe));
      const a = season === 2 ? (Math.abs(s) < TINY ? 1e10 : value / s) - q : e;
      if (trend === 1) growth = damping + beta * a;
      else if (trend === 2) growth = damping + (beta * a) / (Math.abs(level) < TINY ? TINY : level);
      level = q + alpha * a;
      if (season === 1) seasonal[j] = s + gamma * e;
      else if (season === 2) seasonal[j] = s + gamma * ((Math.abs(q) < TINY ? 1e10 : value / q) - s);
    } else {
      residuals.push(NaN);
      level = q;
      if (trend !== 0) growth = damping;
    }
    j = j + 1 === m ? 0 : j + 1;
  }
  const ahead: number[] = [];
  if (season !== 0) for (let k = 0; k < m; k += 1) ahead.push(seasonal[(j + k) % m] ?? 0);
  return {
    fitted,
    residuals,
    last: { level, growth, seasonal: ahead },
    logLikelihood: -0.5 * (observed * Math.log(sum) + 2 * logs),
    sumOfSquares: sum,
    squaredErrors: squares,
    observed,
  };
}

/** The plain recursion with no further innovations. Exact means for additive errors, and for multiplicative errors without multiplicative season or trend. */
export function pointPath(form: EtsNumbers, states: EtsStates, horizon: number): number[] {
  const { trend, season, phi } = form;
  const path: number[] = [];
  let { level, growth } = states;
  const m = Math.max(1, states.seasonal.length);
  for (let h = 0; h < horizon; h += 1) {
    if (trend === 1) {
      growth *= phi;
      level += growth;
    } else if (trend === 2) {
      growth = phi === 1 ? growth : growth ** phi;
      level *= growth;
    }
    const s = season === 0 ? 0 : (states.seasonal[h % m] ?? 0);
    path.push(season === 0 ? level : season === 1 ? level + s : level * s);
  }
  return path;
}

/** Mean and variance of the forecast distribution given the parameters. */
export interface EtsMoments {
  readonly mean: number[];
  /** `null` where no closed form is known (multiplicative trend; additive error with multiplicative season). */
  readonly variance: number[] | null;
}

/**
 * Exact forecast moments (Hyndman, Koehler, Ord and Snyder 2008, chapter 6). Class 1: additive errors, nothing multiplicative. Class 2: multiplicative
 * errors, no multiplicative season or trend. Class 3: multiplicative errors and season, no multiplicative trend.
 *
 * `undampedEntry` reproduces forecast 8.20 for (M,Ad,M): there the growth enters the level undamped, so that its one-step forecast (l + b) s is not the
 * (l + φb) s of the recursion it has fitted. The exact means are the default.
 */
export function forecastMoments(form: EtsNumbers, states: EtsStates, sigma2: number, horizon: number, undampedEntry = false): EtsMoments {
  const { error, trend, season } = form;
  if (trend === 2 || (error === 0 && season === 2)) return { mean: pointPath(form, states, horizon), variance: null };
  if (season === 2) return productMoments(form, states, sigma2, horizon, undampedEntry);
  const mean = pointPath(form, states, horizon);
  const weights = impulseWeights(form, Math.max(1, states.seasonal.length), horizon);
  const variance: number[] = [];
  if (error === 0) {
    let sum = 1;
    for (let h = 0; h < horizon; h += 1) {
      if (h > 0) sum += (weights[h - 1] ?? 0) ** 2;
      variance.push(sigma2 * sum);
    }
    return { mean, variance };
  }
  const theta: number[] = [];
  for (let h = 0; h < horizon; h += 1) {
    const mu = mean[h] ?? 0;
    let value = mu * mu;
    let sum = 0;
    for (let j = 1; j <= h; j += 1) sum += (weights[j - 1] ?? 0) ** 2 * (theta[h - j] ?? 0);
    value += sigma2 * sum;
    theta.push(value);
    // (1 + σ²) θ − μ² without the cancellation of μ².
    variance.push(sigma2 * sum + sigma2 * value);
  }
  return { mean, variance };
}

/** c₁ … c_{h−1}: what an innovation now adds to the forecast j steps later. γ enters at whole seasons. */
export function impulseWeights(form: EtsNumbers, m: number, horizon: number): number[] {
  const { trend, season, alpha, beta, gamma, phi } = form;
  const weights: number[] = [];
  let damped = 0;
  let power = 1;
  for (let j = 1; j < horizon; j += 1) {
    power *= phi;
    damped += power;
    weights.push(alpha + (trend === 0 ? 0 : beta * damped) + (season !== 0 && j % m === 0 ? gamma : 0));
  }
  return weights;
}

/**
 * Class 3. The state is the product of (level, growth) and a seasonal factor. Only the block of each season with itself is ever read, so the
 * Kronecker recursion of the book reduces to one 2-vector and one 2×2 matrix for each season.
 */
function productMoments(form: EtsNumbers, states: EtsStates, sigma2: number, horizon: number, undampedEntry: boolean): EtsMoments {
  const { trend, alpha, beta, gamma } = form;
  const phi = trend === 0 ? 0 : form.phi;
  const eta = trend !== 0 && undampedEntry ? 1 : phi;
  const m = states.seasonal.length;
  // Blocks by steps until the season is next used.
  const m0: number[] = [];
  const m1: number[] = [];
  const v00: number[] = [];
  const v01: number[] = [];
  const v11: number[] = [];
  for (let k = 0; k < m; k += 1) {
    const s = states.seasonal[k] ?? 0;
    m0.push(states.level * s);
    m1.push(trend === 0 ? 0 : states.growth * s);
    v00.push(0);
    v01.push(0);
    v11.push(0);
  }
  const mean: number[] = [];
  const variance: number[] = [];
  const g0 = alpha;
  const g1 = trend === 0 ? 0 : beta;
  for (let h = 0; h < horizon; h += 1) {
    const now = h % m;
    const a0 = m0[now] ?? 0;
    const a1 = m1[now] ?? 0;
    const mu = a0 + eta * a1;
    const spread = (v00[now] ?? 0) + 2 * eta * (v01[now] ?? 0) + eta * eta * (v11[now] ?? 0);
    mean.push(mu);
    variance.push((1 + sigma2) * spread + sigma2 * mu * mu);
    for (let k = 0; k < m; k += 1) {
      const x0 = m0[k] ?? 0;
      const x1 = m1[k] ?? 0;
      const w00 = v00[k] ?? 0;
      const w01 = v01[k] ?? 0;
      const w11 = v11[k] ?? 0;
      // F = [[1, η], [0, φ]]; H' = (1, η); η = φ.
      const f0 = x0 + eta * x1;
      const f1 = phi * x1;
      const hv0 = w00 + eta * w01; // V H
      const hv1 = w01 + eta * w11;
      const hvh = hv0 + eta * hv1; // H' V H
      const hm = f0; // H' M
      const second = hvh + hm * hm;
      // F V F'
      const n00 = hvh;
      const n01 = phi * (w01 + eta * w11);
      const n11 = phi * phi * w11;
      if (k !== now) {
        // Innovation enters through G = (α, β) H' only.
        m0[k] = f0;
        m1[k] = f1;
        v00[k] = n00 + sigma2 * g0 * g0 * second;
        v01[k] = n01 + sigma2 * g0 * g1 * second;
        v11[k] = n11 + sigma2 * g1 * g1 * second;
        continue;
      }
      // The season now used: its own factor moves by γ too. K = γF + G.
      m0[k] = f0 + gamma * sigma2 * g0 * hm;
      m1[k] = f1 + gamma * sigma2 * g1 * hm;
      // F V H and so F V G' = (F V H)(α, β).
      const fv0 = hv0 + eta * hv1;
      const fv1 = phi * hv1;
      const k00 = gamma + g0;
      const k01 = gamma * eta + g0 * eta;
      const k10 = g1;
      const k11 = gamma * phi + g1 * eta;
      const e00 = w00 + x0 * x0;
      const e01 = w01 + x0 * x1;
      const e11 = w11 + x1 * x1;
      const ke00 = k00 * e00 + k01 * e01;
      const ke01 = k00 * e01 + k01 * e11;
      const ke10 = k10 * e00 + k11 * e01;
      const ke11 = k10 * e01 + k11 * e11;
      const q00 = ke00 * k00 + ke01 * k01;
      const q01 = ke00 * k10 + ke01 * k11;
      const q11 = ke10 * k10 + ke11 * k11;
      const fourth = 3 * hvh + 2 * hm * hm;
      v00[k] = n00 + sigma2 * (2 * gamma * fv0 * g0 + q00 + sigma2 * gamma * gamma * g0 * g0 * fourth);
      v01[k] = n01 + sigma2 * (gamma * (fv0 * g1 + fv1 * g0) + q01 + sigma2 * gamma * gamma * g0 * g1 * fourth);
      v11[k] = n11 + sigma2 * (2 * gamma * fv1 * g1 + q11 + sigma2 * gamma * gamma * g1 * g1 * fourth);
    }
  }
  return { mean, variance };
}
