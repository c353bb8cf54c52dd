/* Sums by currency that show that nothing was lost. Not a public entry. */
import { RATIO_ZERO, type Ratio, ratioAdd, ratioFromScaled, ratioToDecimal } from '../../decimal/ratio.js';
import { padAmount } from '../../money/canonical-amount.js';
import { exponentOf } from '../../money/currencies.js';
import type { Money } from '../../money/money.js';
import type { CreditControlTotals } from './crediting-result.js';

const TOTALS = ['bookings', 'direct', 'pending', 'uncredited', 'setAside', 'overlay', 'indirect'] as const;

/** One of the sums. */
export type TotalName = (typeof TOTALS)[number];

/** The sums while they grow. */
export interface TotalBook {
  readonly add: (currency: string, name: TotalName, units: bigint, scale: number) => void;
  /** Sorted by currency. */
  readonly list: () => readonly CreditControlTotals[];
}

/** An empty book. */
export function createTotalBook(): TotalBook {
  const sums = new Map<string, Map<TotalName, Ratio>>();
  return {
    add: (currency, name, units, scale) => {
      const own = sums.get(currency) ?? new Map<TotalName, Ratio>();
      own.set(name, ratioAdd(own.get(name) ?? RATIO_ZERO, ratioFromScaled(units, scale)));
      sums.set(currency, own);
    },
    list: () =>
      [...sums.entries()]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([currency, own]) => {
          const total = (name: TotalName): Money => ({ amount: padAmount(ratioToDecimal(own.get(name) ?? RATIO_ZERO) ?? '0', exponentOf(currency)), currency });
          return {
            currency,
            bookings: total('bookings'),
            direct: total('direct'),
            pending: total('pending'),
            uncredited: total('uncredited'),
            setAside: total('setAside'),
            overlay: total('overlay'),
            indirect: total('indirect'),
          };
        }),
  };
}
