/*
 * The options of parseDeals, read and checked once. Not a public entry.
 */
import { readZone, type ZoneClock } from '../calendar/time-zone.js';
import { checkBoolean, checkId, checkKeys, checkList, checkOneOf, checkRecord, checkText, type IssueSink, isPlainRecord, isReservedKey, nearestText } from '../errors/checks.js';
import { throwIfIssues } from '../errors/domain-error.js';
import { createIssue } from '../errors/issue.js';
import { currencyIssue } from '../money/currencies.js';
import { DEAL_STATUSES, type DealStatus } from './deal.js';
import type { DealAmountFormat, DealDateField, DealDateFormat, DealRowField } from './parse-deals-options.js';
import { ownField } from './record-shape.js';
import type { Replacement } from './row-readers.js';
import { readStageMap, type StageMap } from './stage-map.js';

/** Fields that hold lists. */
export const LIST_FIELDS = ['lineItems', 'splits', 'stakeholders', 'activities', 'history'] as const;
/** Fields that hold dates. */
export const DATE_FIELDS: readonly DealDateField[] = ['createdOn', 'expectedCloseOn', 'closedOn'];
/** The parts of a recurring value. */
export const RECURRING_FIELDS = ['mrr', 'arr', 'acv', 'tcv', 'termMonths'] as const;
const MAP_KEYS: readonly string[] = [
  'id',
  'stageId',
  'name',
  'accountId',
  'ownerId',
  'pipelineId',
  'status',
  'amount',
  'currency',
  'probability',
  ...DATE_FIELDS,
  'forecastCategory',
  'kind',
  'source',
  'market',
  'lossReason',
  'recurring',
  ...LIST_FIELDS,
  'custom',
];
const REQUIRABLE: readonly DealRowField[] = [
  'name',
  'accountId',
  'ownerId',
  'amount',
  'probability',
  'createdOn',
  'expectedCloseOn',
  'closedOn',
  'forecastCategory',
  'kind',
  'source',
  'market',
  'lossReason',
];
const OPTION_KEYS: readonly string[] = [
  'map',
  'stages',
  'statuses',
  'pipeline',
  'pipelineId',
  'currency',
  'dateFormat',
  'timeZone',
  'amountFormat',
  'probabilityScale',
  'replace',
  'required',
  'unreadable',
  'keepUnknown',
];
const DATE_FORMATS: readonly DealDateFormat[] = ['iso', 'm/d/yyyy', 'd/m/yyyy', 'epoch-ms'];
const AMOUNT_FORMATS: readonly DealAmountFormat[] = ['plain', 'en', 'eu'];
const DEFAULT_PIPELINE_ID = 'b2b';

/** A column, or a function of the row. */
export type Source = string | ((row: never) => unknown);

/** The options, checked, with everything that the sources of fields come to. */
export interface Settings {
  readonly sources: ReadonlyMap<string, Source>;
  readonly replacements: readonly Replacement[];
  readonly replaceOf: ReadonlyMap<string, ReadonlyMap<string, Replacement>>;
  readonly stageMap: StageMap;
  readonly statuses: ReadonlyMap<string, DealStatus> | undefined;
  readonly pipelineId: string;
  readonly currency: string | undefined;
  readonly clock: ZoneClock | undefined;
  readonly dateFormatOf: (field: DealDateField) => DealDateFormat;
  readonly amountFormat: DealAmountFormat;
  readonly probabilityScale: 'fraction' | 'percent';
  readonly required: readonly DealRowField[];
  readonly unreadableIsFatal: boolean;
  readonly keepUnknown: boolean;
}

/**
 * Reads the options.
 *
 * @throws DomainError with everything that is wrong with them
 */
