import type { Ratio } from '../decimal/ratio.js';
import { ratioMultiply } from '../decimal/ratio.js';
import { type ExactValue, ratioOf } from '../decimal/traced-arithmetic.js';
import type { CreditExchange } from './statement.js';

/**
 * A credit's value in a measure, in the declared order of credits.
 *
 * @category compensation
 */
export interface MeasuredCredit {
  /** The credit. */
  readonly creditId: string;
  /** The deal. */
  readonly dealId?: string;
  /** The value. */
  readonly value: Ratio;
  /** How it was converted, if the credit is in another currency. */
  readonly exchange?: CreditExchange;
}

/**
 * The part of a credit that falls into one band.
 *
 * @category compensation
 */
export interface CreditPart {
  /** The credit. */
  readonly creditId: string;
  /** The deal. */
  readonly dealId?: string;
  /** What the rate applies to. */
  readonly basis: Ratio;
  /** What of the posting's amount belongs to it, where that is not the basis at the rate of the posting. */
  readonly amount?: Ratio;
  /** The day that decides the rate at which it is paid out, if the credit is not among those of the run. */
  readonly on?: string;
  /** How it was converted, if the credit is in another currency. */
  readonly exchange?: CreditExchange;
}

/** A part of a credit. */
export function partOf(credit: MeasuredCredit, basis: Ratio): CreditPart {
  const { creditId, dealId, exchange } = credit;
  return { creditId, basis, ...(dealId === undefined ? {} : { dealId }), ...(exchange === undefined ? {} : { exchange }) };
}

/** What one tier pays. */
export interface TierBand {
  readonly tier: number;
  readonly label: string;
  readonly planPath: string;
  /** Absent for payments that are not a rate on something. */
  readonly basis?: ExactValue;
  readonly rate?: ExactValue;
  readonly amount: ExactValue;
  readonly parts: readonly CreditPart[];
}

/** The part of an amount that belongs to one credit of a band, in proportion to its basis at the band's rate. */
export function amountOfPart(part: CreditPart, rate: ExactValue | undefined): Ratio | undefined {
  return rate === undefined ? undefined : ratioMultiply(part.basis, ratioOf(rate));
}
