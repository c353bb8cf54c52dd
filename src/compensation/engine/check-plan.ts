import { calendarYear, validateFiscalCalendar } from '../../calendar/fiscal-calendar.js';
import { readPlainDate } from '../../calendar/plain-date.js';
import { ROUNDING_MODES } from '../../decimal/rounding.js';
import { checkId, checkKeys, checkList, checkNumber, checkOneOf, checkRecord, checkText, type IssueSink, nearestText, type PlainRecord } from '../../errors/checks.js';
import { createIssue, type Issue, type IssuePath } from '../../errors/issue.js';
import { currencyIssue } from '../../money/currencies.js';
import type { ConfigIssue, PlanComponent } from '../component.js';
import type { ParameterType, PlanPeriodUnit } from '../plan.js';
import { checkPlanPolicies, PLAN_POLICY_KEYS } from './check-plan-policies.js';

/**
 * A component kind whatever its config.
 *
 * @category compensation
 */
export type AnyComponent = PlanComponent<string, object>;

/** The units a plan's period may have. */
export const PLAN_PERIOD_UNITS: readonly PlanPeriodUnit[] = ['week', 'month', 'quarter', 'half', 'year'];
const PARAMETER_TYPES: readonly ParameterType[] = ['money', 'fraction', 'number'];
const PLAN_KEYS = [
  'id',
  'label',
  'formatVersion',
  'effective',
  'recordedAt',
  'payCodes',
  'currency',
  'period',
  'calendar',
  'parameters',
  'rounding',
  ...PLAN_POLICY_KEYS,
  'components',
];

/** Every problem of a plan of unknown shape, its components checked by their own kinds. */
export function checkPlan(value: unknown, path: IssuePath, kinds: ReadonlyMap<string, AnyComponent>): readonly Issue[] {
  const issues: IssueSink = [];
  const plan = checkRecord(value, path, issues, 'a plan');
  if (plan === undefined) return issues;
  checkKeys(plan, PLAN_KEYS, path, issues);
  checkId(plan['id'], [...path, 'id'], issues);
  if (Object.hasOwn(plan, 'label')) checkText(plan['label'], [...path, 'label'], issues);
  if (Object.hasOwn(plan, 'formatVersion') && plan['formatVersion'] !== 1) {
    issues.push(createIssue('unsupported_format_version', [...path, 'formatVersion'], { expected: '1', received: plan['formatVersion'] }));
  }
  const currency = currencyIssue(plan['currency'], [...path, 'currency']);
  if (currency !== undefined) issues.push(currency);
  checkOneOf(plan['period'], PLAN_PERIOD_UNITS, [...path, 'period'], issues);
  if (Object.hasOwn(plan, 'calendar')) issues.push(...validateFiscalCalendar(plan['calendar'] ?? calendarYear, [...path, 'calendar']));
  const parameters = checkParameters(plan, path, issues);
  checkRounding(plan, path, issues);
  checkPlanPolicies(plan, path, issues);
  checkEffective(plan, path, issues);
  checkComponents(plan, path, issues, kinds, parameters);
  return issues;
}

function checkEffective(plan: PlainRecord, path: IssuePath, issues: IssueSink): void {
  if (Object.hasOwn(plan, 'recordedAt')) checkText(plan['recordedAt'], [...path, 'recordedAt'], issues);
  if (Object.hasOwn(plan, 'payCodes')) {
    const codes = checkRecord(plan['payCodes'], [...path, 'payCodes'], issues);
    for (const key of Object.keys(codes ?? {})) checkText(codes?.[key], [...path, 'payCodes', key], issues);
  }
  if (!Object.hasOwn(plan, 'effective')) return;
  const at = [...path, 'effective'];
  const record = checkRecord(plan['effective'], at, issues);
  if (record === undefined) return;
  checkKeys(record, ['from', 'to'], at, issues);
  const from = readPlainDate(record['from'], [...at, 'from']);
  const to = Object.hasOwn(record, 'to') ? readPlainDate(record['to'], [...at, 'to']) : undefined;
  if (typeof from !== 'string') issues.push(from);
  if (to !== undefined && typeof to !== 'string') issues.push(to);
  if (typeof from === 'string' && typeof to === 'string' && to <= from) issues.push(createIssue('empty_period', [...at, 'to'], { expected: `a day after ${from}`, received: to }));
}