export function readSettings(options: unknown, rows: unknown): Settings {
  const problems: IssueSink = [];
  if (!Array.isArray(rows)) problems.push(createIssue('invalid_type', ['rows'], { expected: 'a list of rows', received: rows }));
  const record = checkRecord(options, ['options'], problems, 'an object of options') ?? {};
  checkKeys(record, OPTION_KEYS, [], problems);
  const option = (key: string): unknown => ownField(record, key);
  const oneOf = <const T extends string>(key: string, allowed: readonly T[], fallback: T): T =>
    option(key) === undefined ? fallback : (checkOneOf(option(key), allowed, [key], problems) ?? fallback);
  const sources = readSources(option('map'), problems);
  const { replacements, replaceOf } = readReplacements(option('replace'), sources, problems);
  const clock = option('timeZone') === undefined ? undefined : readZone(option('timeZone'), ['timeZone']);
  if (clock !== undefined && 'code' in clock) problems.push(clock);
  const dateFormatOf = readDateFormats(option('dateFormat'), clock !== undefined, problems);
  const currency = option('currency');
  if (currency !== undefined) {
    const issue = currencyIssue(currency, ['currency']);
    if (issue !== undefined) problems.push(issue);
  } else if (!sources.has('currency') && ['amount', 'recurring.mrr', 'recurring.arr', 'recurring.acv', 'recurring.tcv'].some((field) => sources.has(field))) {
    problems.push(createIssue('missing_key', ['currency'], { expected: 'the currency of the amounts, such as "USD", or a column for it (map.currency)' }));
  }
  const stageMap = readStageMap(option('stages'), option('pipeline'), problems);
  const pipelineId = option('pipelineId') === undefined ? (stageMap.pipelineId ?? DEFAULT_PIPELINE_ID) : checkId(option('pipelineId'), ['pipelineId'], problems);
  const required: DealRowField[] = [];
  if (option('required') !== undefined) {
    checkList(option('required'), ['required'], problems)?.forEach((field, index) => {
      const known = checkOneOf(field, REQUIRABLE, ['required', index], problems);
      if (known !== undefined) required.push(known);
    });
  }
  const settings: Settings = {
    sources,
    replacements,
    replaceOf,
    stageMap,
    statuses: readStatuses(option('statuses'), problems),
    pipelineId: pipelineId ?? DEFAULT_PIPELINE_ID,
    currency: typeof currency === 'string' ? currency : undefined,
    clock: clock === undefined || 'code' in clock ? undefined : clock,
    dateFormatOf,
    amountFormat: oneOf('amountFormat', AMOUNT_FORMATS, 'plain'),
    probabilityScale: oneOf('probabilityScale', ['fraction', 'percent'], 'fraction'),
    required,
    unreadableIsFatal: oneOf('unreadable', ['set-aside', 'absent'], 'set-aside') === 'set-aside',
    keepUnknown: option('keepUnknown') === undefined ? false : (checkBoolean(option('keepUnknown'), ['keepUnknown'], problems) ?? false),
  };
  throwIfIssues(problems, { name: 'InvalidOptionsError', summary: `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in the options of parseDeals` });
  return settings;
}

/** The sources of all fields by their path: `amount`, `recurring.mrr`, `custom.region`. */
function readSources(map: unknown, problems: IssueSink): ReadonlyMap<string, Source> {
  const sources = new Map<string, Source>();
  const record = checkRecord(map, ['map'], problems, 'a map from fields to columns');
  if (record === undefined) return sources;
  checkKeys(record, MAP_KEYS, ['map'], problems);
  for (const key of ['id', 'stageId']) {
    if (!Object.hasOwn(record, key)) problems.push(createIssue('missing_key', ['map', key], { expected: 'a column, or a function of the row' }));
  }
  const add = (field: string, source: unknown, path: readonly string[]): void => {
    if (typeof source === 'function') sources.set(field, source as Source);
    else {
      const column = checkText(source, path, problems, { expected: 'a column, or a function of the row' });
      if (column === undefined) return;
      if (isReservedKey(column)) problems.push(createIssue('reserved_key', path, { received: column }));
      else sources.set(field, column);
    }
  };
  for (const key of MAP_KEYS) {
    if (key === 'recurring' || key === 'custom' || !Object.hasOwn(record, key)) continue;
    add(key, record[key], ['map', key]);
  }
  for (const group of ['recurring', 'custom']) {
    if (!Object.hasOwn(record, group)) continue;
    const fields = checkRecord(record[group], ['map', group], problems);
    if (fields === undefined) continue;
    if (group === 'recurring') checkKeys(fields, RECURRING_FIELDS, ['map', group], problems);
    for (const key of Object.keys(fields)) {
      if (isReservedKey(key)) problems.push(createIssue('reserved_key', ['map', group, key], { received: key }));
      else add(`${group}.${key}`, fields[key], ['map', group, key]);
    }
  }
  return sources;
}

