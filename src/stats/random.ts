import { checkKeys, checkList, checkNumber, checkOneOf, checkRecord, checkText, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import type { PoissonOptions } from './discrete-distributions.js';
import { type ParameterRule, readCall, requireFiniteResult } from './distribution-parameters.js';
import { lnGamma } from './gamma-function.js';
import { normalQuantileOfTails } from './normal-tail.js';

/**
 * State of the random generator, as plain data: store it, send it, and go on from it anywhere.
 *
 * @category stats
 */
export interface RandomState {
  /** Name of the algorithm; a state of another one is refused. */
  readonly algorithm: 'xoshiro128**';
  /** Four whole numbers from 0 to 2^32 − 1, not all zero. */
  readonly words: readonly [number, number, number, number];
}

/**
 * A random number, and the state to pass to the next draw.
 *
 * @category stats
 */
export interface RandomDraw {
  /** The number drawn. */
  readonly value: number;
  /** State after the draw. */
  readonly state: RandomState;
}

/**
 * A generator for loops: it keeps its state inside, so that a draw allocates nothing. This is the one value of the library that is not plain data;
 * `state()` gives the plain one back.
 *
 * @category stats
 */
export interface RandomCursor {
  /** Uniform on [0, 1), 53 random bits. */
  readonly uniform: () => number;
  /** Normal with mean 0 and standard deviation 1. */
  readonly normal: () => number;
  /** Exponential with mean 1. */
  readonly exponential: () => number;
  /** Gamma with the given shape and scale 1. */
  readonly gamma: (shape: number) => number;
  /** Poisson with the given mean. */
  readonly poisson: (mean: number) => number;
  /** The state reached so far. */
  readonly state: () => RandomState;
}

/**
 * Options of {@link nextNormal}.
 *
 * @category stats
 */
export interface NextNormalOptions {
  /** Mean. Default 0. */
  readonly mean?: number;
  /** Standard deviation, at least 0. Default 1. */
  readonly standardDeviation?: number;
}

/**
 * Options of {@link nextExponential}.
 *
 * @category stats
 */
export interface NextExponentialOptions {
  /** Mean, more than 0. Default 1. */
  readonly mean?: number;
}

/**
 * Options of {@link nextGamma}.
 *
 * @category stats
 */
export interface NextGammaOptions {
  /** Shape, 0.001 to 1e12. */
  readonly shape: number;
  /** Scale: mean divided by shape. Default 1. */
  readonly scale?: number;
}

/** The generator proper, on four mutable words. */
interface Words {
  a: number;
  b: number;
  c: number;
  d: number;
}

const POSITIVE: ParameterRule = { min: 1e-3, max: 1e12 };
const MEAN: ParameterRule = { min: 0, max: 1e9 };
const NORMAL_RULES: { readonly mean: ParameterRule; readonly standardDeviation: ParameterRule } = { mean: { fallback: 0 }, standardDeviation: { min: 0, fallback: 1 } };
const EXPONENTIAL_RULES: { readonly mean: ParameterRule } = { mean: { above: 0, fallback: 1 } };
const GAMMA_RULES: { readonly shape: ParameterRule; readonly scale: ParameterRule } = { shape: POSITIVE, scale: { above: 0, fallback: 1 } };
const POISSON_RULES: { readonly mean: ParameterRule } = { mean: MEAN };

/** Next 32 bits of xoshiro128**, as an unsigned whole number. */
function nextWord(words: Words): number {
  const scrambled = Math.imul(words.b, 5);
  const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
  const shifted = words.b << 9;
  words.c ^= words.a;
  words.d ^= words.b;
  words.b ^= words.c;
  words.a ^= words.d;
  words.c ^= shifted;
  words.d = (words.d << 11) | (words.d >>> 21);
  return result;
}

/** A whole number from 0 to 2^53 − 1. */
function nextBits(words: Words): number {
  const high = nextWord(words) >>> 5;
  return high * 67108864 + (nextWord(words) >>> 6);
}

const UNIT = 1 / 9007199254740992;

function drawUniform(words: Words): number {
  return nextBits(words) * UNIT;
}

/** By inversion: one uniform number, on the open interval, gives one normal number. */
function drawNormal(words: Words): number {
  const bits = nextBits(words);
  return normalQuantileOfTails((bits + 0.5) * UNIT, (9007199254740992 - bits - 0.5) * UNIT);
}

function drawExponential(words: Words): number {
  return -Math.log1p(-drawUniform(words));
}

/** Marsaglia and Tsang (2000); for shapes below 1 a draw of shape + 1 times U^(1/shape). */
function drawGamma(words: Words, shape: number): number {
  if (shape < 1) {
    const boosted = drawGamma(words, shape + 1);
    return boosted * (1 - drawUniform(words)) ** (1 / shape);
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(words);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = 1 - drawUniform(words);
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Products of uniform numbers below a mean of 10; above it the transformed rejection PTRS of Hörmann (1993). */
function drawPoisson(words: Words, mean: number): number {
  if (mean < 10) {
    const limit = Math.exp(-mean);
    let product = 1 - drawUniform(words);
    let count = 0;
    while (product > limit) {
      product *= 1 - drawUniform(words);
      count += 1;
    }
    return count;
  }
  const logMean = Math.log(mean);
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const quick = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = drawUniform(words) - 0.5;
    const v = 1 - drawUniform(words);
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= quick) return k;
    if (k < 0 || !Number.isFinite(k) || (us < 0.013 && v > us)) continue;
    if (Math.log(v) + Math.log(inverseAlpha) - Math.log(a / (us * us) + b) <= -mean + k * logMean - lnGamma(k + 1)) return k;
  }
}

/** Four words from a text: the 32-bit hash xmur3 with the finaliser of MurmurHash3, drawn four times. */
function seedWords(text: string): Words {
  let hash = 1779033703 ^ text.length;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 3432918353);
    hash = (hash << 13) | (hash >>> 19);
  }
  const next = (): number => {
    hash = Math.imul(hash ^ (hash >>> 16), 2246822507);
    hash = Math.imul(hash ^ (hash >>> 13), 3266489909);
    hash ^= hash >>> 16;
    return hash;
  };
  const words = { a: next(), b: next(), c: next(), d: next() };
  // The one state from which the generator would never leave zero.
  return (words.a | words.b | words.c | words.d) === 0 ? { ...words, a: 1 } : words;
}

