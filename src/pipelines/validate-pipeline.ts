import { BUYING_ROLES } from '../deals/deal.js';
import { checkFraction, checkId, checkKeys, checkList, checkNumber, checkOneOf, checkRecord, checkText, type IssueSink, type PlainRecord } from '../errors/checks.js';
import { createIssue, type Issue, type IssuePath } from '../errors/issue.js';
import { dealFieldHint, EXPECTED_DEAL_FIELD, isOptionalDealField } from './deal-field.js';
import { CRITERION_SEVERITIES, MAX_ENTRIES, MAX_STAGE_DAYS, STAGE_KINDS, STANDARD_FORECAST_CATEGORIES } from './pipeline-limits.js';

const PIPELINE_KEYS = ['id', 'label', 'formatVersion', 'stages', 'forecastCategories'] as const;
const STAGE_KEYS = ['id', 'label', 'kind', 'probability', 'forecastCategory', 'exitCriteria', 'requiredFields', 'maximumDays', 'rottenDays'] as const;
const CRITERION_KEYS = ['id', 'label', 'require', 'severity'] as const;
const REQUIREMENT_KEYS = ['field', 'activity', 'stakeholder', 'confirmed'] as const;

/**
 * Finds everything that is wrong with a pipeline definition. Never throws, whatever the value is.
 *
 * Ids of stages are unique; ids of criteria are unique within their stage; at least one stage is open; a won stage has probability 1 and a lost
 * one 0, or none; forecast categories are among `forecastCategories` (or `omitted`) where those are given; no key is misspelt.
 *
 * @param value - anything, for example a parsed JSON file
 * @returns one issue per problem, with its path; empty if `definePipeline` accepts the value
 * @example
 * ```ts
 * import { validatePipeline } from 'dealwright/pipelines';
 * const issues = validatePipeline({ id: 'b2b', stages: [{ id: 'demo', label: 'Demo', probability: 40 }] });
 * issues[0].code; // => 'fraction_out_of_range'
 * issues[0].hint; // => 'a percentage? did you mean 0.4?'
 * ```
 * @category pipelines
 */
export function validatePipeline(value: unknown): readonly Issue[] {
  const issues: Issue[] = [];
  checkPipeline(value, [], issues);
  return issues;
}

/** As {@link validatePipeline}, for a pipeline that is part of a larger input. */
export function checkPipeline(value: unknown, path: IssuePath, issues: IssueSink): void {
  const pipeline = checkRecord(value, path, issues, 'a pipeline');
  if (pipeline === undefined) return;
  checkKeys(pipeline, PIPELINE_KEYS, path, issues);
  if (requireKey(pipeline, 'id', path, issues)) checkId(pipeline.id, [...path, 'id'], issues);
  if (Object.hasOwn(pipeline, 'label')) checkText(pipeline.label, [...path, 'label'], issues);
  if (Object.hasOwn(pipeline, 'formatVersion') && pipeline.formatVersion !== 1) {
    issues.push(createIssue('unsupported_format_version', [...path, 'formatVersion'], { expected: '1', received: pipeline.formatVersion }));
  }
  const categories = checkForecastCategories(pipeline, path, issues);
  if (!requireKey(pipeline, 'stages', path, issues)) return;
  const stages = checkEntries(pipeline.stages, [...path, 'stages'], issues, 1);
  if (stages === undefined) return;
  const ids = new Set<string>();
  let open = 0;
  stages.forEach((stage, index) => {
    if (checkStage(stage, [...path, 'stages', index], issues, ids, categories)) open += 1;
  });
  if (open === 0) issues.push(createIssue('invalid_pipeline', [...path, 'stages'], { expected: 'at least one open stage' }));
}

