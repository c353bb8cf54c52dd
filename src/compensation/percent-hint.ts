/* Percentages where fractions are meant: found, and answered with what was probably meant. */
import { readDecimal } from '../decimal/parse-decimal.js';
import type { IssueSink } from '../errors/checks.js';
import { createIssue, type IssuePath } from '../errors/issue.js';

/** Finds attainments, multipliers and shares that were given as percentages: nobody pays above twenty times. */
export function checkFactorText(value: unknown, path: IssuePath, issues: IssueSink): void {
  const read = typeof value === 'string' ? readDecimal(value) : undefined;
  if (typeof read !== 'string' || Math.abs(Number(read)) <= 20) return;
  issues.push(createIssue('fraction_out_of_range', path, { expected: 'a fraction: "1.25" for 125 %', received: value, hint: `did you mean "${percentAsFraction(read)}"?` }));
}

/** Finds rates that were given as percentages. */
export function checkFractionText(value: unknown, path: IssuePath, issues: IssueSink): void {
  const read = typeof value === 'string' ? readDecimal(value) : undefined;
  if (typeof read !== 'string') return;
  const number = Number(read);
  if (number <= 1 && number >= -1) return;
  issues.push(
    createIssue('rate_out_of_range', path, {
      expected: 'a fraction between 0 and 1',
      received: value,
      ...(Math.abs(number) <= 100 ? { hint: `did you mean "${percentAsFraction(read)}"?` } : {}),
    }),
  );
}

/** The text of a percentage as a fraction: `12` as `0.12`. */
function percentAsFraction(text: string): string {
  const [integer = '', fraction = ''] = text.replace('-', '').split('.');
  const digits = integer.padStart(3, '0');
  const moved = `${digits.slice(0, -2)}.${digits.slice(-2)}${fraction}`.replace(/^0+(?=\d)/, '').replace(/\.?0+$/, '');
  return `${text.startsWith('-') ? '-' : ''}${moved}`;
}
