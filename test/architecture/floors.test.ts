/* Imports go down only, nothing goes in a circle, and each dependency has one home. */
import { describe, expect, test } from 'vitest';
import { existingFolders, FOLDERS } from '../support/layout.js';
import { resolveImport, SOURCES, type SourceFile } from './source-files.js';

const rank = new Map(FOLDERS.map((folder, index) => [folder.name, { index, floor: folder.floor }]));

function relativeImports(source: SourceFile): readonly { readonly target: string; readonly where: string; readonly typeOnly: boolean }[] {
  return source.imports
    .filter((imported) => imported.specifier.startsWith('.'))
    .map((imported) => ({ target: resolveImport(source, imported.specifier), where: `${source.path}:${imported.line}`, typeOnly: imported.typeOnly }));
}

function folderOf(path: string): string {
  const parts = path.split('/');
  return parts.length > 2 ? (parts[1] ?? '') : '';
}

test('every folder of src is in the list of floors', () => {
  expect(existingFolders().filter((folder) => !rank.has(folder))).toEqual([]);
});

test('imports go down: a folder imports only what stands before it', () => {
  const upward: string[] = [];
  for (const source of SOURCES.filter((candidate) => candidate.folder !== '')) {
    const own = rank.get(source.folder);
    for (const { target, where } of relativeImports(source)) {
      const folder = folderOf(target);
      if (folder === source.folder) continue;
      const other = rank.get(folder);
      if (own === undefined || other === undefined || other.index >= own.index) upward.push(`${where} imports ${target}`);
    }
  }
  expect(upward).toEqual([]);
});

test('the domains of floor 3 do not import each other', () => {
  const sideways: string[] = [];
  for (const source of SOURCES) {
    if (rank.get(source.folder)?.floor !== 3) continue;
    for (const { target, where } of relativeImports(source)) {
      const folder = folderOf(target);
      if (folder !== source.folder && rank.get(folder)?.floor === 3) sideways.push(`${where} imports ${target}`);
    }
  }
  expect(sideways).toEqual([]);
});

test('relative imports name a file that exists', () => {
  const paths = new Set(SOURCES.map((source) => source.path));
  const missing = SOURCES.flatMap((source) =>
    relativeImports(source)
      .filter(({ target }) => !paths.has(target))
      .map(({ target, where }) => `${where} imports ${target}`),
  );
  expect(missing).toEqual([]);
});

test('there is no cycle between files', () => {
  // Types of one folder may name each other (a deal holds events, an event changes a deal); what runs may not, and across folders nothing may.
  const counts = (source: SourceFile, target: string, typeOnly: boolean): boolean => !typeOnly || folderOf(target) !== source.folder;
  const targets = new Map(
    SOURCES.map((source) => [
      source.path,
      relativeImports(source)
        .filter(({ target, typeOnly }) => counts(source, target, typeOnly))
        .map(({ target }) => target),
    ]),
  );
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      return;
    }
    state.set(path, 'open');
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of targets.keys()) visit(path, []);
  expect(cycles).toEqual([]);
});

describe('each dependency has one home', () => {
  const packages = SOURCES.flatMap((source) =>
    source.imports
      .filter((imported) => !imported.specifier.startsWith('.'))
      .map((imported) => ({ ...imported, source, where: `${source.path}:${imported.line} ${imported.specifier}` })),
  );
  const wrong = (mine: (specifier: string) => boolean, right: (use: (typeof packages)[number]) => boolean): readonly string[] =>
    packages.filter((use) => mine(use.specifier) && !right(use)).map((use) => use.where);

  test('decimal.js: src/decimal/exact.ts alone, by name', () => {
    expect(
      wrong(
        (specifier) => specifier.startsWith('decimal.js'),
        (use) => use.source.path === 'src/decimal/exact.ts' && /^\{ ?(type )?Decimal ?\}$/.test(use.clause),
      ),
    ).toEqual([]);
  });

  test('date-fns and @date-fns/utc: src/calendar alone, by subpath', () => {
    expect(
      wrong(
        (specifier) => specifier.startsWith('date-fns') || specifier.startsWith('@date-fns'),
        (use) => use.source.folder === 'calendar' && (use.specifier.startsWith('date-fns/') || use.specifier.startsWith('@date-fns/utc')),
      ),
    ).toEqual([]);
  });

  test('zod: *.schema.ts alone, as a namespace', () => {
    expect(
      wrong(
        (specifier) => specifier.startsWith('zod'),
        (use) => use.source.path.endsWith('.schema.ts') && use.specifier === 'zod' && /^(type )?\* as z$/.test(use.clause),
      ),
    ).toEqual([]);
  });

  test('nothing else is imported', () => {
    expect(packages.filter((use) => !/^(decimal\.js|date-fns\/|@date-fns\/utc|zod$)/.test(use.specifier)).map((use) => use.where)).toEqual([]);
  });
});

test('schemas are reached by their entry only: no other file imports one, and nothing imports the entries', () => {
  const wrong = SOURCES.flatMap((source) =>
    relativeImports(source)
      .filter(
        ({ target }) =>
          target === 'src/schemas.ts' || target === 'src/index.ts' || (target.endsWith('.schema.ts') && source.path !== 'src/schemas.ts' && !source.path.endsWith('.schema.ts')),
      )
      .map(({ target, where }) => `${where} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('a schema stands in the folder of the types it mirrors', () => {
  const apart = SOURCES.filter((source) => source.path.endsWith('.schema.ts')).filter(
    (source) => !relativeImports(source).some(({ target }) => folderOf(target) === source.folder && !target.endsWith('.schema.ts')),
  );
  expect(apart.map((source) => source.path)).toEqual([]);
});

test('imports between files go to the file itself, not to a folder index', () => {
  const wrong = SOURCES.filter((source) => source.folder !== '' && !source.path.endsWith('/index.ts')).flatMap((source) =>
    relativeImports(source)
      .filter(({ target }) => /^src\/[^/]+\/index\.ts$/.test(target))
      .map(({ target, where }) => `${where} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});
