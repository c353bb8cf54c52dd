import type { PlainDate } from '../calendar/plain-date.js';
import type { TERRITORY_FIELDS } from './account.js';
import type { FieldTest } from './record-filter.js';

/**
 * What a territory is drawn by.
 *
 * - `geographic`: country, region, city, postal code
 * - `industry`: line of business
 * - `account-size`: employees or revenue
 * - `named-account`: a list of accounts
 * - `product`: what is sold
 * - `hybrid`: several of these
 *
 * @category organization
 */
export type TerritoryKind = 'geographic' | 'industry' | 'account-size' | 'named-account' | 'product' | 'hybrid';

/**
 * Every {@link TerritoryKind}.
 *
 * @category organization
 */
export const TERRITORY_KINDS: readonly TerritoryKind[] = ['geographic', 'industry', 'account-size', 'named-account', 'product', 'hybrid'];

/**
 * A field of an account, or of what is sold to it, that a territory may set conditions on; your own ones under `attributes.`.
 *
 * @category organization
 */
export type TerritoryField = (typeof TERRITORY_FIELDS)[number] | `attributes.${string}`;

/**
 * Which accounts are meant, as data: every condition must hold. `any` holds if one of its filters does, `not` if its filter does not. A field that is
 * absent meets no condition but `null`. Texts are compared exactly, upper and lower case apart.
 *
 * @example
 * ```ts
 * import type { TerritoryFilter } from 'dealwright/organization';
 * const attica: TerritoryFilter = { country: 'GR', postalCode: { prefix: ['10', '11'] }, employees: { from: '50' }, not: { industry: { in: ['public'] } } };
 * ```
 * @category organization
 */
export type TerritoryFilter = { readonly [Field in TerritoryField]?: FieldTest } & {
  /** At least one of these must hold. */
  readonly any?: readonly TerritoryFilter[];
  /** All of these must hold. */
  readonly all?: readonly TerritoryFilter[];
  /** This must not hold. */
  readonly not?: TerritoryFilter;
};

/**
 * A territory: which accounts belong together, by conditions. Who works it is a {@link TerritoryAssignment}.
 *
 * @category organization
 */
export interface Territory {
  /** Unique among the territories. */
  readonly id: string;
  /** What it is called. */
  readonly name?: string;
  /** What it is drawn by. */
  readonly kind: TerritoryKind;
  /** Which accounts belong to it. */
  readonly where: TerritoryFilter;
  /** Higher goes first. Default 0, for `named-account` 100: a named account beats geography unless you say otherwise. */
  readonly priority?: number;
  /** When it was made: of two with equal priority and specificity the older goes first. */
  readonly createdOn?: PlainDate;
  /** First day it is in force. Default: always was. */
  readonly from?: PlainDate;
  /** First day no longer in force. */
  readonly to?: PlainDate;
}

/**
 * Who works a territory, from when to when.
 *
 * @category organization
 */
export interface TerritoryAssignment {
  /** The territory. */
  readonly territoryId: string;
  /** Who works it. */
  readonly memberId: string;
  /** First day. */
  readonly from: PlainDate;
  /** First day no longer; absent while it goes on. */
  readonly to?: PlainDate;
  /** `owner` (default), of whom there is one on a day, or a role of your own: `se`, `overlay`. */
  readonly role?: string;
}
