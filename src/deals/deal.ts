import type { PlainDate } from '../calendar/plain-date.js';
import type { Money } from '../money/money.js';
import type { DealEvent, EventTime } from './deal-event.js';

/**
 * `open` until it is `won` or `lost`; `deleted` deals were removed or merged and count nowhere.
 *
 * @category deals
 */
export type DealStatus = 'open' | 'won' | 'lost' | 'deleted';

/**
 * Every {@link DealStatus}.
 *
 * @category deals
 */
export const DEAL_STATUSES: readonly DealStatus[] = ['open', 'won', 'lost', 'deleted'];

/**
 * New business, growth of an existing customer, or renewal.
 *
 * @category deals
 */
export type DealKind = 'new' | 'expansion' | 'renewal';

/**
 * Every {@link DealKind}.
 *
 * @category deals
 */
export const DEAL_KINDS: readonly DealKind[] = ['new', 'expansion', 'renewal'];

/**
 * Business, consumer or government market.
 *
 * @category deals
 */
export type DealMarket = 'b2b' | 'b2c' | 'b2g';

/**
 * Every {@link DealMarket}.
 *
 * @category deals
 */
export const DEAL_MARKETS: readonly DealMarket[] = ['b2b', 'b2c', 'b2g'];

/**
 * One product or service on a deal.
 *
 * @category deals
 */
export interface LineItem {
  /** Unique within the deal. */
  readonly id: string;
  /** The product or service sold. */
  readonly productId: string;
  /** What it is called on the quote. */
  readonly name?: string;
  /** Number of units, exact decimal text. */
  readonly quantity: string;
  /** Price of one unit before discount; of a recurring item, the price for its whole term. */
  readonly unitPrice: Money;
  /** Fraction taken off, 0 to 1, decimal text. */
  readonly discount?: string;
  /** Cost of one unit, for margins; of a recurring item, over its whole term. */
  readonly unitCost?: Money;
  /** Months of a recurring item, for the record (the price covers them all); absent for one-off items. */
  readonly termMonths?: number;
}

/**
 * A share of a deal. `revenue` shares must sum to exactly 1; `overlay` shares are free and never enter company totals.
 *
 * @category deals
 */
export interface DealSplit {
  /** Who the share belongs to. */
  readonly payeeId: string;
  /** Whether it divides the deal (`revenue`) or is credited on top (`overlay`). */
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
 * Every {@link BuyingRole}.
 *
 * @category deals
 */
export const BUYING_ROLES: readonly BuyingRole[] = [
  'economic-buyer',
  'user-buyer',
  'technical-buyer',
  'coach',
  'champion',
  'decision-maker',
  'influencer',
  'procurement',
  'legal',
  'blocker',
  'other',
];

/**
 * A contact's role on this deal: it belongs to the pair of deal and contact, not to the contact.
 *
 * @category deals
 */
export interface Stakeholder {
  /** The contact. */
  readonly contactId: string;
  /** What they are to this purchase; one contact may hold several roles, each an entry of its own. */
  readonly role: BuyingRole;
  /** Their name. */
  readonly name?: string;
  /** Their job title. */
  readonly title?: string;
}

/**
 * Something that was done, or is planned, on a deal.
 *
 * @category deals
 */
export interface Activity {
  /** Unique within the deal. */
  readonly id: string;
  /** `call`, `email`, `meeting`, `demo`, `proposal`, or a type of your own. */
  readonly type: string;
  /** When it took place or is planned. */
  readonly at: EventTime;
  /** What came of it. */
  readonly outcome?: string;
  /** Who took part on the customer's side. */
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
  /** The id of the deal in its own system, as text. */
  readonly id: string;
  /** What the deal is called. */
  readonly name?: string;
  /** The customer. */
  readonly accountId?: string;
  /** Who owns the deal; sellers are payees elsewhere. */
  readonly ownerId?: string;
  /** The pipeline it runs through. */
  readonly pipelineId: string;
  /** The stage it is in; for a closed deal, the won or lost stage. */
  readonly stageId: string;
  /** Whether it is open, won, lost or deleted: independent of the stage. */
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
  /** New business, expansion or renewal. */
  readonly kind?: DealKind;
  /** Where the deal came from: `inbound`, `outbound`, `referral`, `partner`, … */
  readonly source?: string;
  /** Business, consumer or government. */
  readonly market?: DealMarket;
  /** Recurring revenue in it. */
  readonly recurring?: RecurringValue;
  /** Why it was lost. */
  readonly lossReason?: string;
  /** Products and services; their sum need not equal `amount`. */
  readonly lineItems: readonly LineItem[];
  /** Who shares in it. */
  readonly splits: readonly DealSplit[];
  /** Who takes part in the purchase. */
  readonly stakeholders: readonly Stakeholder[];
  /** What was done and is planned. */
  readonly activities: readonly Activity[];
  /** Append-only, in order of time; date-only events of one day keep their order. */
  readonly history: readonly DealEvent[];
  /** Your own fields: any JSON values. */
  readonly custom: Custom;
}
