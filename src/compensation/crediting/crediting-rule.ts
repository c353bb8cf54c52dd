import type { PlainDate } from '../../calendar/plain-date.js';
import type { Account } from '../../organization/account.js';
import type { Hierarchy } from '../../organization/hierarchy.js';
import type { FieldTest } from '../../organization/record-filter.js';
import type { Territory, TerritoryAssignment } from '../../organization/territory.js';

/**
 * A field of a transaction that a rule may set conditions on; your own ones under `attributes.` and `values.`, those of the customer under `account.`.
 *
 * @category compensation
 */
export type TransactionField =
  | 'id'
  | 'type'
  | 'dealId'
  | 'lineItemId'
  | 'accountId'
  | 'ownerId'
  | 'source'
  | 'kind'
  | 'productId'
  | 'market'
  | 'territoryId'
  | 'termMonths'
  | 'amount'
  | 'units'
  | 'margin'
  | 'acv'
  | 'tcv'
  | 'arr'
  | 'mrr'
  | 'on'
  | `attributes.${string}`
  | `values.${string}`
  | `account.${string}`;

/**
 * Which transactions are meant, as data, in the language of `CreditFilter` (and `prefix`): every condition must hold. A field that is absent meets no
 * condition but `null`.
 *
 * @example
 * ```ts
 * import type { TransactionFilter } from 'dealwright/compensation';
 * const largeNewBusiness: TransactionFilter = { kind: 'new', amount: { from: '50000' }, 'account.country': { in: ['GR', 'CY'] } };
 * ```
 * @category compensation
 */
export type TransactionFilter = { readonly [Field in TransactionField]?: FieldTest } & {
  /** At least one of these must hold. */
  readonly any?: readonly TransactionFilter[];
  /** All of these must hold. */
  readonly all?: readonly TransactionFilter[];
  /** This must not hold. */
  readonly not?: TransactionFilter;
};

/**
 * A payee that a rule names.
 *
 * @category compensation
 */
export interface NamedRecipient {
  /** Who. */
  readonly payeeId: string;
  /** Fraction of what the rule credits, exact decimal text. */
  readonly share: string;
}

/**
 * Credit of managers for what their reports were credited.
 *
 * @category compensation
 */
export interface RollUp {
  /** Which credits roll up: those of the sellers (default), of overlays, or both. */
  readonly of?: 'direct' | 'overlay' | 'all';
  /** How many levels up, or all of them. Default 1: the manager of whoever was credited. */
  readonly levels?: number | 'all';
  /** A fraction for each level, nearest first, exact decimal texts. Default: the whole of it at every level. */
  readonly levelShares?: readonly string[];
  /**
   * A deal that several of a manager's people share counts once: at most its whole value, in one credit. Default true. False: one credit for each of them,
   * which sum to more than the deal where they were credited with more than the deal.
   */
  readonly deduplicate?: boolean;
}

/**
 * Who is credited.
 *
 * - `'owner'`: who owns the deal
 * - `'splits'`: its revenue splits; the owner, where it has none
 * - `'overlay-splits'`: its overlay splits
 * - `{ payees }`: payees named here, with their shares
 * - `{ role }`: whoever worked on the deal in this role
 * - `{ territory }`: whoever works the territory in this role (`owner`) on the day of the booking
 * - `{ rollUp }`: the managers of those who were credited, as of the day of each credit
 *
 * @category compensation
 */
export type CreditRecipients =
  | 'owner'
  | 'splits'
  | 'overlay-splits'
  | {
      /** Who, and how much each. */
      readonly payees: readonly NamedRecipient[];
    }
  | {
      /** Role on the deal. */
      readonly role: string;
    }
  | {
      /** Role in the territory. */
      readonly territory: string;
    }
  | {
      /** Which credits roll up, and how far. */
      readonly rollUp: RollUp;
    };

/**
 * A share of the credit that comes with an event. The shares of a schedule sum to exactly 1.
 *
 * @category compensation
 */
export interface CreditStage {
  /** What brings it: for invoices and payments in proportion to what has been invoiced or paid of the booking. */
  readonly on: 'booking' | 'invoice' | 'payment';
  /** Fraction, exact decimal text. */
  readonly share: string;
}

/**
 * What a sale counts for towards quota, as a factor on its value.
 *
 * @category compensation
 */