function toState(words: Words): RandomState {
  return { algorithm: 'xoshiro128**', words: [words.a >>> 0, words.b >>> 0, words.c >>> 0, words.d >>> 0] };
}

function readState(state: RandomState): Words {
  const issues: IssueSink = [];
  const record = checkRecord(state, ['state'], issues, 'a state made by createRandom');
  const words: number[] = [];
  if (record !== undefined) {
    checkKeys(record, ['algorithm', 'words'], ['state'], issues);
    checkOneOf(record['algorithm'], ['xoshiro128**'], ['state', 'algorithm'], issues);
    const list = checkList(record['words'], ['state', 'words'], issues);
    if (list !== undefined && list.length !== 4) issues.push(createIssue('length_mismatch', ['state', 'words'], { expected: '4 whole numbers', received: list }));
    else if (list !== undefined) {
      for (const [index, word] of list.entries()) {
        const number = checkNumber(word, ['state', 'words', index], issues, { min: 0, max: 4294967295, integer: true });
        if (number !== undefined) words.push(number);
      }
      if (words.length === 4 && words.every((word) => word === 0))
        issues.push(createIssue('invalid_value', ['state', 'words'], { expected: 'at least one word that is not 0', received: list }));
    }
  }
  throwIfIssues(issues);
  const [a = 1, b = 0, c = 0, d = 0] = words;
  return { a, b, c, d };
}

/**
 * Starts a random generator from a seed. The same seed gives the same sequence on every machine and engine, for ever.
 *
 * Algorithm: xoshiro128** 1.1 of D. Blackman and S. Vigna (period 2^128 − 1) in 32-bit whole numbers; the seed, written as text
 * (`s:` before a text, `n:` before a number), is hashed to the first state with xmur3. Uniform numbers take the upper 27 and 26 bits of two outputs
 * and are exactly equal everywhere; the other draws also use logarithms, whose last bit may differ between engines. Not for secrets.
 *
 * @param seed - a text of up to 10,000 characters, or a finite number
 * @returns the state, to be passed to the draws
 * @throws DomainError `invalid_type` | `not_finite` | `too_long`
 * @example
 * ```ts
 * import { createRandom, nextRandom } from 'dealwright/stats';
 * const first = nextRandom(createRandom(2026));
 * const again = nextRandom(createRandom(2026));
 * first.value === again.value; // => true
 * ```
 * @category stats
 */
export function createRandom(seed: number | string): RandomState {
  const issues: IssueSink = [];
  if (typeof seed === 'number') checkNumber(seed, ['seed'], issues);
  else checkText(seed, ['seed'], issues, { allowEmpty: true, expected: 'a text or a number' });
  throwIfIssues(issues);
  return toState(seedWords(typeof seed === 'number' ? `n:${seed === 0 ? 0 : seed}` : `s:${seed}`));
}

/**
 * Draws a uniform random number from [0, 1).
 *
 * @param state - from {@link createRandom} or an earlier draw
 * @returns the number, and the state for the next draw
 * @throws DomainError `invalid_type` | `invalid_value` | `length_mismatch` | `out_of_range` | `not_an_integer` | `unknown_key`
 * @example
 * ```ts
 * import { createRandom, nextRandom } from 'dealwright/stats';
 * const { value } = nextRandom(createRandom('demo'));
 * value >= 0 && value < 1; // => true
 * ```
 * @category stats
 */
export function nextRandom(state: RandomState): RandomDraw {
  const words = readState(state);
  const value = drawUniform(words);
  return { value, state: toState(words) };
}