function readReplacements(
  value: unknown,
  sources: ReadonlyMap<string, Source>,
  problems: IssueSink,
): { readonly replacements: readonly Replacement[]; readonly replaceOf: ReadonlyMap<string, ReadonlyMap<string, Replacement>> } {
  const replacements: Replacement[] = [];
  const replaceOf = new Map<string, ReadonlyMap<string, Replacement>>();
  const record = value === undefined ? undefined : checkRecord(value, ['replace'], problems, 'a map from fields to replacements');
  if (record === undefined) return { replacements, replaceOf };
  for (const key of Object.keys(record)) {
    const fields = fieldsNamed(key, sources);
    if (fields.length === 0) {
      const near = nearestText(key, [...sources.keys(), ...[...sources.values()].filter((source) => typeof source === 'string')]);
      problems.push(
        createIssue('unknown_key', ['replace', key], { expected: 'a field or column of map', received: key, ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }) }),
      );
    }
    const texts = checkRecord(record[key], ['replace', key], problems, 'a map from texts to texts');
    if (texts === undefined) continue;
    for (const field of fields) {
      const source = sources.get(field);
      const byText = new Map(replaceOf.get(field));
      for (const from of Object.keys(texts)) {
        const to = checkText(texts[from], ['replace', key, from], problems, { allowEmpty: true });
        if (to === undefined || to === from) continue;
        const replacement: Replacement = { field, column: typeof source === 'string' ? source : null, from, to, rows: 0 };
        byText.set(from, replacement);
        replacements.push(replacement);
      }
      replaceOf.set(field, byText);
    }
  }
  return { replacements, replaceOf };
}

/** The fields that a key of `replace` means: a field, a custom field by its short name, or all fields that come from a column. */
function fieldsNamed(key: string, sources: ReadonlyMap<string, Source>): readonly string[] {
  if (sources.has(key)) return [key];
  if (sources.has(`custom.${key}`)) return [`custom.${key}`];
  return [...sources].filter(([, source]) => source === key).map(([field]) => field);
}

function readStatuses(value: unknown, problems: IssueSink): ReadonlyMap<string, DealStatus> | undefined {
  const record = value === undefined ? undefined : checkRecord(value, ['statuses'], problems, 'a map from status values to statuses');
  if (record === undefined) return undefined;
  const statuses = new Map<string, DealStatus>();
  for (const key of Object.keys(record)) {
    const status = checkOneOf(record[key], DEAL_STATUSES, ['statuses', key], problems);
    if (status !== undefined) statuses.set(key, status);
  }
  return statuses;
}

function readDateFormats(value: unknown, hasZone: boolean, problems: IssueSink): (field: DealDateField) => DealDateFormat {
  const formats = new Map<string, DealDateFormat>();
  const read = (format: unknown, path: readonly string[]): DealDateFormat => {
    const known = format === undefined ? 'iso' : (checkOneOf(format, DATE_FORMATS, path, problems) ?? 'iso');
    if (known === 'epoch-ms' && !hasZone) problems.push(createIssue('missing_key', ['timeZone'], { expected: 'the time zone by which milliseconds fall on a day, often "UTC"' }));
    return known;
  };
  if (isPlainRecord(value)) {
    checkKeys(value, DATE_FIELDS, ['dateFormat'], problems);
    for (const field of DATE_FIELDS) if (Object.hasOwn(value, field)) formats.set(field, read(value[field], ['dateFormat', field]));
    return (field) => formats.get(field) ?? 'iso';
  }
  const format = read(value, ['dateFormat']);
  return () => format;
}
