/*
 * Names of deal fields, as stages require them and segments group by them: `amount`, `recurring.arr`, `custom.region`. Not a public entry.
 */
import { isPlainRecord, isReservedKey, nearestText } from '../errors/checks.js';

const FIELDS: readonly string[] = [
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
  'recurring',
  'recurring.mrr',
  'recurring.arr',
  'recurring.acv',
  'recurring.tcv',
  'recurring.termMonths',
  'lineItems',
  'splits',
  'stakeholders',
  'activities',
];

/** Fields every deal has anyway: of no use as a requirement, but good to group by. */
const IDENTITY_FIELDS: readonly string[] = ['id', 'pipelineId', 'stageId', 'status'];

/** What a field name may be, for messages. */
export const EXPECTED_DEAL_FIELD = 'a field of a deal such as "amount", or "custom.…"';

/** Whether a name is a field that may be absent: what a stage can require. */
export function isOptionalDealField(name: string): boolean {
  return FIELDS.includes(name) || isCustomField(name);
}

/** Whether a name is any readable field of a deal. */
export function isDealField(name: string): boolean {
  return isOptionalDealField(name) || IDENTITY_FIELDS.includes(name);
}

/** The field that was most likely meant, as a hint. */
export function dealFieldHint(name: string): string | undefined {
  const near = nearestText(name, FIELDS);
  if (near !== undefined) return `did you mean "${near}"?`;
  return /^[A-Za-z_][\w-]*$/.test(name) && name.length <= 60 && !isReservedKey(name) ? `a field of your own is written "custom.${name}"` : undefined;
}

function isCustomField(name: string): boolean {
  if (!name.startsWith('custom.')) return false;
  return name.split('.').every((part) => part !== '' && !isReservedKey(part));
}

/** The value of a field, or undefined. Only own properties are read, so no name reaches a prototype. */
export function readDealField(deal: unknown, name: string): unknown {
  let value: unknown = deal;
  for (const part of name.split('.')) {
    if (!isPlainRecord(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

/** Whether a field is filled in: neither absent, null, an empty text nor an empty list. Zero and false are values. */
export function hasDealField(deal: unknown, name: string): boolean {
  const value = readDealField(deal, name);
  if (value === undefined || value === null || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  if (name === 'recurring' && isPlainRecord(value)) return Object.keys(value).length > 0;
  return true;
}
