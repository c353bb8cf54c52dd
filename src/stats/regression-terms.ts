/* What every regression of this folder has in common: names of terms, the table of coefficients, tests and limits. */
import { checkList, checkText, type IssueSink } from '../errors/checks.js';
import { createIssue } from '../errors/issue.js';

/**
 * The estimated coefficients of a regression, as columns in the order of `terms`.
 *
 * @category stats
 */
export interface RegressionTerms {
  /** Names: `(intercept)` first where there is one, then the names given or `x1`, `x2`, … */
  readonly terms: readonly string[];
  /** Estimates. */
  readonly coefficients: readonly number[];
  /** Standard errors of the estimates. */
  readonly standardErrors: readonly number[];
  /** Estimate divided by its standard error. */
  readonly statistics: readonly number[];
  /** Two-sided p-values of the hypothesis that a coefficient is 0. */
  readonly pValues: readonly number[];
  /** Lower confidence limits at `level`. */
  readonly lower: readonly number[];
  /** Upper confidence limits at `level`. */
  readonly upper: readonly number[];
  /** Covariance matrix of the estimates, row by row. */
  readonly covariance: readonly (readonly number[])[];
  /** Confidence level of the limits, a fraction. */
  readonly level: number;
}

/** Name of the constant term. */
export const INTERCEPT = '(intercept)';

/** The names of all terms, or undefined with issues. */
export function readTermNames(names: unknown, count: number, intercept: boolean, issues: IssueSink): readonly string[] | undefined {
  const covariates = count - (intercept ? 1 : 0);
  const head = intercept ? [INTERCEPT] : [];
  if (names === undefined) return [...head, ...Array.from({ length: covariates }, (_, index) => `x${index + 1}`)];
  const list = checkList(names, ['options', 'names'], issues);
  if (list === undefined) return undefined;
  if (list.length !== covariates) {
    issues.push(createIssue('length_mismatch', ['options', 'names'], { expected: `${covariates} names`, received: list }));
    return undefined;
  }
  const read: string[] = [];
  for (let j = 0; j < list.length; j += 1) {
    const text = checkText(list[j], ['options', 'names', j], issues);
    if (text !== undefined) read.push(text);
  }
  return read.length < list.length ? undefined : [...head, ...read];
}
