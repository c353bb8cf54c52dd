/* The examples are only as good as the program that reads them: what it must find, and what must fail. */
import { expect, test } from 'vitest';
import { DomainError } from '../../src/errors/domain-error.js';
import { createIssue } from '../../src/errors/issue.js';
import { $equal, $near, $throws } from './assertions.js';
import { type Example, examplesOfPage, examplesOfSource, toModule } from './examples.js';

const PAGE = `# Title

## Use

\`\`\`ts
const a = 1;
a + 1; // => 2
\`\`\`

\`\`\`sh
npm install
\`\`\`

1. In a list
   \`\`\`ts no-run
   fetch('x');
   \`\`\`
`;

const SOURCE = `import x from 'y';
/**
 * Adds.
 *
 * @example
 * \`\`\`ts
 * add(1, 2); // => 3
 * \`\`\`
 */
export function add(a: number, b: number): number { return a + b; }
`;

function example(code: string): Example {
  return { name: 'page.md:10', file: 'page.md', line: 10, code, flags: [] };
}

test('fences of a page are found with their line, heading and flags', () => {
  expect(examplesOfPage('page.md', PAGE)).toEqual([
    { name: 'page.md:6 Use', file: 'page.md', line: 6, code: 'const a = 1;\na + 1; // => 2', flags: [] },
    { name: 'page.md:16 Use', file: 'page.md', line: 16, code: "fetch('x');", flags: ['no-run'] },
  ]);
});

test('fences of doc comments are found with the line and the name they document', () => {
  expect(examplesOfSource('src/add.ts', SOURCE)).toEqual([{ name: 'src/add.ts:7 add', file: 'src/add.ts', line: 7, code: 'add(1, 2); // => 3', flags: [] }]);
});

test.each([
  ['an expression', 'f(1); // => 2', '$equal((f(1)), (2), "page.md:10");'],
  ['a declaration', 'const x = f(1); // => 2', 'const x = f(1); $equal((x), (2), "page.md:10");'],
  ['an expression over several lines', 'f(\n  1,\n); // => { a: 1 }', '$equal((f(\n  1,\n)), ({ a: 1 }), "page.md:10");'],
  ['a comment on the next line', 'f(1);\n// => 2', '$equal((f(1)), (2), "page.md:10");\n// => 2'],
  ['a value over several lines', 'f(1); // => {\n//   a: 1 }', '$equal((f(1)), ({   a: 1 }), "page.md:10");\n//   a: 1 }'],
  ['an approximate value', 'f(1); // ~> 1.5', '$near((f(1)), (1.5), "page.md:10");'],
  ['an error', 'f(1); // => throws some_code', 'await $throws(() => (f(1)), \'some_code\', "page.md:10");'],
  ['a statement in a block', 'if (a) {\n  f(1); // => 2\n}', 'if (a) {\n  $equal((f(1)), (2), "page.md:11");\n}'],
])('%s becomes an assertion on its own line', (_, code, expected) => {
  const { problem, source, assertions } = toModule(example(code));
  expect(problem).toBeUndefined();
  expect(assertions).toBe(1);
  expect(source).toContain(expected);
});

test('a fence that goes on carries the code before it, and lines still count from its own start', () => {
  const { source, lead } = toModule(example('a; // => 1'), 'const a = 1;\nconst b = 2;\n');
  expect(lead).toBe(2);
  expect(source.split('\n')[2]).toContain('$equal((a), (1)');
});

test.each([
  ['a mark after something that is not an expression', 'for (const a of []) {} // => 2'],
  ['a mark with prose instead of a value', 'f(1); // => about two of them'],
  ['a mark after a declaration of two names', 'const a = 1, b = 2; // => 2'],
])('%s is a problem, not a silent comment', (_, code) => {
  expect(toModule(example(code)).problem).toBeDefined();
});

test('assertions fail when the value differs', async () => {
  const issue = createIssue('invalid_date', []);
  const fails = async (run: () => unknown): Promise<void> => {
    await expect((async () => run())()).rejects.toThrow(/page\.md/);
  };
  $equal({ a: 1 }, { a: 1 }, 'page.md:1');
  $near([1 + 1e-12, { b: 1e6 }], [1, { b: 1e6 + 1e-6 }], 'page.md:1');
  await $throws(
    () => {
      throw new DomainError([issue]);
    },
    'invalid_date',
    'page.md:1',
  );
  await fails(() => $equal({ a: 1 }, { a: 2 }, 'page.md:1'));
  await fails(() => $near(1 + 1e-6, 1, 'page.md:1'));
  await fails(() => $near(Number.NaN, 1, 'page.md:1'));
  await fails(() => $near({ a: 1 }, {}, 'page.md:1'));
  await fails(() => $throws(() => 1, 'invalid_date', 'page.md:1'));
  await fails(() =>
    $throws(
      () => {
        throw new DomainError([issue]);
      },
      'invalid_type',
      'page.md:1',
    ),
  );
});
