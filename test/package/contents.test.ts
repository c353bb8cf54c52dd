import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { CEILINGS } from './ceilings.js';

interface Manifest {
  readonly exports: Readonly<Record<string, string | Readonly<Record<'import' | 'require', { readonly types: string; readonly default: string }>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: unknown;
  readonly [key: string]: unknown;
}

const project = inject('project');
const installed = join(project, 'node_modules/dealwright');
const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Manifest;

test('the archive holds the build, the texts and nothing else', () => {
  const unexpected = inject('packedFiles').filter(
    (file) =>
      !/^dist\/(internal\/[a-z-]+\/)?[\w-]+\.(js|cjs|d\.ts|d\.cts)$/.test(file) && !/^(package\.json|README\.md|LICENSE|CHANGELOG\.md|docs\/(llms\.txt|errors\.md))$/.test(file),
  );
  expect(unexpected).toEqual([]);
  for (const file of ['README.md', 'LICENSE', 'CHANGELOG.md', 'docs/llms.txt', 'dist/index.js']) expect(inject('packedFiles')).toContain(file);
});

test('the archive is small', () => {
  expect(inject('unpackedSize')).toBeLessThan(CEILINGS.unpackedBytes);
});

test('every target of exports is there', () => {
  const targets = Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === 'string' ? [entry] : [entry.import.types, entry.import.default, entry.require.types, entry.require.default],
  );
  expect(targets.filter((target) => !existsSync(join(installed, target)))).toEqual([]);
});

test('installing it brings its dependencies and the peer zod, and nothing else', () => {
  expect(Object.keys(manifest.dependencies).sort()).toEqual(['@date-fns/utc', 'date-fns', 'decimal.js']);
  expect(manifest.peerDependencies).toEqual({ zod: '^4.3.0' });
  expect(manifest.peerDependenciesMeta).toBeUndefined();
  const top = readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.') && name !== '@types' && name !== 'undici-types');
  expect(top.sort()).toEqual(['@date-fns', 'date-fns', 'dealwright', 'decimal.js', 'zod']);
  expect(existsSync(join(installed, 'node_modules'))).toBe(false);
});

test('the manifest says what the registry and the bundlers need', () => {
  expect(manifest).toMatchObject({
    name: 'dealwright',
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19' },
    publishConfig: { access: 'public', provenance: true },
  });
  expect(manifest['repository']).toBeDefined();
});

test('no dependency is bundled into the build', () => {
  const dist = join(installed, 'dist');
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(js|cjs)$/.test(file));
  const bundled = files.filter((file) => /DecimalError|ZodError|class UTCDateMini/.test(readFileSync(join(dist, file), 'utf8')));
  expect(bundled).toEqual([]);
});
