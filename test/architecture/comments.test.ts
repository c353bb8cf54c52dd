/* Every public name is documented the same way. */
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { presentFolders } from '../support/layout.js';
import { publicExports } from './source-files.js';

function tagsOf(node: ts.Node): readonly ts.JSDocTag[] {
  // A comment above overloads belongs to the first; the implementation has none of its own.
  return ts.getJSDocTags(node);
}

function tagText(tag: ts.JSDocTag | undefined): string {
  return (ts.getTextOfJSDocComment(tag?.comment) ?? '').trim();
}

function hasSummary(node: ts.Node): boolean {
  return ts.getJSDocCommentsAndTags(node).some((part) => ts.isJSDoc(part) && (ts.getTextOfJSDocComment(part.comment) ?? '').trim() !== '');
}

describe.each(presentFolders().map((folder) => folder.name))('%s', (folder) => {
  const exported = publicExports(`src/${folder}/index.ts`, folder);
  const where = (entry: (typeof exported)[number]): string => `${entry.source.path} ${entry.name}`;
  // Overloads are several declarations of one name; the first carries the comment.
  const first = exported.filter(
    (entry, index) =>
      exported.findIndex(
        (other) => other.name === entry.name && other.source === entry.source && ts.isFunctionDeclaration(other.declaration) === ts.isFunctionDeclaration(entry.declaration),
      ) === index,
  );
  // A name that comes from a lower folder is documented there.
  const own = first.filter((entry) => entry.source.folder === folder);

  test('exports something', () => {
    expect(exported.length).toBeGreaterThan(0);
  });

  test('every export has a summary', () => {
    expect(own.filter((entry) => !hasSummary(entry.declaration)).map(where)).toEqual([]);
  });

  test('every export has exactly one @category, its folder', () => {
    const wrong = own.filter((entry) => {
      const categories = tagsOf(entry.declaration)
        .filter((tag) => tag.tagName.text === 'category')
        .map((tag) => tagText(tag).toLowerCase());
      return categories.length !== 1 || categories[0] !== folder;
    });
    expect(wrong.map(where)).toEqual([]);
  });

  test('every exported function has a runnable @example, @returns unless it returns nothing, and @param for each parameter', () => {
    const wrong = own.flatMap((entry) => {
      const { declaration } = entry;
      if (!ts.isFunctionDeclaration(declaration)) return [];
      const tags = tagsOf(declaration);
      const has = (name: string): boolean => tags.some((tag) => tag.tagName.text === name);
      const problems: string[] = [];
      if (!tags.some((tag) => tag.tagName.text === 'example' && /```ts(?! no-run)/.test(tag.getText()))) problems.push('@example');
      const returns = declaration.type?.getText(entry.source.tree);
      if (returns === undefined) problems.push('an explicit return type');
      if (returns !== 'void' && !returns?.startsWith('asserts ') && !has('returns')) problems.push('@returns');
      const documented = new Set(tags.filter(ts.isJSDocParameterTag).map((tag) => tag.name.getText(entry.source.tree)));
      for (const parameter of declaration.parameters) {
        const name = parameter.name.getText(entry.source.tree);
        if (ts.isIdentifier(parameter.name) && !documented.has(name)) problems.push(`@param ${name}`);
      }
      return problems.length === 0 ? [] : [`${where(entry)}: lacks ${problems.join(', ')}`];
    });
    expect(wrong).toEqual([]);
  });

  test('every exported function takes at most two positional arguments and then options', () => {
    const wrong = own.filter((entry) => ts.isFunctionDeclaration(entry.declaration) && entry.declaration.parameters.length > 3);
    expect(wrong.map(where)).toEqual([]);
  });
});

describe('schemas', () => {
  const exported = publicExports('src/schemas.ts', 'schemas');

  test('every export has a summary and exactly one @category', () => {
    const wrong = exported.filter((entry) => !hasSummary(entry.declaration) || tagsOf(entry.declaration).filter((tag) => tag.tagName.text === 'category').length !== 1);
    expect(wrong.map((entry) => `${entry.source.path} ${entry.name}`)).toEqual([]);
  });
});