function checkParameters(plan: PlainRecord, path: IssuePath, issues: IssueSink): readonly string[] {
  if (!Object.hasOwn(plan, 'parameters')) return [];
  const at = [...path, 'parameters'];
  const record = checkRecord(plan['parameters'], at, issues);
  if (record === undefined) return [];
  for (const name of Object.keys(record)) {
    checkId(name, [...at, name], issues);
    checkOneOf(record[name], PARAMETER_TYPES, [...at, name], issues);
  }
  return Object.keys(record);
}

function checkRounding(plan: PlainRecord, path: IssuePath, issues: IssueSink): void {
  if (!Object.hasOwn(plan, 'rounding')) return;
  const at = [...path, 'rounding'];
  const record = checkRecord(plan['rounding'], at, issues);
  if (record === undefined) return;
  checkKeys(record, ['mode', 'scale'], at, issues);
  if (Object.hasOwn(record, 'mode')) checkOneOf(record['mode'], ROUNDING_MODES, [...at, 'mode'], issues);
  if (Object.hasOwn(record, 'scale')) checkNumber(record['scale'], [...at, 'scale'], issues, { min: 0, max: 12, integer: true });
}

function checkComponents(plan: PlainRecord, path: IssuePath, issues: IssueSink, kinds: ReadonlyMap<string, AnyComponent>, parameters: readonly string[]): void {
  const seen = new Set<string>();
  checkList(plan['components'], [...path, 'components'], issues, { expected: 'a list of components' })?.forEach((entry, index) => {
    const at = [...path, 'components', index];
    const config = checkRecord(entry, at, issues, 'a component { kind, id, … }');
    if (config === undefined) return;
    const id = checkId(config['id'], [...at, 'id'], issues);
    if (id !== undefined && seen.has(id)) issues.push(createIssue('duplicate_id', [...at, 'id'], { received: id }));
    if (id !== undefined) seen.add(id);
    const kind = checkId(config['kind'], [...at, 'kind'], issues);
    if (kind === undefined) return;
    const component = kinds.get(kind);
    if (component === undefined) {
      const near = nearestText(kind, [...kinds.keys()]);
      issues.push(
        createIssue('unknown_component_kind', [...at, 'kind'], {
          expected: `one of ${[...kinds.keys()].join(', ')}`,
          received: kind,
          ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
        }),
      );
      return;
    }
    if (component.keys !== undefined) checkKeys(config, [...component.keys, 'kind', 'id'], at, issues);
    const before = issues.length;
    for (const issue of ownCheck(component, config, at)) if (component.keys === undefined || issue.code !== 'unknown_key' || issue.path.length > at.length + 1) issues.push(issue);
    if (issues.length === before) checkParameterNames(config, at, issues, parameters);
  });
}

/** Runs a component's own check, with paths made relative to the plan. A check that fails on a shape it did not expect is a problem of the config. */
function ownCheck(component: AnyComponent, config: PlainRecord, path: IssuePath): readonly Issue[] {
  if (component.check === undefined) return [];
  const issue: ConfigIssue = (place, code, received, details = {}) =>
    createIssue(code, typeof place === 'string' ? [place] : place, { ...details, ...(received === undefined ? {} : { received }) });
  try {
    return component.check(config, issue).map((found) => ({ ...found, path: [...path, ...found.path] }));
  } catch (error) {
    return [
      createIssue('invalid_value', path, {
        expected: `a config that the check of "${component.kind}" understands`,
        message: error instanceof Error ? error.message : 'The check failed.',
      }),
    ];
  }
}

/** Every `{ param }` in a config must be declared. */
function checkParameterNames(value: unknown, path: IssuePath, issues: IssueSink, parameters: readonly string[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    value.forEach((entry, index) => {
      checkParameterNames(entry, [...path, index], issues, parameters);
    });
    return;
  }
  for (const [key, entry] of Object.entries(value)) {
    if (key === 'param' && typeof entry === 'string' && !parameters.includes(entry)) {
      const near = nearestText(entry, parameters);
      issues.push(
        createIssue('unknown_reference', [...path, key], {
          expected: parameters.length === 0 ? 'a parameter declared under parameters' : `one of ${parameters.join(', ')}`,
          received: entry,
          ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
        }),
      );
    } else checkParameterNames(entry, [...path, key], issues, parameters);
  }
}
