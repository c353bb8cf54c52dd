import { createHash } from 'node:crypto';
import { contentHash } from 'dealwright/compensation';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/compensation/content-hash.js';

describe('contentHash', () => {
  test('is SHA-256 of canonical JSON, for any JSON', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.string({ unit: 'binary', maxLength: 300 })), (value) => {
        expect(contentHash(value)).toBe(createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex'));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { seed: 20260101, numRuns: 300 },
    );
  });

  test.each([0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 1_000_000])('texts of %i characters', (length) => {
    const text = 'é'.repeat(length);
    expect(contentHash(text)).toBe(createHash('sha256').update(JSON.stringify(text), 'utf8').digest('hex'));
  });

  test('does not depend on the order of keys, and leaves absent keys out', () => {
    expect(contentHash({ a: 1, b: { c: 2, d: undefined } })).toBe(contentHash({ b: { c: 2 }, a: 1 }));
  });

  test('refuses what is not JSON', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    for (const value of [Number.NaN, undefined, 1n, Symbol('s'), () => 1, new Date(0), new Map(), [undefined], cycle])
      expect(() => contentHash(value)).toThrow(/invalid_json_value/);
  });
});