function checkForecastCategories(pipeline: PlainRecord, path: IssuePath, issues: IssueSink): ReadonlySet<string> | undefined {
  if (!Object.hasOwn(pipeline, 'forecastCategories')) return undefined;
  const listPath = [...path, 'forecastCategories'];
  const list = checkEntries(pipeline.forecastCategories, listPath, issues, 1);
  if (list === undefined) return undefined;
  const known = new Set<string>();
  list.forEach((entry, index) => {
    const id = checkId(entry, [...listPath, index], issues);
    if (id === undefined) return;
    if (id === 'omitted') issues.push(createIssue('invalid_pipeline', [...listPath, index], { expected: 'the categories that count, without "omitted"', received: id }));
    else if (known.has(id)) issues.push(createIssue('duplicate_id', [...listPath, index], { received: id }));
    known.add(id);
  });
  return known;
}

/** Checks a stage and says whether it is an open one. */
function checkStage(value: unknown, path: IssuePath, issues: IssueSink, ids: Set<string>, categories: ReadonlySet<string> | undefined): boolean {
  const stage = checkRecord(value, path, issues, 'a stage');
  if (stage === undefined) return false;
  checkKeys(stage, STAGE_KEYS, path, issues);
  if (requireKey(stage, 'id', path, issues)) {
    const id = checkId(stage.id, [...path, 'id'], issues);
    if (id !== undefined && ids.has(id)) issues.push(createIssue('duplicate_id', [...path, 'id'], { expected: 'an id of its own for every stage', received: id }));
    if (id !== undefined) ids.add(id);
  }
  if (requireKey(stage, 'label', path, issues)) checkText(stage.label, [...path, 'label'], issues);
  const kind = Object.hasOwn(stage, 'kind') ? checkOneOf(stage.kind, STAGE_KINDS, [...path, 'kind'], issues) : 'open';
  checkProbability(stage, kind, path, issues);
  if (Object.hasOwn(stage, 'forecastCategory')) {
    const category = checkId(stage.forecastCategory, [...path, 'forecastCategory'], issues);
    if (category !== undefined && categories !== undefined && category !== 'omitted' && !categories.has(category)) {
      issues.push(createIssue('unknown_reference', [...path, 'forecastCategory'], { expected: 'one of the forecastCategories of the pipeline, or "omitted"', received: category }));
    }
  }
  if (Object.hasOwn(stage, 'exitCriteria')) checkExitCriteria(stage.exitCriteria, [...path, 'exitCriteria'], issues);
  if (Object.hasOwn(stage, 'requiredFields')) checkRequiredFields(stage.requiredFields, [...path, 'requiredFields'], issues);
  if (Object.hasOwn(stage, 'maximumDays')) checkNumber(stage.maximumDays, [...path, 'maximumDays'], issues, { min: 0, max: MAX_STAGE_DAYS });
  if (Object.hasOwn(stage, 'rottenDays')) checkNumber(stage.rottenDays, [...path, 'rottenDays'], issues, { min: 0, max: MAX_STAGE_DAYS });
  return kind === 'open';
}

function checkProbability(stage: PlainRecord, kind: string | undefined, path: IssuePath, issues: IssueSink): void {
  if (!Object.hasOwn(stage, 'probability') || stage.probability === null) return;
  const probability = checkFraction(stage.probability, [...path, 'probability'], issues);
  if (probability === undefined) return;
  const settled = kind === 'won' ? 1 : kind === 'lost' ? 0 : undefined;
  if (settled !== undefined && probability !== settled) {
    issues.push(createIssue('invalid_pipeline', [...path, 'probability'], { expected: `${settled} for a ${String(kind)} stage`, received: probability }));
  }
}

