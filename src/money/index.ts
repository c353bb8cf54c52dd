/**
 * Money: exact amounts with their currency in the type, allocation without loss, dated exchange rates, minor units, formatting.
 *
 * @module money
 */
export { addMoney, subtractMoney } from './add-money.js';
export { type AllocateMoneyOptions, allocateMoney, splitMoney } from './allocate-money.js';
export { compareMoney, isNegativeMoney, isZeroMoney, maxMoney, minMoney } from './compare-money.js';
export { type ConvertedMoney, type ConvertMoneyOptions, convertMoney } from './convert-money.js';
export { CURRENCY_EXPONENTS, type CurrencyCode, currencyExponent } from './currencies.js';
export {
  createRateFinder,
  type FoundRate,
  findRate,
  type MissingRate,
  type MissingRateReason,
  type RateFinder,
  type RateQuery,
  type RateSource,
  type RateSupply,
} from './find-rate.js';
export { type FormatMoneyOptions, formatMoney } from './format-money.js';
export { type GroupDigitsOptions, groupDigits } from './group-digits.js';
export { fromMinorUnits, toMinorUnits } from './minor-units.js';
export { type Money, money } from './money.js';
export { divideMoney, multiplyMoney } from './multiply-money.js';
export { absMoney, negateMoney } from './negate-money.js';
export { defineRateTable, type ExchangeRate, type RateTable, validateRateTable } from './rate-table.js';
export { isMoney, readMoney, validateMoney } from './read-money.js';
export { type MoneyRounding, roundMoney } from './round-money.js';
export { type SumMoneyOptions, sumMoney } from './sum-money.js';
export { type DatedMoney, type MoneySum, type SumMoneyInOptions, sumMoneyIn } from './sum-money-in.js';
