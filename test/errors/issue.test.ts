import { createIssue, describeValue, ERROR_CODES, formatIssue, formatPath, type Issue } from 'dealwright/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const throwing = new Proxy(
  {},
  {
    get: () => {
      throw new Error('get');
    },
    getPrototypeOf: () => {
      throw new Error('getPrototypeOf');
    },
    ownKeys: () => {
      throw new Error('ownKeys');
    },
  },
);

describe('describeValue', () => {
  it.each([
    ['abc', '"abc"'],
    ['', '""'],
    [12, '12'],
    [-0, '-0'],
    [Number.NaN, 'NaN'],
    [10n ** 30n, `${10n ** 30n}n`],
    [10n ** 31n, 'a bigint of more than 30 digits'],
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'true'],
    [[1, 2], 'an array of 2'],
    [{}, 'an object'],
    [new Date(0), 'a Date'],
    [Symbol('x'), 'a symbol'],
    [() => 1, 'a function'],
  ])('describes %o', (value, expected) => {
    expect(describeValue(value)).toBe(expected);
  });

  it('does not trust objects that throw', () => {
    expect(describeValue(revoked())).toBe('an object');
    expect(describeValue(throwing)).toBe('an object');
    expect(describeValue({ toString: 1, valueOf: 1 })).toBe('an object');
  });

  it('shortens a 10 MB text to 80 characters, with its length', () => {
    const text = describeValue('x'.repeat(10_000_000));
    expect(text.length).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^"x+…" \(10000000 characters\)$/);
  });

  it('keeps whole characters when it shortens', () => {
    expect(describeValue('😀'.repeat(100))).not.toMatch(/[\ud800-\udfff]/u);
  });

  it('shows line breaks and bidirectional overrides instead of obeying them', () => {
    expect(describeValue('a\nb\u202ec')).toBe('"a\\u000ab\\u202ec"');
  });

  it('is one line of at most 80 characters for anything', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const text = describeValue(value);
        expect(text.length).toBeLessThanOrEqual(80);
        expect(text).not.toMatch(/[\r\n]/);
      }),
      { seed: 20260101, numRuns: 1_000 },
    );
  });
});

describe('createIssue', () => {
  it('takes the meaning of the code for a message, and leaves absent details out', () => {
    expect(createIssue('missing_key', ['id'])).toStrictEqual({ code: 'missing_key', path: ['id'], message: ERROR_CODES.missing_key });
  });

  it('tells a received undefined from nothing received', () => {
    expect(createIssue('missing_key', [], { received: undefined }).received).toBe('undefined');
    expect('received' in createIssue('missing_key', [], {})).toBe(false);
  });

  it('keeps a code of your own, also one named like a property of every object', () => {
    expect(createIssue('my_code', []).message).toBe('my_code');
    expect(createIssue('constructor', []).message).toBe('constructor');
  });
});

describe('formatPath', () => {
  it('writes keys, indexes and odd keys', () => {
    expect(formatPath(['components', 0, 'rate', 'tiers', 2])).toBe('components[0].rate.tiers[2]');
    expect(formatPath([])).toBe('(input)');
    expect(formatPath([0, 'a b'])).toBe('[0]["a b"]');
    expect(formatPath(['x'.repeat(10_000_000)]).length).toBeLessThan(90);
  });
});

describe('formatIssue', () => {
  it('shows path, expected, received, hint and code on one line', () => {
    const issue = createIssue('rate_out_of_range', ['tiers', 2, 'rate'], { expected: 'a fraction from 0 to 1', received: '12', hint: 'did you mean "0.12"?' });
    expect(formatIssue(issue)).toBe('tiers[2].rate  expected a fraction from 0 to 1, received "12" — did you mean "0.12"?  (rate_out_of_range)');
  });

  it('shows the message where nothing was expected', () => {
    expect(formatIssue({ code: 'x', path: ['a'], message: 'Wrong.', received: '1' })).toBe('a  Wrong. Received 1.  (x)');
  });

  it('shows an issue read from JSON, whatever it holds', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (code, path, rest) => {
        expect(formatIssue({ code, path, message: rest, expected: rest, received: path, hint: code } as unknown as Issue)).toEqual(expect.any(String));
        expect(formatIssue(rest as Issue)).toEqual(expect.any(String));
      }),
      { seed: 20260101, numRuns: 1_000 },
    );
  });

  it('stays on one line when a message has several', () => {
    expect(formatIssue({ code: 'x', path: ['a\nb'], message: 'one\ntwo' })).not.toContain('\n');
  });
});
