import type { PlainDate } from '../calendar/plain-date.js';
import type { DealKind, DealMarket } from '../deals/deal.js';
import type { Money } from '../money/money.js';

/**
 * The portion of a sale that counts for one payee. Credits come from crediting rules, from your own system, or straight from a CRM export.
 * Unknown figures are absent or `null`, never 0. A refund is a credit with a negative amount that names the one it reverses.
 *
 * @category compensation
 */
export interface Credit {
  /** Unique among all credits ever passed for the payee; the same id twice is an issue, so nothing is paid twice. */
  readonly id: string;
  /** Who is paid. */
  readonly payeeId: string;
  /** The deal. */
  readonly dealId?: string;
  /** The day that decides period, plan version and rate (the incentive date). */
  readonly on: PlainDate;
  /** Credited value in the currency of the order. */
  readonly amount?: Money | null;
  /** What enters attainment where that differs from `amount`, for example weighted by product or staged by event: measured by `{ sum: 'quotaCredit' }`. */
  readonly quotaCredit?: Money;
  /** Number of units, exact decimal text. */
  readonly units?: string;
  /** Margin of the sale. */
  readonly margin?: Money;
  /** Annual contract value. */
  readonly acv?: Money;
  /** Total contract value. */
  readonly tcv?: Money;
  /** Annual recurring revenue. */
  readonly arr?: Money;
  /** Monthly recurring revenue. */
  readonly mrr?: Money;
  /** New business, expansion or renewal. */
  readonly kind?: DealKind;
  /** The product. */
  readonly productId?: string;
  /** The market. */
  readonly market?: DealMarket;
  /** The territory. */
  readonly territoryId?: string;
  /** The customer. */
  readonly accountId?: string;
  /** Length of the contract in months. */
  readonly termMonths?: number;
  /** `direct` for the seller, `indirect` when rolled up to a manager, `overlay` for specialists. Default `direct`. */
  readonly type?: 'direct' | 'indirect' | 'overlay';
  /** Fraction of the sale that this credit is, for the record. */
  readonly share?: string;
  /**
   * Fraction of what is paid on this credit that the payee gets, where the pay of a sale is split and not its credit: a component `payout-split` applies it.
   * Default 1.
   */
  readonly payoutShare?: string;
  /** Only these components count it; default: all. */
  readonly componentIds?: readonly string[];
  /** The credit that this one corrects or reverses. */
  readonly refersTo?: string;
  /** When it became known (instant or date), for answers as of an earlier state of knowledge. Default: always known. */
  readonly recordedAt?: string;
  /** Numeric fields of your own, exact decimal texts, read by `values.NAME`. */
  readonly values?: Readonly<Record<string, string>>;
  /** Fields of your own to filter by, read by `attributes.NAME`. */
  readonly attributes?: Readonly<Record<string, string | number | boolean | null>>;
}

/** The keys of a credit. */
export const CREDIT_KEYS = [
  'id',
  'payeeId',
  'dealId',
  'on',
  'amount',
  'quotaCredit',
  'units',
  'margin',
  'acv',
  'tcv',
  'arr',
  'mrr',
  'kind',
  'productId',
  'market',
  'territoryId',
  'accountId',
  'termMonths',
  'type',
  'share',
  'payoutShare',
  'componentIds',
  'refersTo',
  'recordedAt',
  'values',
  'attributes',
] as const satisfies readonly (keyof Credit)[];

/** Fields of a credit that hold money. */
export const CREDIT_MONEY_FIELDS = ['amount', 'quotaCredit', 'margin', 'acv', 'tcv', 'arr', 'mrr'] as const;

/** A field of a credit that holds money. */
export type CreditMoneyField = (typeof CREDIT_MONEY_FIELDS)[number];
