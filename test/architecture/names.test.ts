/* Where things stand and what they are called. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { derivedFiles } from '../support/derived-files.js';
import { ROOT, readText, subpaths } from '../support/layout.js';
import { SOURCES } from './source-files.js';

const TOP_LEVEL = ['CHANGELOG.md', 'LICENSE', 'README.md', 'docs', 'examples', 'package-lock.json', 'package.json', 'src', 'test', 'tsconfig.json', 'tsup.config.ts'];

test('the top level is exactly what it is meant to be', () => {
  const entries = readdirSync(ROOT).filter((entry) => !entry.startsWith('.') && !['node_modules', 'dist', 'coverage'].includes(entry));
  expect(entries.sort()).toEqual(TOP_LEVEL);
});

test('what is made by tools is ignored by git', () => {
  const made = ['node_modules/x', 'dist/x', 'docs/api/x', 'coverage/x', 'test/.generated/x', 'dealwright-1.0.0.tgz'];
  const run = spawnSync('git', ['check-ignore', ...made], { cwd: ROOT, encoding: 'utf8' });
  // Outside a repository (an unpacked archive) there is nothing to ask.
  if (run.status === 128) return;
  expect(run.stdout.trim().split('\n')).toEqual(made);
});

test('nothing is called utils, helpers, common, misc, core or manager', () => {
  const banned = /(^|[/.-])(utils?|utilities|helpers?|common|misc|core|managers?|shared|lib)([/.-]|$)/;
  expect(SOURCES.map((source) => source.path).filter((path) => banned.test(path.slice('src/'.length)))).toEqual([]);
});

test('files and folders are in kebab-case', () => {
  const wrong = SOURCES.map((source) => source.path).filter((path) => !path.split('/').every((part) => /^[a-z0-9]+(-[a-z0-9]+)*(\.schema)?(\.ts)?$/.test(part)));
  expect(wrong).toEqual([]);
});

test.each(derivedFiles().map((file) => [file.path, file] as const))('%s is up to date (npm run sync)', (path, file) => {
  expect(existsSync(`${ROOT}${path}`)).toBe(true);
  expect(readText(path)).toBe(file.text);
});

test('package.json exports exactly the subpaths that exist', () => {
  const manifest = JSON.parse(readText('package.json')) as { readonly exports: Readonly<Record<string, unknown>> };
  expect(Object.keys(manifest.exports)).toEqual([...subpaths(), './package.json']);
});

test('every index says what its folder is', () => {
  const silent = SOURCES.filter((source) => /^src\/[^/]+\/index\.ts$/.test(source.path)).filter((source) => !/^\/\*\*[\s\S]*?@module [a-z]+\n \*\//.test(source.text));
  expect(silent.map((source) => source.path)).toEqual([]);
});

test('the index of a folder only re-exports', () => {
  const wrong = SOURCES.filter((source) => /^src\/[^/]+\/index\.ts$/.test(source.path)).flatMap((source) =>
    source.text
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/^\s*\/\/.*$/gm, '')
      .split(';')
      .map((statement) => statement.trim())
      .filter((statement) => statement !== '' && !/^export (type )?(\{[\s\S]*\}|\*) from '[^']+'$/.test(statement))
      .map((statement) => `${source.path}: ${statement.split('\n')[0] ?? ''}`),
  );
  expect(wrong).toEqual([]);
});
