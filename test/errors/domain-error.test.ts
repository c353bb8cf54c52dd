import { createDomainError, createIssue, DomainError, ERROR_CODES, type ErrorCode, type Issue, isDomainError, throwIfIssues } from 'dealwright/errors';
import fc from 'fast-check';
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';

const issue = (code: string): Issue => createIssue(code, [code]);

afterEach(() => {
  vi.resetModules();
});

describe('DomainError', () => {
  it('is an Error with the code of its first issue and one line per issue', () => {
    const error = new DomainError([issue('missing_key'), issue('unknown_key')], { name: 'InvalidPlanError', summary: '2 problems in plan "ae-2026"' });
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('InvalidPlanError');
    expect(error.code).toBe('missing_key');
    expect(error.message.split('\n')).toHaveLength(3);
    expect(error.message.startsWith('2 problems in plan "ae-2026"\n  missing_key  ')).toBe(true);
  });

  it('shows one issue as the message itself', () => {
    expect(createDomainError('invalid_date', ['asOf'], { expected: 'a date', received: '2026-02-30' }).message).toBe(
      'asOf  expected a date, received "2026-02-30"  (invalid_date)',
    );
  });

  it('shows 20 issues and counts the others', () => {
    const many = Array.from({ length: 25 }, (_, index) => issue(`code_${index}`));
    const error = new DomainError(many as [Issue, ...Issue[]]);
    expect(error.message.split('\n')).toHaveLength(22);
    expect(error.message).toContain('… and 5 more');
    expect(error.issues).toHaveLength(25);
  });

  it('can be constructed from anything', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.anything()), fc.anything()), (value) => {
        const error = new DomainError(value as [Issue]);
        expect(error.issues.length).toBeGreaterThan(0);
        expect(typeof error.code).toBe('string');
        expect(isDomainError(error)).toBe(true);
      }),
      { seed: 20260101, numRuns: 300 },
    );
  });
});

describe('isDomainError', () => {
  it('asks for a code of any issue', () => {
    const error = new DomainError([issue('missing_key'), issue('unknown_key')]);
    expect(isDomainError(error)).toBe(true);
    expect(isDomainError(error, 'unknown_key')).toBe(true);
    expect(isDomainError(error, 'invalid_date')).toBe(false);
  });

  it('recognises the error of another copy of the package', async () => {
    vi.resetModules();
    const copy = await import('../../src/errors/index.js');
    const error = copy.createDomainError('invalid_date', []);
    expect(copy.DomainError).not.toBe(DomainError);
    expect(error).not.toBeInstanceOf(DomainError);
    expect(isDomainError(error, 'invalid_date')).toBe(true);
    expect(copy.isDomainError(createDomainError('invalid_date', []))).toBe(true);
  });

  it('is false for anything else, hostile things included', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(isDomainError(proxy)).toBe(false);
    expect(isDomainError(new Error('x'))).toBe(false);
    expect(isDomainError({ code: 'missing_key', issues: [issue('missing_key')] })).toBe(false);
    fc.assert(
      fc.property(fc.anything(), (value) => !isDomainError(value, 'missing_key')),
      { seed: 20260101, numRuns: 500 },
    );
  });
});

describe('throwIfIssues', () => {
  it('throws nothing for nothing, and everything for something', () => {
    expect(throwIfIssues([])).toBeUndefined();
    expect(() => throwIfIssues([issue('a'), issue('b')])).toThrow(DomainError);
    expect(() => throwIfIssues(7 as unknown as Issue[])).toThrow(DomainError);
  });

  it('carries a great many issues', () => {
    const many = Array.from({ length: 200_000 }, () => issue('a'));
    expect(() => throwIfIssues(many)).toThrow(DomainError);
  });
});

describe('the table of codes', () => {
  it('has codes in snake case with a sentence each', () => {
    for (const [code, meaning] of Object.entries(ERROR_CODES)) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(meaning).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('gives a closed type for the library and an open one for issues', () => {
    expectTypeOf<'missing_key'>().toExtend<ErrorCode>();
    expectTypeOf<'my_own'>().not.toExtend<ErrorCode>();
    expectTypeOf(issue('my_own').code).toExtend<string>();
    expectTypeOf<DomainError['issues']>().toEqualTypeOf<readonly [Issue, ...Issue[]]>();
  });
});
