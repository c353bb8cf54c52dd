/*
 * From rows to deals: one reader per column, made once; then one pass over the rows. Not a public entry.
 */
import { isPlainRecord, isReservedKey, type PlainRecord } from '../errors/checks.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { padAmount } from '../money/canonical-amount.js';
import { exponentOf } from '../money/currencies.js';
import type { Money } from '../money/money.js';
import { DEAL_KINDS, DEAL_MARKETS, DEAL_STATUSES, type Deal, type DealStatus, type RecurringValue } from './deal.js';
import type { DealDateField, ParsedDeals, RejectedRow } from './parse-deals-options.js';
import { DATE_FIELDS, LIST_FIELDS, RECURRING_FIELDS, readSettings, type Source } from './parse-deals-settings.js';
import {
  amountReader,
  type Cell,
  type CellReader,
  cellOf,
  choiceReader,
  currencyReader,
  dateReader,
  decimalReader,
  hasThrown,
  monthsReader,
  probabilityReader,
  type RowReport,
  replacingCell,
  textReader,
  unreadable,
} from './row-readers.js';
import { checkDeal } from './validate-deal.js';
import { checkCustom } from './validate-deal-parts.js';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Text fields, and whether they are ids. */
const TEXT_FIELDS = { name: false, accountId: true, ownerId: true, forecastCategory: false, source: false, lossReason: false } as const;
/** Everything but the generic type. */
export type ParsedRows = ParsedDeals<object>;

