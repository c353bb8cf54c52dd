/* The table of error codes, what src raises, and what the comments promise agree. */
import ts from 'typescript';
import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/errors/codes.js';
import { lineOf, SOURCES } from './source-files.js';

const known = new Set<string>(Object.keys(ERROR_CODES));

/** Codes that a folder still being written will raise. Must be empty at a release; the test below says when an entry can go. */
const PENDING: readonly string[] = [];

const literals = new Set<string>();
const raised: { readonly code: string; readonly where: string }[] = [];
for (const source of SOURCES) {
  if (source.path === 'src/errors/codes.ts') continue;
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) literals.add(node.text);
    if (ts.isCallExpression(node) && ['createIssue', 'createDomainError'].includes(node.expression.getText(source.tree))) {
      for (const code of codesOf(node.arguments[0])) raised.push({ code, where: `${source.path}:${lineOf(source.tree, node)}` });
    }
    ts.forEachChild(node, visit);
  };
  visit(source.tree);
}

/** A code is written out, or one of two in a conditional. */
function codesOf(node: ts.Expression | undefined): readonly string[] {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node)) return [...codesOf(node.whenTrue), ...codesOf(node.whenFalse)];
  return ts.isParenthesizedExpression(node) ? codesOf(node.expression) : [];
}

test('every code that is raised is in the table', () => {
  expect(raised.filter(({ code }) => !known.has(code)).map(({ code, where }) => `${where} ${code}`)).toEqual([]);
});

test('every code of the table is raised somewhere', () => {
  const unused = [...known].filter((code) => !literals.has(code) && !PENDING.includes(code));
  expect(unused, `codes that nothing in src raises: ${unused.join(', ')}`).toEqual([]);
});

test('the list of pending codes holds only codes that are pending', () => {
  expect(PENDING.filter((code) => literals.has(code) || !known.has(code))).toEqual([]);
});

test('codes are snake_case', () => {
  expect([...known].filter((code) => !/^[a-z]+(_[a-z0-9]+)*$/.test(code))).toEqual([]);
});

test('every code that a comment promises with @throws is in the table', () => {
  const wrong = SOURCES.flatMap((source) =>
    [...source.text.matchAll(/@throws\s+(?:\{@link )?DomainError\}?([^@]*?)(?=\n\s*\*\s*(?:@|```)|\*\/)/g)].flatMap((match) =>
      [...(match[1] ?? '').matchAll(/`([a-z]+(?:_[a-z0-9]+)+)`/g)].filter(([, code = '']) => !known.has(code)).map(([, code = '']) => `${source.path}: @throws ${code}`),
    ),
  );
  expect(wrong).toEqual([]);
});
