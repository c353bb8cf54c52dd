/* What `// =>`, `// ~>` and `// => throws` become in a generated example. */
import { expect } from 'vitest';
import { isDomainError } from '../../src/errors/domain-error.js';

const TOLERANCE = 1e-9;

/** The value equals what the documentation shows. */
export function $equal(actual: unknown, expected: unknown, where: string): void {
  expect(actual, where).toEqual(expected);
}

/** Numbers within 1e-9 (relative above 1), also inside arrays and objects; everything else equal. */
export function $near(actual: unknown, expected: unknown, where: string): void {
  if (typeof expected === 'number' && typeof actual === 'number') {
    const distance = Math.abs(actual - expected);
    if (!(distance <= TOLERANCE * Math.max(1, Math.abs(expected)))) expect(actual, where).toBe(expected);
    return;
  }
  if (typeof expected === 'object' && expected !== null && typeof actual === 'object' && actual !== null) {
    const want = new Map<string, unknown>(Object.entries(expected));
    const have = new Map<string, unknown>(Object.entries(actual));
    expect([...have.keys()].sort(), where).toEqual([...want.keys()].sort());
    for (const [key, value] of want) $near(have.get(key), value, `${where} ${key}`);
    return;
  }
  expect(actual, where).toEqual(expected);
}

/** The call throws a DomainError with this code. */
export async function $throws(call: () => unknown, code: string, where: string): Promise<void> {
  let caught: unknown;
  let returned = false;
  try {
    await call();
    returned = true;
  } catch (error) {
    caught = error;
  }
  if (returned) expect.fail(`${where}: expected a DomainError with code ${code}, but nothing was thrown`);
  if (!isDomainError(caught, code)) expect.fail(`${where}: expected a DomainError with code ${code}, but caught ${String(caught)}`);
}
