import { checkKeys, checkNumber, checkOneOf, checkRecord, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { createIssue, type IssuePath } from '../../errors/issue.js';
import { currencyIssue } from '../../money/currencies.js';
import { validateRateTable } from '../../money/rate-table.js';
import { CREDIT_RATE_POLICIES, PAY_RATE_POLICIES, type PlanPolicies } from '../plan-policies.js';

/** The keys of a plan's policies. */
export const PLAN_POLICY_KEYS = ['creditRate', 'payCurrency', 'payRate', 'planRates', 'reversals', 'lateCredits'] as const satisfies readonly (keyof PlanPolicies)[];

/** Checks a plan's policies on currencies, refunds and late credits. */
export function checkPlanPolicies(plan: PlainRecord, path: IssuePath, issues: IssueSink): void {
  if (Object.hasOwn(plan, 'creditRate')) checkOneOf(plan['creditRate'], CREDIT_RATE_POLICIES, [...path, 'creditRate'], issues);
  if (Object.hasOwn(plan, 'payRate')) checkOneOf(plan['payRate'], PAY_RATE_POLICIES, [...path, 'payRate'], issues);
  if (Object.hasOwn(plan, 'payCurrency')) {
    const problem = currencyIssue(plan['payCurrency'], [...path, 'payCurrency']);
    if (problem !== undefined) issues.push(problem);
  } else if (Object.hasOwn(plan, 'payRate')) issues.push(createIssue('missing_key', [...path, 'payCurrency'], { expected: 'the currency that payRate leads to' }));
  if (Object.hasOwn(plan, 'planRates')) issues.push(...validateRateTable(plan['planRates'], [...path, 'planRates']));
  else if (plan['creditRate'] === 'plan' || plan['payRate'] === 'plan') {
    issues.push(createIssue('missing_key', [...path, 'planRates'], { expected: 'the fixed rates of the plan' }));
  }
  if (Object.hasOwn(plan, 'reversals')) {
    const at = [...path, 'reversals'];
    const reversals = checkRecord(plan['reversals'], at, issues);
    if (reversals !== undefined) {
      checkKeys(reversals, ['quota', 'period'], at, issues);
      if (Object.hasOwn(reversals, 'quota')) checkOneOf(reversals['quota'], ['un-retire', 'keep'], [...at, 'quota'], issues);
      if (Object.hasOwn(reversals, 'period')) checkOneOf(reversals['period'], ['refund-date', 'original-date'], [...at, 'period'], issues);
    }
  }
  if (!Object.hasOwn(plan, 'lateCredits')) return;
  const at = [...path, 'lateCredits'];
  const late = checkRecord(plan['lateCredits'], at, issues, 'an object { policy }');
  if (late === undefined) return;
  checkKeys(late, ['policy', 'closeDays'], at, issues);
  checkOneOf(late['policy'], ['restate', 'current-period'], [...at, 'policy'], issues);
  if (Object.hasOwn(late, 'closeDays')) checkNumber(late['closeDays'], [...at, 'closeDays'], issues, { min: 0, max: 3660, integer: true });
}