function checkExitCriteria(value: unknown, path: IssuePath, issues: IssueSink): void {
  const list = checkEntries(value, path, issues, 0);
  if (list === undefined) return;
  const ids = new Set<string>();
  list.forEach((entry, index) => {
    const at = [...path, index];
    const criterion = checkRecord(entry, at, issues, 'an exit criterion');
    if (criterion === undefined) return;
    checkKeys(criterion, CRITERION_KEYS, at, issues);
    if (requireKey(criterion, 'id', at, issues)) {
      const id = checkId(criterion.id, [...at, 'id'], issues);
      if (id !== undefined && ids.has(id)) issues.push(createIssue('duplicate_id', [...at, 'id'], { expected: 'an id of its own within the stage', received: id }));
      if (id !== undefined) ids.add(id);
    }
    if (requireKey(criterion, 'label', at, issues)) checkText(criterion.label, [...at, 'label'], issues);
    if (Object.hasOwn(criterion, 'severity')) checkOneOf(criterion.severity, CRITERION_SEVERITIES, [...at, 'severity'], issues);
    if (requireKey(criterion, 'require', at, issues)) checkRequirement(criterion.require, [...at, 'require'], issues);
  });
}

function checkRequirement(value: unknown, path: IssuePath, issues: IssueSink): void {
  const expected = 'exactly one of { field }, { activity, atLeast? }, { stakeholder }, { confirmed: true }';
  const requirement = checkRecord(value, path, issues, expected);
  if (requirement === undefined) return;
  const kinds = REQUIREMENT_KEYS.filter((key) => Object.hasOwn(requirement, key));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    issues.push(createIssue('invalid_value', path, { expected, received: value }));
    return;
  }
  checkKeys(requirement, kind === 'activity' ? ['activity', 'atLeast'] : [kind], path, issues);
  const at = [...path, kind];
  switch (kind) {
    case 'field':
      checkDealField(requirement.field, at, issues);
      return;
    case 'activity':
      checkText(requirement.activity, at, issues);
      if (Object.hasOwn(requirement, 'atLeast')) checkNumber(requirement.atLeast, [...path, 'atLeast'], issues, { min: 1, integer: true });
      return;
    case 'stakeholder':
      checkOneOf(requirement.stakeholder, BUYING_ROLES, at, issues);
      return;
    case 'confirmed':
      if (requirement.confirmed !== true) issues.push(createIssue('invalid_value', at, { expected: 'true', received: requirement.confirmed }));
      return;
  }
}

function checkRequiredFields(value: unknown, path: IssuePath, issues: IssueSink): void {
  const list = checkEntries(value, path, issues, 0);
  if (list === undefined) return;
  const names = new Set<string>();
  list.forEach((entry, index) => {
    const name = checkDealField(entry, [...path, index], issues);
    if (name === undefined) return;
    if (names.has(name)) issues.push(createIssue('duplicate_id', [...path, index], { expected: 'every field once', received: name }));
    names.add(name);
  });
}

function checkDealField(value: unknown, path: IssuePath, issues: IssueSink): string | undefined {
  const name = checkText(value, path, issues, { expected: EXPECTED_DEAL_FIELD });
  if (name === undefined) return undefined;
  if (isOptionalDealField(name)) return name;
  const hint = dealFieldHint(name);
  issues.push(createIssue('unknown_reference', path, { expected: EXPECTED_DEAL_FIELD, received: name, ...(hint === undefined ? {} : { hint }) }));
  return undefined;
}

/** A list of bounded length, so that a hostile one costs nothing. */
function checkEntries(value: unknown, path: IssuePath, issues: IssueSink, min: number): readonly unknown[] | undefined {
  const list = checkList(value, path, issues, { min });
  if (list === undefined || list.length <= MAX_ENTRIES) return list;
  issues.push(createIssue('too_long', path, { expected: `at most ${MAX_ENTRIES}`, received: value }));
  return undefined;
}

function requireKey(record: PlainRecord, key: string, path: IssuePath, issues: IssueSink): boolean {
  if (Object.hasOwn(record, key)) return true;
  issues.push(createIssue('missing_key', [...path, key], { expected: `"${key}"` }));
  return false;
}

/** Categories in force: those of the pipeline, or the standard ones. */
export function forecastCategoriesOf(pipeline: { readonly forecastCategories?: readonly string[] }): readonly string[] {
  return pipeline.forecastCategories ?? STANDARD_FORECAST_CATEGORIES;
}
