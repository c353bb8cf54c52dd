import { formatUnits, type Ratio, ratioToDecimal, roundedUnits } from '../../decimal/ratio.js';
import { padAmount } from '../../money/canonical-amount.js';
import { exponentOf } from '../../money/currencies.js';
import type { Money } from '../../money/money.js';

/** Money from an exact amount that needs no rounding any more. */
export function moneyOfRatio(amount: Ratio, currency: string): Money {
  const text = ratioToDecimal(amount) ?? formatUnits(roundedUnits(amount, 12, 'half-even'), 12);
  return { amount: padAmount(text, exponentOf(currency)), currency };
}
