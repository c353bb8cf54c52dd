import type { PlainDate } from '../../calendar/plain-date.js';
import type { DealKind, DealMarket, DealSplit } from '../../deals/deal.js';
import type { Money } from '../../money/money.js';

/**
 * What happened to a sale.
 *
 * - `booking`: it was won, for so much
 * - `invoice`: so much of it was invoiced; negative for a credit note
 * - `payment`: so much of it was paid; negative for a refund
 * - `cancellation`: so much of it was taken back; the amount is negative
 *
 * @category compensation
 */
export type TransactionType = 'booking' | 'invoice' | 'payment' | 'cancellation';

/**
 * Every {@link TransactionType}, in the order in which transactions of one day are taken.
 *
 * @category compensation
 */
export const TRANSACTION_TYPES: readonly TransactionType[] = ['booking', 'invoice', 'payment', 'cancellation'];

/**
 * Somebody who worked on a sale, and as what.
 *
 * @category compensation
 */
export interface TransactionMember {
  /** Who. */
  readonly payeeId: string;
  /** As what: `ae`, `se`, `sdr`, or a role of your own. */
  readonly role: string;
}

/**
 * A booking, invoice, payment or cancellation before anybody is credited for it. Crediting rules turn it into credits.
 *
 * @category compensation
 */
export interface Transaction {
  /** Unique among all transactions. */
  readonly id: string;
  /** What happened. */
  readonly type: TransactionType;
  /** The deal. Invoices, payments and cancellations find their booking by it. Default: the transaction stands alone. */
  readonly dealId?: string;
  /** When it happened: the incentive date of its credits. */
  readonly on: PlainDate;
  /** Its value in the currency of the order, or `null` if not known. */
  readonly amount: Money | null;
  /** The booking that this invoice, payment or cancellation belongs to. Default: all bookings of the deal. */
  readonly refersTo?: string;
  /** The line item that it is about. */
  readonly lineItemId?: string;
  /** The product or service. */
  readonly productId?: string;
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
  /** Business, consumer or government market. */
  readonly market?: DealMarket;
  /** Where the deal came from. */
  readonly source?: string;
  /** The customer. */
  readonly accountId?: string;
  /** The territory, if it is known; otherwise found by the territories given. */
  readonly territoryId?: string;
  /** Length of the contract in months. */
  readonly termMonths?: number;
  /** Who owns the deal. */
  readonly ownerId?: string;
  /** Who shares in it: `revenue` shares sum to exactly 1. */
  readonly splits?: readonly DealSplit[];
  /** Who else worked on it, by role. */
  readonly team?: readonly TransactionMember[];
  /** When it became known; handed on to the credits. */
  readonly recordedAt?: string;
  /** Numbers of your own that are divided like the amount, exact decimal texts. (A rate or score is not divided: put it under `attributes`.) */
  readonly values?: Readonly<Record<string, string>>;
  /** Fields of your own, handed on to the credits as they are. */
  readonly attributes?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Fields of a transaction, beside the amount, that hold money and are divided like it. */
export const DIVIDED_MONEY_FIELDS = ['margin', 'acv', 'tcv', 'arr', 'mrr'] as const;

/** The keys of a transaction. */
export const TRANSACTION_KEYS = [
  'id',
  'type',
  'dealId',
  'on',
  'amount',
  'refersTo',
  'lineItemId',
  'productId',
  'units',
  'margin',
  'acv',
  'tcv',
  'arr',
  'mrr',
  'kind',
  'market',
  'source',
  'accountId',
  'territoryId',
  'termMonths',
  'ownerId',
  'splits',
  'team',
  'recordedAt',
  'values',
  'attributes',
] as const satisfies readonly (keyof Transaction)[];
