import { expect } from 'vitest';

/** One number or a list of them: reference files write lists of one as a bare number. */
export function asList<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** Fails unless every entry agrees within `tolerance`, relative to 1 + |expected|, and null stands exactly where null is expected. */
export function expectClose(actual: readonly (number | null)[], expected: readonly (number | null)[], tolerance: number, label = ''): void {
  expect(actual.length, `${label} length`).toBe(expected.length);
  let worst = 0;
  let at = -1;
  for (let i = 0; i < expected.length; i += 1) {
    const a = actual[i];
    const e = expected[i];
    if (a === null || a === undefined || e === null || e === undefined) {
      if ((a ?? null) !== (e ?? null)) expect.fail(`${label}[${i}]: ${String(a)} where ${String(e)} is expected`);
      continue;
    }
    const difference = Math.abs(a - e) / (1 + Math.abs(e));
    if (!(difference <= worst)) {
      worst = difference;
      at = i;
    }
  }
  if (!(worst <= tolerance)) expect.fail(`${label}[${at}]: ${String(actual[at])} differs from ${String(expected[at])} by ${worst}, more than ${tolerance}`);
}

/** The same number of significant decimals for an example. */
export function round(value: number, digits = 6): number {
  return Number(value.toFixed(digits));
}
