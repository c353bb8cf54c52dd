import { checkId, checkList, checkNumber, checkRecord, type IssueSink } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { createIssue } from '../../errors/issue.js';

/** Cumulative amounts by category, unchecked. */
export function cumulate(amounts: ReadonlyMap<string, number>, categories: readonly string[]): Record<string, number> {
  const last = categories.length - 1;
  const closed = amounts.get(categories[last] ?? '') ?? 0;
  const entries: [string, number][] = [];
  let open = 0;
  for (let i = last; i >= 0; i -= 1) {
    const category = categories[i] ?? '';
    if (i < last) open += amounts.get(category) ?? 0;
    // The first category is the open pipeline: all that is open, without what is closed.
    entries.push([category, i === 0 && last > 0 ? open : open + closed]);
  }
  return Object.fromEntries(entries.reverse());
}

/**
 * Amounts by forecast category, rolled up: each category with everything more certain added, as in Salesforce's cumulative forecasts. The last category is what is
 * closed; the first is the *open pipeline*, that is all open categories without the closed one. So with closed 50, commit 100, best case 150 and pipeline 200
 * the roll-up is closed 50, commit 150, best case 300, pipeline 450. `omitted` never counts.
 *
 * @param byCategory - amount of each category alone; absent ones are 0
 * @param categories - the categories in order, from least to most certain, the last of them closed
 * @returns the cumulative amount of every category
 * @throws DomainError `invalid_type` | `not_finite` | `empty` | `duplicate_id` | `reserved_key` | `too_long` | `unknown_reference`
 * @example
 * ```ts
 * import { cumulateCategories } from 'dealwright/forecasting';
 * cumulateCategories({ pipeline: 200, 'best-case': 150, commit: 100, closed: 50 }, ['pipeline', 'best-case', 'commit', 'closed']); // => { pipeline: 450, 'best-case': 300, commit: 150, closed: 50 }
 * ```
 * @category forecasting
 */
export function cumulateCategories(byCategory: Readonly<Record<string, number>>, categories: readonly string[]): Readonly<Record<string, number>> {
  const issues: IssueSink = [];
  const order = checkCategories(categories, ['categories'], issues);
  const record = checkRecord(byCategory, ['byCategory'], issues);
  const amounts = new Map<string, number>();
  for (const key of Object.keys(record ?? {})) {
    const amount = checkNumber(record?.[key], ['byCategory', key], issues);
    if (key === 'omitted' || amount === undefined) continue;
    if (order?.includes(key) === true) amounts.set(key, amount);
    else issues.push(createIssue('unknown_reference', ['byCategory', key], { expected: `one of ${order?.slice(0, 20).join(', ')}, omitted`, received: key }));
  }
  throwIfIssues(issues);
  const result = cumulate(amounts, order ?? []);
  for (const key of Object.keys(result)) checkNumber(result[key], ['byCategory', key], issues);
  throwIfIssues(issues);
  return result;
}

/** Most categories. */
const MAX_CATEGORIES = 100;

/** An order of categories: ids, each once, at least one; undefined with issues. */
export function checkCategories(value: unknown, path: readonly (string | number)[], issues: IssueSink): readonly string[] | undefined {
  const list = checkList(value, path, issues, { min: 1, expected: 'a list of categories' });
  if (list === undefined) return undefined;
  if (list.length > MAX_CATEGORIES) {
    issues.push(createIssue('too_long', path, { expected: `at most ${MAX_CATEGORIES} categories`, received: list }));
    return undefined;
  }
  const found: string[] = [];
  for (let index = 0; index < list.length; index += 1) {
    const id = checkId(list[index], [...path, index], issues);
    if (id === undefined) continue;
    if (id === 'omitted')
      issues.push(createIssue('invalid_value', [...path, index], { expected: 'a category that counts', received: id, hint: '"omitted" is not part of the order' }));
    else if (found.includes(id)) issues.push(createIssue('duplicate_id', [...path, index], { expected: 'every category once', received: id }));
    else found.push(id);
  }
  return found.length === list.length ? found : undefined;
}