/** Makes the readers once, then reads row by row. */
export function parseRows(options: unknown, rows: readonly unknown[]): ParsedRows {
  const settings = readSettings(options, rows);
  const { sources, replaceOf, stageMap } = settings;
  const issues: Issue[] = [];
  const report: RowReport = { issues, fatal: false, row: 0, unreadableIsFatal: settings.unreadableIsFatal, lastThrown: { message: '' } };

  const cellFor = (field: string): Cell | undefined => {
    const source = sources.get(field);
    if (source === undefined) return undefined;
    const cell = cellOf(source, field, report);
    const replacements = replaceOf.get(field);
    return replacements === undefined ? cell : replacingCell(cell, replacements);
  };
  const absent = (): null => null;
  const make = <T>(field: string, reader: (cell: Cell) => CellReader<T>): CellReader<T> => {
    const cell = cellFor(field);
    return cell === undefined ? absent : reader(cell);
  };
  const labelOf = (field: string): string => {
    const source = sources.get(field);
    return typeof source === 'string' ? source : field;
  };

  // id and stage are vital whatever `unreadable` says.
  const vital: RowReport = { ...report, issues, unreadableIsFatal: true };
  const idCell = cellOf(sources.get('id') ?? 'id', 'id', vital);
  const stageCell = cellOf(sources.get('stageId') ?? 'stageId', 'stageId', vital);
  const replacedStage = replaceOf.get('stageId');
  const replacedId = replaceOf.get('id');
  const readId = textReader(replacedId === undefined ? idCell : replacingCell(idCell, replacedId), vital, true);
  const readStage = textReader(replacedStage === undefined ? stageCell : replacingCell(stageCell, replacedStage), vital, true);
  const statuses = settings.statuses;
  const readStatus = make('status', (cell) => (statuses === undefined ? choiceReader(cell, vital, DEAL_STATUSES) : statusReader(cell, vital, statuses)));
  const readPipelineId = sources.has('pipelineId') ? make('pipelineId', (cell) => textReader(cell, report, true)) : undefined;

  const readCurrency = sources.has('currency') ? make('currency', (cell) => currencyReader(cell, report)) : undefined;
  const readMoneyOf = (field: string): ((row: PlainRecord) => Money | null) | undefined => {
    const cell = cellFor(field);
    if (cell === undefined) return undefined;
    const { currency } = settings;
    if (readCurrency === undefined && currency !== undefined) {
      const read = amountReader(cell, report, settings.amountFormat, currency);
      return (row) => {
        const amount = read(row);
        return amount === null ? null : { amount, currency };
      };
    }
    const read = decimalReader(cell, report, settings.amountFormat);
    return (row) => {
      const decimal = read(row);
      if (decimal === null) return null;
      const own = readCurrency?.(row) ?? currency;
      if (own === undefined)
        return unreadable(report, cell, decimal, 'invalid_currency', {
          expected: `a currency in "${labelOf('currency')}", or options.currency`,
          hint: 'this amount has no currency',
        });
      return { amount: padAmount(decimal, exponentOf(own)), currency: own };
    };
  };
  const readAmount = readMoneyOf('amount');
  const readProbability = sources.has('probability') ? make('probability', (cell) => probabilityReader(cell, report, settings.probabilityScale)) : undefined;
  const dateOf = (field: DealDateField) => (sources.has(field) ? make(field, (cell) => dateReader(cell, report, settings.dateFormatOf(field), settings.clock)) : undefined);
  const readCreatedOn = dateOf('createdOn');
  const readExpectedCloseOn = dateOf('expectedCloseOn');
  const readClosedOn = dateOf('closedOn');
  const closedOnIsExpected = sources.get('closedOn') === sources.get('expectedCloseOn');
  const textOf = (field: keyof typeof TEXT_FIELDS) => (sources.has(field) ? make(field, (cell) => textReader(cell, report, TEXT_FIELDS[field])) : undefined);
  const readName = textOf('name');
  const readAccountId = textOf('accountId');
  const readOwnerId = textOf('ownerId');
  const readForecastCategory = textOf('forecastCategory');
  const readSource = textOf('source');
  const readLossReason = textOf('lossReason');
  const readKind = sources.has('kind') ? make('kind', (cell) => choiceReader(cell, report, DEAL_KINDS)) : undefined;
  const readMarket = sources.has('market') ? make('market', (cell) => choiceReader(cell, report, DEAL_MARKETS)) : undefined;
  const readRecurring = recurringReader(sources, readMoneyOf, (field) => make(field, (cell) => monthsReader(cell, report)));
  const readCustom = customReader(sources, cellFor, report);
  const lists = LIST_FIELDS.flatMap((field) => {
    const cell = cellFor(field);
    return cell === undefined ? [] : [{ field, get: cell.get, label: cell.label }];
  });

  const columns = new Set([...sources.values()].filter((source) => typeof source === 'string'));
  const ignored = new Set<string>();
  const customNames = new Set([...sources.keys()].filter((field) => field.startsWith('custom.')).map((field) => field.slice(7)));
  let lastKeys: readonly string[] = [];
  let extraKeys: readonly string[] = [];
  const noteColumns = (row: PlainRecord): void => {
    // Rows of one export have the same columns in the same order: walking along them costs less than a list of them.
    let position = 0;
    let same = true;
    for (const key in row) {
      if (key !== lastKeys[position]) {
        same = false;
        break;
      }
      position += 1;
    }
    if (same && position === lastKeys.length) return;
    const keys = Object.keys(row);
    lastKeys = keys;
    const extra = keys.filter((key) => !columns.has(key));
    if (settings.keepUnknown) {
      extraKeys = extra.filter((key) => !isReservedKey(key) && !customNames.has(key));
      for (const key of extra) if (isReservedKey(key) || customNames.has(key)) ignored.add(key);
    } else for (const key of extra) ignored.add(key);
  };

  // All deals share one empty list, frozen: a list of its own for every field of every deal costs as much as all the reading.
  const none: readonly never[] = Object.freeze([]);
  const deals: Deal<object>[] = [];
  const rejected: RejectedRow[] = [];
  const ids = new Set<string>();
  const counts = { open: 0, won: 0, lost: 0, deleted: 0 };
  let withoutAmount = 0;

  const readRow = (row: PlainRecord): Mutable<Deal<object>> | null => {
    const id = readId(row);
    const stageName = readStage(row);
    const ownStatus = readStatus(row);
    if (id === null || stageName === null) {
      if (id === null && !vital.fatal) issues.push(createIssue('missing_key', [report.row, labelOf('id')], { expected: 'an id' }));
      if (stageName === null && !vital.fatal) issues.push(createIssue('missing_key', [report.row, labelOf('stageId')], { expected: 'a stage' }));
      return null;
    }
    const stage = stageMap.find(stageName, ownStatus !== null);
    if ('code' in stage) {
      issues.push({ ...stage, path: [report.row, labelOf('stageId')] });
      return null;
    }
    stage.rows += 1;
    const status = ownStatus ?? stage.status ?? 'open';
    let closedOn = readClosedOn === undefined ? null : readClosedOn(row);
    if (closedOn !== null && status === 'open') {
      if (!closedOnIsExpected) {
        issues.push(
          createIssue('inconsistent_status', [report.row, labelOf('closedOn')], { expected: 'no close date while the deal is open; it was left out', received: closedOn }),
        );
      }
      closedOn = null;
    }
    const deal: Mutable<Deal<object>> = {
      id,
      pipelineId: readPipelineId?.(row) ?? settings.pipelineId,
      stageId: stage.stageId,
      status,
      amount: readAmount === undefined ? null : readAmount(row),
      probability: readProbability === undefined ? null : readProbability(row),
      createdOn: readCreatedOn === undefined ? null : readCreatedOn(row),
      expectedCloseOn: readExpectedCloseOn === undefined ? null : readExpectedCloseOn(row),
      closedOn,
      lineItems: none,
      splits: none,
      stakeholders: none,
      activities: none,
      history: none,
      custom: readCustom(row, extraKeys),
    };
    if (readName !== undefined) {
      const name = readName(row);
      if (name !== null) deal.name = name;
    }
    if (readAccountId !== undefined) {
      const accountId = readAccountId(row);
      if (accountId !== null) deal.accountId = accountId;
    }
    if (readOwnerId !== undefined) {
      const ownerId = readOwnerId(row);
      if (ownerId !== null) deal.ownerId = ownerId;
    }
    if (readForecastCategory !== undefined) {
      const forecastCategory = readForecastCategory(row);
      if (forecastCategory !== null) deal.forecastCategory = forecastCategory;
    }
    if (readKind !== undefined) {
      const kind = readKind(row);
      if (kind !== null) deal.kind = kind;
    }
    if (readSource !== undefined) {
      const source = readSource(row);
      if (source !== null) deal.source = source;
    }
    if (readMarket !== undefined) {
      const market = readMarket(row);
      if (market !== null) deal.market = market;
    }
    if (readLossReason !== undefined) {
      const lossReason = readLossReason(row);
      if (lossReason !== null) deal.lossReason = lossReason;
    }
    if (readRecurring !== undefined) {
      const recurring = readRecurring(row);
      if (recurring !== null) deal.recurring = recurring;
    }
    return deal;
  };

  // The gaps that a large part of an export may have: made once, placed in each row.
  const withoutAmountIssue = createIssue('missing_amount', [], { expected: 'an amount', hint: 'the deal is kept without one: it counts, but not by value' });
  const withoutStartIssue = createIssue('missing_date', [], { expected: 'the first day of the deal', hint: 'the deal is kept; its age and cycle are not known' });
  const amountLabel = labelOf('amount');
  const createdOnLabel = labelOf('createdOn');
  const reportGaps = (deal: Deal<object>): void => {
    const { row } = report;
    if (deal.amount === null && readAmount !== undefined) {
      issues.push({ ...withoutAmountIssue, path: [row, amountLabel] });
    }
    if (deal.createdOn === null && readCreatedOn !== undefined) {
      issues.push({ ...withoutStartIssue, path: [row, createdOnLabel] });
    }
    if (deal.closedOn === null) {
      if (readClosedOn !== undefined && (deal.status === 'won' || deal.status === 'lost')) {
        issues.push(
          createIssue('missing_date', [row, labelOf('closedOn')], { expected: `the day on which the deal was ${deal.status}`, hint: 'the deal is kept; it belongs to no period' }),
        );
      }
    } else if (deal.createdOn !== null && deal.closedOn < deal.createdOn) {
      issues.push(
        createIssue('negative_cycle', [row, labelOf('closedOn')], { expected: `a day from ${deal.createdOn} on`, received: deal.closedOn, hint: 'the deal is kept as it is' }),
      );
    }
  };

  /** Lists and recurring values are checked as a whole, with the rest of the deal. */
  const checkWhole = (deal: Mutable<Deal<object>>, row: PlainRecord): boolean => {
    for (const { field, get, label } of lists) {
      const value = get(row);
      if (value === '' || value === null || value === undefined) continue;
      if (!Array.isArray(value)) unreadable(vital, { get, label }, value, 'invalid_type', { expected: 'a list' });
      // Checked just below, with the whole deal.
      else Object.assign(deal, { [field]: value });
    }
    const found: Issue[] = [];
    checkDeal(deal, found);
    for (const issue of found) {
      const [field, ...rest] = issue.path;
      issues.push({ ...issue, path: [report.row, labelOf(String(field)), ...rest] });
    }
    return found.length === 0 && !vital.fatal;
  };

  const requiredAbsent = (deal: Deal<object>): boolean => {
    let found = false;
    for (const field of settings.required) {
      if (deal[field] !== null && deal[field] !== undefined) continue;
      // What is merely a gap elsewhere was reported as one already.
      const code = field === 'amount' ? 'missing_amount' : DATE_FIELDS.some((date) => date === field) ? 'missing_date' : 'missing_key';
      issues.push(createIssue(code, [report.row, labelOf(field)], { expected: 'a value: the field is required' }));
      found = true;
    }
    return found;
  };

  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index];
    const start = issues.length;
    report.row = index;
    report.fatal = false;
    vital.row = index;
    vital.fatal = false;
    if (!isPlainRecord(row)) {
      issues.push(createIssue('invalid_type', [index], { expected: 'a row: an object', received: row }));
      rejected.push({ row: index, id: null, issues: issues.slice(start) });
      continue;
    }
    noteColumns(row);
    const deal = readRow(row);
    let usable = deal !== null && !report.fatal && !vital.fatal;
    if (deal !== null) {
      if ((lists.length > 0 || deal.recurring !== undefined) && !checkWhole(deal, row)) usable = false;
      if (settings.required.length > 0 && requiredAbsent(deal)) usable = false;
      if (usable) {
        const { size } = ids;
        // One look-up instead of two: an id that was there does not make the set grow.
        if (ids.add(deal.id).size === size) {
          issues.push(createIssue('duplicate_id', [index, labelOf('id')], { expected: 'an id that did not occur in an earlier row', received: deal.id }));
          usable = false;
        }
      }
    }
    if (deal === null || !usable) {
      rejected.push({ row: index, id: deal?.id ?? null, issues: issues.slice(start) });
      continue;
    }
    reportGaps(deal);
    deals.push(deal);
    counts[deal.status] += 1;
    if (deal.amount === null) withoutAmount += 1;
  }
  return {
    deals,
    issues,
    rejected,
    stages: stageMap.used().map((stage) => ({ ...stage })),
    changes: settings.replacements.filter((replacement) => replacement.rows > 0).map((replacement) => ({ ...replacement })),
    ignoredColumns: [...ignored],
    counts: { rows: rows.length, deals: deals.length, rejected: rejected.length, ...counts, withoutAmount },
  };
}

