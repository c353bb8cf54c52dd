import { checkKeys, checkList, checkNumber, checkOneOf, checkRecord, checkText, type IssueSink, isPlainRecord } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import type { Money } from '../money/money.js';
import { readMoney } from '../money/read-money.js';

/**
 * The unit of a metric. `ratio` is a fraction (0.25 is 25 %), `times` a multiple, `amount` money or, where plain numbers are passed, a number.
 *
 * @category metrics
 */
export type MetricUnit = 'ratio' | 'times' | 'amount' | 'amount-per-day' | 'days' | 'hours' | 'months' | 'count';

/**
 * A figure: money, a plain number, or not known.
 *
 * @category metrics
 */
export type MetricValue = Money | number | null;

/**
 * A choice that decides the figure.
 *
 * @category metrics
 */
export interface MetricChoice {
  /** The name of the input that makes it. */
  readonly name: string;
  /** What is chosen where nothing is said, in words. */
  readonly default: string;
  /** What the choices are. */
  readonly meaning: string;
}

/**
 * What the computation of a metric returns.
 *
 * @category metrics
 */
export interface MetricOutcome {
  /** The figure; `null` with a reason. */
  readonly value: MetricValue;
  /** What was divided; `null` if the figure is no quotient. */
  readonly numerator: MetricValue;
  /** By what; `null` if the figure is no quotient. */
  readonly denominator: MetricValue;
  /** Observations the figure rests on. */
  readonly n: number;
  /** Why the value is `null`. */
  readonly reason?: string;
  /** Figures that belong to it, as plain data. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * A metric: a formula with a name, and the function that computes it. Made by {@link defineMetric}; the built-in ones have no privileges.
 *
 * @typeParam Id - its id
 * @typeParam Input - what it is computed from
 * @category metrics
 */
export interface Metric<Id extends string = string, Input = never> {
  /** Its id, such as `win-rate`. */
  readonly id: Id;
  /** For a person. */
  readonly label: string;
  /** The formula in words. */
  readonly formula: string;
  /** The unit of the value. */
  readonly unit: MetricUnit;
  /** What decides the figure. */
  readonly choices: readonly MetricChoice[];
  /** What happens where the denominator is zero or an input is missing. */
  readonly whenUndefined: string;
  /** Computes it. */
  readonly compute: (input: Input) => MetricOutcome;
}

/**
 * What {@link defineMetric} is given.
 *
 * @typeParam Id - its id
 * @typeParam Input - what it is computed from
 * @category metrics
 */
export interface MetricDefinition<Id extends string, Input> {
  /** Its id: small letters, digits and hyphens. */
  readonly id: Id;
  /** For a person. */
  readonly label: string;
  /** The formula in words. */
  readonly formula: string;
  /** The unit of the value. */
  readonly unit: MetricUnit;
  /** What decides the figure. Default none. */
  readonly choices?: readonly MetricChoice[];
  /** What happens where the denominator is zero. Default: the value is `null`, with a reason. */
  readonly whenUndefined?: string;
  /** Computes it. Must return `null` with a reason where there is no value. */
  readonly compute: (input: Input) => MetricOutcome;
}

/**
 * A metric, computed.
 *
 * @category metrics
 */
export interface MetricResult extends MetricOutcome {
  /** Which metric. */
  readonly metric: string;
  /** Its label. */
  readonly label: string;
  /** The unit of the value. */
  readonly unit: MetricUnit;
  /** How the figure came about, in one sentence. */
  readonly explanation: string;
}

const UNITS: readonly MetricUnit[] = ['ratio', 'times', 'amount', 'amount-per-day', 'days', 'hours', 'months', 'count'];

/**
 * Defines a metric of your own, with the same powers as the built-in ones.
 *
 * @param definition - id, label, formula, unit, choices and the function
 * @returns the metric
 * @throws DomainError `invalid_type` | `invalid_value` | `empty` | `too_long` | `unknown_key`
 * @example
 * ```ts
 * import { computeMetric, defineMetric } from 'dealwright/metrics';
 * const demosPerWin = defineMetric({
 *   id: 'demos-per-win', label: 'Demos per win', formula: 'demos / wins', unit: 'times',
 *   compute: ({ demos, wins }: { readonly demos: number; readonly wins: number }) =>
 *     wins === 0
 *       ? { value: null, numerator: demos, denominator: wins, n: wins, reason: 'no-wins' }
 *       : { value: demos / wins, numerator: demos, denominator: wins, n: wins },
 * });
 * computeMetric(demosPerWin, { demos: 12, wins: 3 }).explanation; // => 'Demos per win: demos / wins = 12 / 3 = 4'
 * computeMetric(demosPerWin, { demos: 12, wins: 0 }).explanation; // => 'Demos per win: demos / wins is not known (no-wins)'
 * ```
 * @category metrics
 */
export function defineMetric<const Id extends string, Input>(definition: MetricDefinition<Id, Input>): Metric<Id, Input> {
  const issues: IssueSink = [];
  const record = checkRecord(definition, [], issues, 'a definition of a metric') ?? {};
  checkKeys(record, ['id', 'label', 'formula', 'unit', 'choices', 'whenUndefined', 'compute'], [], issues);
  const id = checkText(record['id'], ['id'], issues);
  if (id !== undefined && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) issues.push(createIssue('invalid_value', ['id'], { expected: 'small letters, digits and hyphens', received: id }));
  for (const key of ['label', 'formula']) checkText(record[key], [key], issues);
  checkOneOf(record['unit'], UNITS, ['unit'], issues);
  if (record['whenUndefined'] !== undefined) checkText(record['whenUndefined'], ['whenUndefined'], issues);
  for (const [at, entry] of (record['choices'] === undefined ? [] : (checkList(record['choices'], ['choices'], issues) ?? [])).entries()) {
    const choice = checkRecord(entry, ['choices', at], issues, '{ name, default, meaning }');
    if (choice === undefined) continue;
    checkKeys(choice, ['name', 'default', 'meaning'], ['choices', at], issues);
    for (const key of ['name', 'default', 'meaning']) checkText(choice[key], ['choices', at, key], issues);
  }
  if (typeof record['compute'] !== 'function') issues.push(createIssue('invalid_type', ['compute'], { expected: 'a function', received: record['compute'] }));
  throwIfIssues(issues);
  const { choices = [], whenUndefined = 'null, with a reason', ...rest } = definition;
  return { ...rest, choices, whenUndefined };
}

/**
 * Computes a metric and says how the figure came about. A value is never 0, NaN or Infinity for want of a denominator: it is `null` with a reason.
 *
 * @param metric - a built-in metric, or one of your own
 * @param input - what it is computed from
 * @returns value, numerator, denominator, n, unit, reason and explanation
 * @throws DomainError `invalid_value` (a metric whose function returns something else than an outcome), and what is wrong with the input
 * @example
 * ```ts
 * import { computeMetric, forecastAccuracyMetric } from 'dealwright/metrics';
 * computeMetric(forecastAccuracyMetric, { actual: 80, forecast: 100 }).value; // => 0.75
 * ```
 * @category metrics
 */
export function computeMetric<Input>(metric: Metric<string, Input>, input: Input): MetricResult {
  const given: unknown = metric;
  if (
    !isPlainRecord(given) ||
    typeof given['compute'] !== 'function' ||
    typeof given['id'] !== 'string' ||
    typeof given['label'] !== 'string' ||
    typeof given['formula'] !== 'string'
  )
    throw createDomainError('invalid_type', ['metric'], { expected: 'a metric made by defineMetric', received: given });
  const outcome = metric.compute(input);
  const issues: IssueSink = [];
  const record = checkRecord(outcome, ['outcome'], issues, 'an outcome: { value, numerator, denominator, n, reason? }') ?? {};
  checkKeys(record, ['value', 'numerator', 'denominator', 'n', 'reason', 'details'], ['outcome'], issues);
  for (const key of ['value', 'numerator', 'denominator']) checkFigure(record[key], ['outcome', key], issues);
  checkNumber(record['n'], ['outcome', 'n'], issues, { min: 0 });
  if (record['value'] === null && typeof record['reason'] !== 'string')
    issues.push(createIssue('missing_key', ['outcome', 'reason'], { expected: 'a reason, since there is no value' }));
  throwIfIssues(issues);
  return { metric: metric.id, label: metric.label, unit: metric.unit, ...outcome, explanation: explain(metric, outcome) };
}

function checkFigure(value: unknown, path: readonly string[], issues: IssueSink): void {
  if (value === null) return;
  if (typeof value === 'number') checkNumber(value, path, issues);
  else {
    const read = readMoney(value, path);
    if (Array.isArray(read)) issues.push(...read);
  }
}

function explain<Input>(metric: Metric<string, Input>, { value, numerator, denominator, reason }: MetricOutcome): string {
  const head = `${metric.label}: ${metric.formula}`;
  if (value === null) return `${head} is not known (${reason ?? 'no reason given'})`;
  return numerator === null || denominator === null ? `${head} = ${figureText(value)}` : `${head} = ${figureText(numerator)} / ${figureText(denominator)} = ${figureText(value)}`;
}

function figureText(value: MetricValue): string {
  if (value === null) return 'not known';
  return typeof value === 'number' ? String(Number(value.toPrecision(12))) : `${value.amount} ${value.currency}`;
}
