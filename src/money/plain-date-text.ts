/* A calendar date as text. The calendar lies above this folder, so the one check that rates need stands here. Not a public entry. */
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';

const PLAIN_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const MONTH_DAYS: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** What is wrong with a text as a date `YYYY-MM-DD`, if anything. Dates that pass compare as texts. */
export function plainDateIssue(value: unknown, path: IssuePath): Issue | undefined {
  const expected = 'a date written YYYY-MM-DD';
  if (typeof value !== 'string') return createIssue('invalid_type', path, { expected, received: value });
  const match = PLAIN_DATE.exec(value);
  const [year, month, day] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])];
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  const days = (MONTH_DAYS[month - 1] ?? 0) + leap;
  return match !== null && year >= 1 && day >= 1 && day <= days ? undefined : createIssue('invalid_date', path, { expected, received: value });
}