function statusReader(cell: Cell, report: RowReport, statuses: ReadonlyMap<string, DealStatus>): CellReader<DealStatus> {
  const { get } = cell;
  return (row) => {
    const value = get(row);
    if (value === '' || value === null || value === undefined) return null;
    const status = typeof value === 'string' ? statuses.get(value) : typeof value === 'number' || typeof value === 'boolean' ? statuses.get(String(value)) : undefined;
    return status ?? unreadable(report, cell, value, 'invalid_value', { expected: `one of ${[...statuses.keys()].slice(0, 20).join(', ')}`, hint: 'add it to statuses' });
  };
}

function recurringReader(
  sources: ReadonlyMap<string, Source>,
  readMoneyOf: (field: string) => ((row: PlainRecord) => Money | null) | undefined,
  readMonthsOf: (field: string) => CellReader<number>,
): ((row: PlainRecord) => RecurringValue | null) | undefined {
  const readers = RECURRING_FIELDS.flatMap((field) => {
    const path = `recurring.${field}`;
    const read: CellReader<Money | number> | undefined = !sources.has(path) ? undefined : field === 'termMonths' ? readMonthsOf(path) : readMoneyOf(path);
    return read === undefined ? [] : [{ field, read }];
  });
  if (readers.length === 0) return undefined;
  return (row) => {
    const recurring: Record<string, Money | number> = {};
    let any = false;
    for (const { field, read } of readers) {
      const value = read(row);
      if (value === null) continue;
      recurring[field] = value;
      any = true;
    }
    return any ? recurring : null;
  };
}