/**
 * Draws a normal random number, by inversion of one uniform number.
 *
 * @param state - from {@link createRandom} or an earlier draw
 * @param options - mean (default 0) and standard deviation (default 1)
 * @returns the number, and the state for the next draw
 * @throws DomainError `invalid_type` | `invalid_value` | `length_mismatch` | `out_of_range` | `not_finite` | `unknown_key`
 * @example
 * ```ts
 * import { createRandom, nextNormal } from 'dealwright/stats';
 * Number.isFinite(nextNormal(createRandom(1), { mean: 100, standardDeviation: 15 }).value); // => true
 * ```
 * @category stats
 */
export function nextNormal(state: RandomState, options: NextNormalOptions = {}): RandomDraw {
  const { parameters } = readCall('draw', 0, {}, options, NORMAL_RULES, false);
  const words = readState(state);
  const value = requireFiniteResult(parameters.mean + parameters.standardDeviation * drawNormal(words), ['options']);
  return { value, state: toState(words) };
}

/**
 * Draws an exponential random number: a waiting time.
 *
 * @param state - from {@link createRandom} or an earlier draw
 * @param options - mean, default 1
 * @returns the number, and the state for the next draw
 * @throws DomainError `invalid_type` | `invalid_value` | `length_mismatch` | `out_of_range` | `not_finite` | `unknown_key`
 * @example
 * ```ts
 * import { createRandom, nextExponential } from 'dealwright/stats';
 * nextExponential(createRandom(1), { mean: 30 }).value >= 0; // => true
 * ```
 * @category stats
 */
export function nextExponential(state: RandomState, options: NextExponentialOptions = {}): RandomDraw {
  const { parameters } = readCall('draw', 0, {}, options, EXPONENTIAL_RULES, false);
  const words = readState(state);
  return { value: requireFiniteResult(parameters.mean * drawExponential(words), ['options']), state: toState(words) };
}

/**
 * Draws a gamma random number (Marsaglia and Tsang 2000).
 *
 * @param state - from {@link createRandom} or an earlier draw
 * @param options - shape, and scale (default 1); the mean is shape × scale
 * @returns the number, and the state for the next draw
 * @throws DomainError `invalid_type` | `invalid_value` | `length_mismatch` | `out_of_range` | `not_finite` | `missing_key` | `unknown_key`
 * @example
 * ```ts
 * import { createRandom, nextGamma } from 'dealwright/stats';
 * nextGamma(createRandom(1), { shape: 2 }).value > 0; // => true
 * ```
 * @category stats
 */
export function nextGamma(state: RandomState, options: NextGammaOptions): RandomDraw {
  const { parameters } = readCall('draw', 0, {}, options, GAMMA_RULES, false);
  const words = readState(state);
  return { value: requireFiniteResult(parameters.scale * drawGamma(words, parameters.shape), ['options']), state: toState(words) };
}

/**
 * Draws a Poisson random count.
 *
 * @param state - from {@link createRandom} or an earlier draw
 * @param options - expected number, 0 to 1e9
 * @returns a whole number, and the state for the next draw
 * @throws DomainError `invalid_type` | `invalid_value` | `length_mismatch` | `out_of_range` | `not_finite` | `missing_key` | `unknown_key`
 * @example
 * ```ts
 * import { createRandom, nextPoisson } from 'dealwright/stats';
 * Number.isInteger(nextPoisson(createRandom(1), { mean: 3.5 }).value); // => true
 * ```
 * @category stats
 */
export function nextPoisson(state: RandomState, options: PoissonOptions): RandomDraw {
  const { parameters } = readCall('draw', 0, {}, options, POISSON_RULES, false);
  const words = readState(state);
  return { value: drawPoisson(words, parameters.mean), state: toState(words) };
}

/**
 * Opens a random generator for a loop. Draws give the same numbers as the functional ones, in the same order, without an object per draw.
 *
 * @param start - a state, or a seed as for {@link createRandom}
 * @returns functions that draw, and `state()`, which gives the plain state back
 * @throws DomainError `invalid_type` | `invalid_value` | `length_mismatch` | `out_of_range` | `not_finite` | `too_long`; the draws `out_of_range` for a bad parameter
 * @example
 * ```ts
 * import { createRandom, nextRandom, openRandom } from 'dealwright/stats';
 * const random = openRandom('demo');
 * random.uniform() === nextRandom(createRandom('demo')).value; // => true
 * ```
 * @category stats
 */
export function openRandom(start: RandomState | number | string): RandomCursor {
  const words = readState(typeof start === 'number' || typeof start === 'string' ? createRandom(start) : start);
  return {
    uniform: () => drawUniform(words),
    normal: () => drawNormal(words),
    exponential: () => drawExponential(words),
    gamma: (shape) => drawGamma(words, readCall('shape', shape, POSITIVE, undefined, {}).value),
    poisson: (mean) => drawPoisson(words, readCall('mean', mean, MEAN, undefined, {}).value),
    state: () => toState(words),
  };
}
