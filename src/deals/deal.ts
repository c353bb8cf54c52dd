import type { Money } from '../money/money.js';
import type { PlainDate } from '../calendar/plain-date.js';
import type { DealEvent, EventTime } from './deal-event.js';

/**
 * `open` until it is `won` or `lost`; `deleted` deals were removed or merged and count nowhere.
 *
 * @category deals
 */
export type DealStatus = 'open' | 'won' | 'lost' | 'deleted';

/**
 * New business, growth of an existing customer, or renewal.
 *
 * @category deals
 */
export type DealKind = 'new' | 'expansion' | 'renewal';

/**
 * Business, consumer or government market.
 *
 * @category deals
 */
export type DealMarket = 'b2b' | 'b2c' | 'b2g';

/**
 * One product or service on a deal.
 *
 * @category deals
 */
export interface LineItem {
  readonly id: string;
  readonly productId: string;
  readonly name?: string;
  /** Number of units, exact decimal text. */
  readonly quantity: string;
  /** Price of one unit before discount. */
  readonly unitPrice: Money;
  /** Fraction taken off, 0 to 1, decimal text. */
  readonly discount?: string;
  /** Cost of one unit, for margins. */
  readonly unitCost?: Money;
  /** Months of a recurring item; absent for one-off items. */
  readonly termMonths?: number;
}

/**
 * A share of a deal. `revenue` shares must sum to exactly 1; `overlay` shares are free and never enter company totals.
 *
 * @category deals
 */
export interface DealSplit {
  readonly payeeId: string;
  readonly kind: 'revenue' | 'overlay';
  /** Fraction, exact decimal text: `'0.6'`. */
  readonly share: string;
}

/**
 * The part a contact plays in the purchase. The four of Miller Heiman plus those that CRMs know.
 *
 * @category deals
 */
export type BuyingRole =
  | 'economic-buyer'
  | 'user-buyer'
  | 'technical-buyer'
  | 'coach'
  | 'champion'
  | 'decision-maker'
  | 'influencer'
  | 'procurement'
  | 'legal'
  | 'blocker'
  | 'other';

/**
 * A contact's role on this deal: it belongs to the pair of deal and contact, not to the contact.
 *
 * @category deals
 */
export interface Stakeholder {
  readonly contactId: string;
  readonly role: BuyingRole;
  readonly name?: string;
  readonly title?: string;
}

/**
 * Something that was done, or is planned, on a deal.
 *
 * @category deals
 */
export interface Activity {
  readonly id: string;
  /** `call`, `email`, `meeting`, `demo`, `proposal`, or a type of your own. */
  readonly type: string;
  readonly at: EventTime;
  readonly outcome?: string;
  readonly contactIds?: readonly string[];
}

/**
 * The recurring value of a deal. All amounts share the deal's currency.
 *
 * @category deals
 */
export interface RecurringValue {
  /** Monthly recurring revenue. */
  readonly mrr?: Money;
  /** Annual recurring revenue. */
  readonly arr?: Money;
  /** Annual contract value. */
  readonly acv?: Money;
  /** Total contract value over the term, one-off parts included. */
  readonly tcv?: Money;
  /** Length of the contract in months. */
  readonly termMonths?: number;
}

/**
 * A deal (opportunity): one possible sale. Absent figures are `null`, never 0.
 *
 * @typeParam Custom - the shape of your own fields, kept under `custom`
 * @category deals
 */
export interface Deal<Custom extends object = Record<string, unknown>> {
  readonly id: string;
  readonly name?: string;
  readonly accountId?: string;
  /** Who owns the deal; sellers are payees elsewhere. */
  readonly ownerId?: string;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly status: DealStatus;
  /** Value of the deal, or `null` if not known. */
  readonly amount: Money | null;
  /** The deal's own probability, 0 to 1, overriding that of its stage; `null` means: take the stage's. */
  readonly probability: number | null;
  /** First day of the sales cycle, or `null` if not recorded. */
  readonly createdOn: PlainDate | null;
  /** When an open deal is expected to close. */
  readonly expectedCloseOn: PlainDate | null;
  /** When a won or lost deal closed. */
  readonly closedOn: PlainDate | null;
  /** Picked for this deal; absent means: take the stage's. */
  readonly forecastCategory?: string;
  readonly kind?: DealKind;
  /** Where the deal came from: `inbound`, `outbound`, `referral`, `partner`, … */
  readonly source?: string;
  readonly market?: DealMarket;
  readonly recurring?: RecurringValue;
  readonly lossReason?: string;
  readonly lineItems: readonly LineItem[];
  readonly splits: readonly DealSplit[];
  readonly stakeholders: readonly Stakeholder[];
  readonly activities: readonly Activity[];
  /** Append-only, in order of time; date-only events of one day keep their order. */
  readonly history: readonly DealEvent[];
  readonly custom: Custom;
}
