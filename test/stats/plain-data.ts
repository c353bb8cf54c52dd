import { isDomainError } from 'dealwright/errors';
import { expect } from 'vitest';

/** Fails unless a result is JSON-safe: plain objects and arrays, finite numbers, no undefined. */
export function expectPlain(value: unknown, path = 'result'): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) expect.fail(`${path} is ${value}`);
    return;
  }
  if (Array.isArray(value)) {
    value.forEach((item, index) => expectPlain(item, `${path}[${index}]`));
    return;
  }
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, item] of Object.entries(value)) expectPlain(item, `${path}.${key}`);
    return;
  }
  expect.fail(`${path} is not plain data: ${typeof value}`);
}

/** Runs a call that may throw a DomainError but nothing else, and whose result is plain. */
export function expectOrderly(call: () => unknown, label = ''): void {
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    if (!isDomainError(error)) throw new Error(`${label}: ${String(error)}`, { cause: error });
    return;
  }
  expectPlain(result, label);
}

/** The codes of the DomainError that a call throws. */
export function codesOf(call: () => unknown): readonly string[] {
  try {
    call();
  } catch (error) {
    if (isDomainError(error)) return error.issues.map((issue) => issue.code);
    throw error;
  }
  return [];
}

/** A copy that cannot be changed, all the way down. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}
