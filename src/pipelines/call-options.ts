/*
 * How the functions of this folder look at their arguments: every problem of a call is collected, then thrown at once. Not a public entry.
 */
import { checkLayout } from '../calendar/fiscal-layout.js';
import { checkRange } from '../calendar/period-input.js';
import { checkKeys, checkList, type IssueSink, isPlainRecord, type PlainRecord } from '../errors/checks.js';
import { createDomainError, isDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import { currencyIssue, exponentOf } from '../money/currencies.js';
import { finderOf, type RateFinder, type RateSupply } from '../money/find-rate.js';

const NO_OPTIONS: PlainRecord = {};
const NO_DEALS: readonly unknown[] = [];

/** The options of a call, with no keys but those allowed; absent options are empty ones. */
export function checkOptions(options: unknown, allowed: readonly string[], issues: IssueSink): PlainRecord {
  if (options === undefined) return NO_OPTIONS;
  if (!isPlainRecord(options)) {
    issues.push(createIssue('invalid_type', ['options'], { expected: 'an object of options', received: options }));
    return NO_OPTIONS;
  }
  checkKeys(options, allowed, [], issues);
  return options;
}

/** The deals of a call. */
export function checkDeals(deals: unknown, issues: IssueSink): readonly unknown[] {
  return checkList(deals, ['deals'], issues, { expected: 'a list of deals' }) ?? NO_DEALS;
}

/** Half-open days since 1970. */
export interface DayRange {
  readonly start: number;
  readonly end: number;
}

/** The period of a call: `period`, read in `calendar`; undefined where none is given, or with issues. */
export function checkPeriod(options: PlainRecord, issues: IssueSink): DayRange | undefined {
  const layout = checkLayout(options.calendar, ['calendar'], issues);
  return options.period === undefined || layout === undefined ? undefined : checkRange(options.period, layout, ['period'], issues);
}

/** In which currency amounts are valued, by which rates. */
export interface Valuation {
  readonly currency: string;
  /** Digits of the minor unit. */
  readonly exponent: number;
  readonly finder: RateFinder | undefined;
}

/** The options `currency` and `rates`, or undefined with issues. */
export function checkValuation(options: PlainRecord, issues: IssueSink): Valuation | undefined {
  const { currency, rates } = options;
  const wrong =
    currency === undefined ? createIssue('missing_key', ['currency'], { expected: 'the currency of the result, such as "USD"' }) : currencyIssue(currency, ['currency']);
  if (wrong !== undefined) issues.push(wrong);
  let finder: RateFinder | undefined;
  try {
    // The finder checks the table itself.
    if (rates !== undefined) finder = finderOf(rates as RateSupply);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    issues.push(...error.issues.map((issue) => ({ ...issue, path: ['rates', ...issue.path] })));
  }
  return typeof currency === 'string' && wrong === undefined ? { currency, exponent: exponentOf(currency), finder } : undefined;
}

/** Throws what was found. Only called when something was. */
export function raise(issues: IssueSink): never {
  throwIfIssues(issues);
  throw createDomainError('invalid_value', []);
}
