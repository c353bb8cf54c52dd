import type { Issue } from 'dealwright/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkBoolean,
  checkFraction,
  checkId,
  checkKeys,
  checkList,
  checkNumber,
  checkOneOf,
  checkRecord,
  checkText,
  isPlainRecord,
  nearestText,
  type PlainRecord,
} from '../../src/errors/checks.js';

function issuesOf(check: (issues: Issue[]) => unknown): readonly Issue[] {
  const issues: Issue[] = [];
  check(issues);
  return issues;
}

describe('checkKeys', () => {
  it('reports a misspelt key with the nearest one', () => {
    const [issue] = issuesOf((issues) => checkKeys({ curency: 1 }, ['amount', 'currency'], ['x'], issues));
    expect(issue).toMatchObject({ code: 'unknown_key', path: ['x', 'curency'], hint: 'did you mean "currency"?' });
  });

  it('refuses keys that reach a prototype', () => {
    const record = JSON.parse('{"__proto__":1,"constructor":1,"prototype":1}') as PlainRecord;
    expect(issuesOf((issues) => checkKeys(record, ['a'], [], issues)).map((issue) => issue.code)).toEqual(['reserved_key', 'reserved_key', 'reserved_key']);
  });

  it('is quick about a record of 100,000 unknown keys', () => {
    const record = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`a-rather-long-unknown-key-number-${index}`, 1]));
    const start = performance.now();
    expect(issuesOf((issues) => checkKeys(record, ['a-rather-long-known-key-number'], [], issues))).toHaveLength(100_000);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('isPlainRecord', () => {
  it('takes literals and JSON, not arrays or instances', () => {
    expect(isPlainRecord({})).toBe(true);
    expect(isPlainRecord(Object.create(null))).toBe(true);
    for (const value of [[], new Map(), new Date(0), null, 1, 'x', () => 1]) expect(isPlainRecord(value)).toBe(false);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(isPlainRecord(proxy)).toBe(false);
  });
});

describe('checkNumber and checkFraction', () => {
  it('says why', () => {
    expect(issuesOf((issues) => checkNumber('1', [], issues))[0]?.code).toBe('invalid_type');
    expect(issuesOf((issues) => checkNumber(Number.NaN, [], issues))[0]?.code).toBe('not_finite');
    expect(issuesOf((issues) => checkNumber(1.5, [], issues, { integer: true }))[0]?.code).toBe('not_an_integer');
    expect(issuesOf((issues) => checkNumber(0, [], issues, { min: 1, max: 3 }))[0]).toMatchObject({ code: 'out_of_range', expected: 'a number from 1 to 3' });
    expect(issuesOf((issues) => checkFraction(8.7, [], issues))[0]).toMatchObject({ code: 'fraction_out_of_range', hint: 'a percentage? did you mean 0.087?' });
    expect(issuesOf((issues) => checkFraction(-0.1, [], issues))[0]).not.toHaveProperty('hint');
  });

  it('gives the value itself when it is in order', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (value) => checkFraction(value, [], []) === value),
      { seed: 20260101, numRuns: 200 },
    );
  });
});

describe('texts, ids, lists', () => {
  it('says why', () => {
    expect(issuesOf((issues) => checkText('', [], issues))[0]?.code).toBe('empty');
    expect(checkText('', [], [], { allowEmpty: true })).toBe('');
    expect(issuesOf((issues) => checkText('x'.repeat(10_000_000), [], issues))[0]?.code).toBe('too_long');
    expect(issuesOf((issues) => checkId('__proto__', [], issues))[0]?.code).toBe('reserved_key');
    expect(issuesOf((issues) => checkOneOf('wom', ['won', 'lost'], [], issues))[0]).toMatchObject({ code: 'invalid_value', hint: 'did you mean "won"?' });
    expect(issuesOf((issues) => checkOneOf(1, ['won'], [], issues))[0]?.code).toBe('invalid_type');
    expect(issuesOf((issues) => checkList([], [], issues, { min: 1 }))[0]?.code).toBe('empty');
    expect(issuesOf((issues) => checkList({}, [], issues))[0]?.code).toBe('invalid_type');
    expect(issuesOf((issues) => checkBoolean('true', [], issues))[0]?.code).toBe('invalid_type');
    expect(issuesOf((issues) => checkRecord([], [], issues))[0]?.code).toBe('invalid_type');
  });

  it('finds the nearest word, or none', () => {
    expect(nearestText('Expectd', ['expected', 'received'])).toBe('expected');
    expect(nearestText('zzz', ['expected'])).toBeUndefined();
    expect(nearestText('x'.repeat(10_000_000), ['x'])).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const issues: Issue[] = [];
        checkRecord(value, [], issues);
        checkList(value, [], issues);
        checkText(value, [], issues);
        checkId(value, [], issues);
        checkOneOf(value, ['a', 'b'], [], issues);
        checkBoolean(value, [], issues);
        checkNumber(value, [], issues, { integer: true });
        checkFraction(value, [], issues);
        expect(JSON.parse(JSON.stringify(issues))).toEqual(issues);
      }),
      { seed: 20260101, numRuns: 500 },
    );
  });
});
