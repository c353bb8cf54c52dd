/* Nothing in src knows the clock, the host, chance, or the console; and nothing runs when it is loaded. */
import ts from 'typescript';
import { expect, test } from 'vitest';
import { lineOf, SOURCES, type SourceFile } from './source-files.js';

/** Globals of a host, and what a bare engine may lack. */
const BANNED_GLOBALS = new Set(
  `console process window document globalThis global self require module Buffer fetch crypto performance navigator localStorage setTimeout setInterval
   setImmediate queueMicrotask structuredClone TextEncoder TextDecoder URL WebAssembly SharedArrayBuffer Atomics eval Function`.split(/\s+/),
);
const BANNED_MEMBERS = new Set(['Date.now', 'Math.random', 'Object.groupBy', 'Map.groupBy', 'Array.fromAsync', 'Promise.withResolvers']);
/** Newer than ES2022, or dependent on the host's locale. */
const BANNED_METHODS = new Set(
  `toSorted toReversed toSpliced findLast findLastIndex isWellFormed toWellFormed toLocaleString toLocaleDateString toLocaleTimeString localeCompare`.split(' '),
);

function findings(source: SourceFile, find: (node: ts.Node) => string | undefined): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const finding = find(node);
    if (finding !== undefined) found.push(`${source.path}:${lineOf(source.tree, node)} ${finding}`);
    ts.forEachChild(node, visit);
  };
  visit(source.tree);
  return found;
}

/** Whether an identifier stands for a value that it reads, not for a property, a key or a declaration. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isTypeNode(parent) || ts.isTypeElement(parent) || ts.isQualifiedName(parent)) return false;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if ((ts.isPropertyAssignment(parent) || ts.isBindingElement(parent)) && (parent as { propertyName?: ts.Node; name: ts.Node }).name === node) return false;
  if (ts.isBindingElement(parent) && parent.propertyName === node) return false;
  if ((ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isFunctionDeclaration(parent) || ts.isPropertyDeclaration(parent)) && parent.name === node) return false;
  return !ts.isImportSpecifier(parent) && !ts.isExportSpecifier(parent);
}

/** Names declared anywhere in the file: a parameter called `global` or `module` is not the host's. */
function declaredNames(source: SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (
      (ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node) || ts.isFunctionDeclaration(node) || ts.isImportSpecifier(node)) &&
      node.name !== undefined &&
      ts.isIdentifier(node.name)
    ) {
      names.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source.tree);
  return names;
}

test('no host global, clock or chance', () => {
  const found = SOURCES.flatMap((source) => {
    const declared = declaredNames(source);
    return findings(source, (node) => {
      if (ts.isIdentifier(node) && BANNED_GLOBALS.has(node.text) && !declared.has(node.text) && isReference(node)) return node.text;
      if (ts.isPropertyAccessExpression(node)) {
        const text = `${node.expression.getText(source.tree)}.${node.name.text}`;
        if (BANNED_MEMBERS.has(text)) return text;
        if (BANNED_METHODS.has(node.name.text)) return `.${node.name.text}`;
      }
      if (ts.isNewExpression(node) && node.expression.getText(source.tree) === 'Date' && (node.arguments ?? []).length === 0) return 'new Date() without an argument';
      if (ts.isCallExpression(node) && node.expression.getText(source.tree) === 'Date') return 'Date() as a function';
      return undefined;
    });
  });
  expect(found).toEqual([]);
});

test('no default export, enum, namespace or class but DomainError', () => {
  const found = SOURCES.flatMap((source) =>
    findings(source, (node) => {
      if (ts.isExportAssignment(node)) return 'export default';
      if (node.kind === ts.SyntaxKind.DefaultKeyword && ts.canHaveModifiers(node.parent)) return 'export default';
      if (ts.isEnumDeclaration(node)) return 'enum';
      if (ts.isModuleDeclaration(node)) return 'namespace';
      if ((ts.isClassDeclaration(node) || ts.isClassExpression(node)) && node.name?.text !== 'DomainError') return `class ${node.name?.text ?? ''}`;
      return undefined;
    }),
  );
  expect(found).toEqual([]);
});

test('loading a file computes nothing: calls at module level are marked pure, and there is no Intl, throw or loop', () => {
  const found = SOURCES.flatMap((source) =>
    source.tree.statements.flatMap((statement) => {
      if (
        ts.isExpressionStatement(statement) ||
        ts.isForStatement(statement) ||
        ts.isForOfStatement(statement) ||
        ts.isWhileStatement(statement) ||
        ts.isIfStatement(statement) ||
        ts.isThrowStatement(statement)
      ) {
        return [`${source.path}:${lineOf(source.tree, statement)} ${statement.getText(source.tree).split('\n')[0] ?? ''}`];
      }
      if (!ts.isVariableStatement(statement)) return [];
      return impureCalls(source, statement);
    }),
  );
  expect(found).toEqual([]);
});

/** Calls run by a module-level declaration that no annotation covers. A `new` of a built-in collection is dropped by bundlers by itself; schemas are used whole. */
function impureCalls(source: SourceFile, statement: ts.VariableStatement): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const callee = node.expression.getText(source.tree);
      const known =
        ts.isNewExpression(node) && ['Set', 'Map', 'WeakMap', 'WeakSet'].includes(callee) && (node.arguments ?? []).every((argument) => ts.isArrayLiteralExpression(argument));
      if (!known && callee !== 'Symbol.for' && !isMarkedPure(source, node) && !source.path.endsWith('.schema.ts'))
        found.push(`${source.path}:${lineOf(source.tree, node)} ${callee}(…) at module level without /* @__PURE__ */`);
      if (callee.startsWith('Intl.')) found.push(`${source.path}:${lineOf(source.tree, node)} Intl at load time`);
      return;
    }
    ts.forEachChild(node, visit);
  };
  for (const declaration of statement.declarationList.declarations) if (declaration.initializer !== undefined) visit(declaration.initializer);
  return found;
}

function isMarkedPure(source: SourceFile, node: ts.Node): boolean {
  const comments = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
  const inline = source.text.slice(node.getFullStart(), node.getStart(source.tree));
  return /[@#]__PURE__/.test(inline) || comments.some((comment) => /[@#]__PURE__/.test(source.text.slice(comment.pos, comment.end)));
}

test('no non-null assertion and no any', () => {
  const found = SOURCES.flatMap((source) =>
    findings(source, (node) => (ts.isNonNullExpression(node) ? `${node.getText(source.tree)}: non-null assertion` : node.kind === ts.SyntaxKind.AnyKeyword ? 'any' : undefined)),
  );
  expect(found).toEqual([]);
});