/** Own fields: texts, numbers and booleans as they are, lists and objects if they are JSON; empty texts are absent. */
function customReader(
  sources: ReadonlyMap<string, Source>,
  cellFor: (field: string) => Cell | undefined,
  report: RowReport,
): (row: PlainRecord, extraKeys: readonly string[]) => object {
  const fields = [...sources.keys()].filter((field) => field.startsWith('custom.'));
  const keys = fields.map((field) => field.slice(7));
  const cells = fields.map(cellFor).filter((cell) => cell !== undefined);
  const { length } = cells;
  const valueOf = (value: unknown, cell: Cell): unknown => {
    if (typeof value === 'string') return value === '' ? null : value;
    if (value === undefined || value === null) return null;
    if (hasThrown(value)) return unreadable(report, cell, value, 'invalid_value');
    if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value;
    const found: Issue[] = [];
    checkCustom({ value }, [], found);
    const [first] = found;
    return first === undefined ? value : unreadable(report, cell, value, first.code, { expected: first.expected ?? 'a JSON value' });
  };
  return (row, extraKeys) => {
    // Keys were checked when the map was read, so none reaches a prototype.
    const custom: Record<string, unknown> = {};
    for (let index = 0; index < length; index += 1) {
      const cell = cells[index];
      const key = keys[index];
      if (cell !== undefined && key !== undefined) custom[key] = valueOf(cell.get(row), cell);
    }
    for (const key of extraKeys) custom[key] = valueOf(row[key], { get: (given) => given[key], label: key });
    return custom;
  };
}