export interface QuotaWeight {
  /** Which transactions. Default: all. */
  readonly match?: TransactionFilter;
  /** Factor, exact decimal text: `'0.5'` for half, `'1.25'` for a quarter more. */
  readonly weight: string;
}

/**
 * A crediting rule: which sales count, for whom, for how much and when.
 *
 * @category compensation
 */
export interface CreditingRule {
  /** Unique among the rules. */
  readonly id: string;
  /** What it is called. */
  readonly label?: string;
  /** `direct` for sellers, `overlay` for specialists on top, `indirect` for managers. Default `direct`; of a roll-up `indirect`. */
  readonly type?: 'direct' | 'overlay' | 'indirect';
  /** Which transactions. Default: all. */
  readonly match?: TransactionFilter;
  /** Who is credited. */
  readonly recipients: CreditRecipients;
  /** Fraction of the value that is credited, exact decimal text. Default 1. What a direct rule leaves is uncredited. */
  readonly share?: string;
  /** Several people in one role share the credit (`equally`), or have it in full (`each`). Default: direct `equally`, otherwise `each`. */
  readonly divide?: 'equally' | 'each';
  /**
   * What the shares split: the credit (default), or the pay. With `payout` everybody is credited with the whole sale, so that tiers see all of it, and is
   * paid their share, by the credit's `payoutShare` and a component `payout-split`.
   */
  readonly split?: 'credit' | 'payout';
  /** Of several rules that hold, higher goes first. Default 0. */
  readonly priority?: number;
  /** When the rule was made: of two with equal priority and specificity the older goes first. */
  readonly createdOn?: PlainDate;
  /** Only one overlay or indirect rule of a group holds: the first by rank. Default: each holds for itself. Direct rules are always one group. */
  readonly group?: string;
  /** First day of bookings it holds for. Default: always did. */
  readonly from?: PlainDate;
  /** First day of bookings it holds for no longer. */
  readonly to?: PlainDate;
  /** When the credit comes: see {@link CreditDealsOptions}. Default: the schedule of the call. */
  readonly creditOn?: readonly CreditStage[];
  /** What the stages apply to: all figures of the credit (default), or `quotaCredit` alone, everything else being credited with the booking. */
  readonly staged?: 'all' | 'quota';
  /** Factors on what counts towards quota; those that match are multiplied. */
  readonly quotaWeights?: readonly QuotaWeight[];
  /** Only these plan components count the credits. Default: all. */
  readonly componentIds?: readonly string[];
}

/**
 * The days, and the sales, for which a payee may be credited.
 *
 * @category compensation
 */
export interface CreditEligibility {
  /** Who. Somebody with an entry is credited only for what one of their entries allows; somebody without any for everything. */
  readonly payeeId: string;
  /** First day of bookings. Default: no limit. */
  readonly from?: PlainDate;
  /** First day of bookings no longer. */
  readonly to?: PlainDate;
  /** Which transactions. Default: all. */
  readonly match?: TransactionFilter;
}

/**
 * Options of {@link creditDeals}.
 *
 * @category compensation
 */
export interface CreditDealsOptions {
  /** The rules. */
  readonly rules: readonly CreditingRule[];
  /** Who reports to whom. Needed by roll-ups. */
  readonly hierarchy?: Hierarchy;
  /** The territories, to find that of a transaction that names none. */
  readonly territories?: readonly Territory[];
  /** Who works which territory. Needed by rules that credit a territory. */
  readonly territoryAssignments?: readonly TerritoryAssignment[];
  /** The customers, for territories and for conditions on `account.…`. */
  readonly accounts?: readonly Account[];
  /**
   * What brings the credit: by default the booking. `[{ on: 'booking', share: '0.6' }, { on: 'invoice', share: '0.2' }, { on: 'payment', share: '0.2' }]` credits
   * 60 % with the booking, and the rest as it is invoiced and paid. When money is paid out is another matter, of the plan.
   */
  readonly creditOn?: readonly CreditStage[];
  /** Who may be credited for what. Default: everybody for everything. */
  readonly eligibility?: readonly CreditEligibility[];
  /** Exclusive cut: transactions of this day or later do not count yet. */
  readonly asOf?: PlainDate;
  /** Two rules of equal rank: nobody is credited (`set-aside`, default), or by the rule that is listed first. An issue in any case. */
  readonly onAmbiguity?: 'set-aside' | 'first-listed';
}
