/* What the architecture tests know of a source file, read from its syntax tree. */
import ts from 'typescript';
import { listFiles, readText } from '../support/layout.js';

/** An import or re-export. */
export interface ImportOf {
  readonly specifier: string;
  readonly line: number;
  /** Import clause as written: `* as z`, `{ a, type B }`. */
  readonly clause: string;
  /** Only types are named, so nothing of it is left at run time. */
  readonly typeOnly: boolean;
}

/** A parsed file of `src`. */
export interface SourceFile {
  /** `src/money/money.ts`. */
  readonly path: string;
  /** `money`, or the empty text for the files at the top of `src`. */
  readonly folder: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
  readonly imports: readonly ImportOf[];
}

/** Every file of `src`. */
export const SOURCES: readonly SourceFile[] = listFiles('src', '.ts').map((path) => {
  const text = readText(path);
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const parts = path.split('/');
  return { path, folder: parts.length > 2 ? (parts[1] ?? '') : '', text, tree, imports: importsOf(tree) };
});

/** The files by path. */
export const SOURCE_BY_PATH: ReadonlyMap<string, SourceFile> = new Map(SOURCES.map((source) => [source.path, source]));

function importsOf(tree: ts.SourceFile): readonly ImportOf[] {
  const imports: ImportOf[] = [];
  const add = (node: ts.Node, specifier: ts.Expression | undefined, clause: ts.Node | undefined): void => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
    imports.push({ specifier: specifier.text, line: lineOf(tree, node), clause: clause?.getText() ?? '', typeOnly: namesTypesOnly(node) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, node.importClause);
    else if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, node.exportClause);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node, node.argument.literal, undefined);
    else if (ts.isCallExpression(node) && (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require'))
      add(node, node.arguments[0], undefined);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return imports;
}

function namesTypesOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true;
  if (ts.isImportDeclaration(node)) {
    const clause = node.importClause;
    if (clause === undefined) return false;
    if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
    const bindings = clause.namedBindings;
    return clause.name === undefined && bindings !== undefined && ts.isNamedImports(bindings) && bindings.elements.every((element) => element.isTypeOnly);
  }
  if (!ts.isExportDeclaration(node)) return false;
  return node.isTypeOnly || (node.exportClause !== undefined && ts.isNamedExports(node.exportClause) && node.exportClause.elements.every((element) => element.isTypeOnly));
}

/** Line of a node, from 1. */
export function lineOf(tree: ts.SourceFile, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}

/** The file that a relative import names, as a path below the repository. */
export function resolveImport(source: SourceFile, specifier: string): string {
  const parts = source.path.split('/').slice(0, -1);
  for (const part of specifier.replace(/\.js$/, '.ts').split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** A name that a folder's index exports, with its declaration. */
export interface PublicExport {
  readonly name: string;
  readonly source: SourceFile;
  readonly declaration: ts.Node;
  /** Subpath folder whose index exports it. */
  readonly folder: string;
}

/** Everything that an index exports, followed through re-exports within `src`. */
export function publicExports(indexPath: string, folder: string): readonly PublicExport[] {
  const found: PublicExport[] = [];
  const collect = (path: string, names: ReadonlyMap<string, string> | undefined, seen: ReadonlySet<string>): void => {
    const source = SOURCE_BY_PATH.get(path);
    if (source === undefined || seen.has(path)) return;
    for (const statement of source.tree.statements) {
      if (ts.isExportDeclaration(statement)) {
        const target = statement.moduleSpecifier !== undefined && ts.isStringLiteral(statement.moduleSpecifier) ? resolveImport(source, statement.moduleSpecifier.text) : undefined;
        if (target === undefined) continue;
        const clause = statement.exportClause;
        if (clause === undefined) collect(target, names, new Set([...seen, path]));
        else if (ts.isNamedExports(clause)) {
          const wanted = new Map<string, string>();
          for (const element of clause.elements) {
            const outer = names === undefined ? element.name.text : names.get(element.name.text);
            if (outer !== undefined) wanted.set((element.propertyName ?? element.name).text, outer);
          }
          if (wanted.size > 0) collect(target, wanted, seen);
        }
        continue;
      }
      for (const [inner, declaration] of declaredExports(statement)) {
        const outer = names === undefined ? inner : names.get(inner);
        if (outer !== undefined) found.push({ name: outer, source, declaration, folder });
      }
    }
  };
  collect(indexPath, undefined, new Set());
  return found;
}

function declaredExports(statement: ts.Statement): readonly (readonly [string, ts.Node])[] {
  if (!ts.canHaveModifiers(statement) || !(ts.getModifiers(statement) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)) return [];
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap((declaration) => (ts.isIdentifier(declaration.name) ? [[declaration.name.text, statement] as const] : []));
  if (
    (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) &&
    statement.name !== undefined
  ) {
    return [[statement.name.text, statement]];
  }
  return [];
}
