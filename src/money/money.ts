/**
 * An exact amount in one currency. `amount` is canonical: no exponent, no `-0`, at least the currency's ISO decimals and no trailing zeros beyond
 * them (`'7970.60'`, `'0.0375'`, JPY `'100'`).
 *
 * @category money
 */
export interface Money<C extends string = string> {
  /** Canonical decimal text. */
  readonly amount: string;
  /** ISO 4217 code. */
  readonly currency: C;
}
