import { readPlainDate } from '../calendar/plain-date.js';
import { readDecimal } from '../decimal/parse-decimal.js';
import { checkId, checkKeys, checkList, checkRecord, type IssueSink } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import type { CompensationState, ComponentState, StoredTotal } from './state.js';

/**
 * Where a component of a payee's plan stands on the day of going live.
 *
 * @category compensation
 */
export interface OpeningBalance {
  /** Who is paid. */
  readonly payeeId: string;
  /** The plan. */
  readonly planId: string;
  /** The component. */
  readonly componentId: string;
  /** First day of the accumulation window that is under way (`2026-01-01` for a calendar year). */
  readonly window: string;
  /** Measured in the window so far: decimal text. */
  readonly measured?: string;
  /** Earned in the window so far, before rounding: decimal text. Default: what was paid. */
  readonly earned?: string;
  /** Paid in the window so far: decimal text. */
  readonly paid?: string;
  /** JSON that the component keeps for itself, such as the balance of a draw. */
  readonly carried?: unknown;
}

/**
 * Makes the state to start from in the middle of a year, from another system's to-date figures.
 *
 * @param balances - one for each payee and component that accumulates
 * @param options - `through`: the first day that has not been paid yet
 * @returns a state for `computeCompensation`
 * @throws DomainError with every problem of the balances
 * @example
 * ```ts
 * import { computeCompensation, createOpeningState, definePlan } from 'dealwright/compensation';
 * const plan = definePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'commission', id: 'c', accumulate: 'year', measure: { sum: 'amount' }, rate: { mode: 'marginal', tiers: [{ from: '0', rate: '0.05' }, { from: '50000', rate: '0.1' }] } }] });
 * const state = createOpeningState([{ payeeId: 'a', planId: 'p', componentId: 'c', window: '2026-01-01', measured: '45000', paid: '2250' }], { through: '2026-07-01' });
 * const run = computeCompensation({
 *   plans: [plan], payees: [{ id: 'a' }], assignments: [{ payeeId: 'a', planId: 'p', from: '2026-01-01' }], state, periods: ['2026-07'],
 *   credits: [{ id: 'c1', payeeId: 'a', on: '2026-07-03', amount: { amount: '10000', currency: 'USD' } }],
 * });
 * run.statements[0]?.total.amount; // => '750.00'
 * ```
 * @category compensation
 */
export function createOpeningState(balances: readonly OpeningBalance[], options: { readonly through: string }): CompensationState {
  const issues: IssueSink = [];
  const settings = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(settings, ['through'], ['options'], issues);
  const through = readPlainDate(settings['through'], ['options', 'through']);
  if (typeof through !== 'string') issues.push(through);
  const components: ComponentState[] = [];
  const seen = new Set<string>();
  checkList(balances, ['balances'], issues)?.forEach((entry, index) => {
    const path = ['balances', index];
    const record = checkRecord(entry, path, issues, 'a balance { payeeId, planId, componentId, window }');
    if (record === undefined) return;
    checkKeys(record, ['payeeId', 'planId', 'componentId', 'window', 'measured', 'earned', 'paid', 'carried'], path, issues);
    const [payeeId, planId, componentId] = ['payeeId', 'planId', 'componentId'].map((key) => checkId(record[key], [...path, key], issues));
    const window = readPlainDate(record['window'], [...path, 'window']);
    if (typeof window !== 'string') issues.push(window);
    const amounts = ['measured', 'earned', 'paid'].map((key) => {
      if (record[key] === undefined) return undefined;
      const read =
        typeof record[key] === 'string'
          ? readDecimal(record[key], [...path, key])
          : createIssue('invalid_type', [...path, key], { expected: 'a decimal text', received: record[key] });
      if (typeof read === 'string') return read;
      issues.push(read);
      return undefined;
    });
    if (payeeId === undefined || planId === undefined || componentId === undefined || typeof window !== 'string') return;
    const key = JSON.stringify([payeeId, planId, componentId]);
    if (seen.has(key)) issues.push(createIssue('duplicate_id', path, { received: componentId }));
    seen.add(key);
    const [measured, earned, paid] = amounts;
    components.push({ payeeId, planId, componentId, totals: totalsOf(window, measured, earned, paid), ...(record['carried'] === undefined ? {} : { carried: record['carried'] }) });
  });
  throwIfIssues(issues);
  components.sort((a, b) => byText(a.payeeId, b.payeeId) || byText(a.planId, b.planId) || byText(a.componentId, b.componentId));
  return { formatVersion: 1, through: typeof through === 'string' ? through : null, components };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The running totals that components and the engine's rounding keep, by their keys. */
function totalsOf(window: string, measured: string | undefined, earned: string | undefined, paid: string | undefined): readonly StoredTotal[] {
  const due = earned ?? paid;
  const totals: readonly (readonly [string, string | undefined])[] = [
    ['#exact', due],
    ['#rounded', paid ?? earned],
    ['earned', due],
    ['measured', measured],
  ];
  return totals.flatMap(([key, value]) => (value === undefined ? [] : [{ key, window, value }]));
}
