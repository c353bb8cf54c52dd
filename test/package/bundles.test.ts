/* What a consumer's bundle costs, and what must not be in it. */
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, inject, test } from 'vitest';
import { presentFolders, specifierOf, subpaths } from '../support/layout.js';
import { type BundleCeiling, CEILINGS } from './ceilings.js';

const project = inject('project');
const folders = new Set([...presentFolders().map((folder) => folder.name), 'schemas']);
const rows: readonly BundleCeiling[] = CEILINGS.bundles;

async function bundle(code: string, external: readonly string[] = []): Promise<{ readonly gzip: number; readonly packages: readonly string[]; readonly text: string }> {
  const result = await build({
    stdin: { contents: code, resolveDir: project, loader: 'js' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    write: false,
    metafile: true,
    external: [...external],
    logLevel: 'silent',
    absWorkingDir: project,
  });
  const [output] = result.outputFiles;
  const [meta] = Object.values(result.metafile.outputs);
  if (output === undefined || meta === undefined) throw new Error('no bundle');
  const packages = new Set(
    Object.entries(meta.inputs)
      .filter(([, input]) => input.bytesInOutput > 0)
      .map(([file]) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? file),
  );
  return { gzip: gzipSync(output.contents, { level: 9 }).length, packages: [...packages], text: output.text };
}

test.each(rows.filter((row) => folders.has(row.folder)).map((row) => [`${row.names.length === 0 ? 'all' : row.names.join(', ')} of dealwright/${row.folder}`, row] as const))(
  '%s',
  async (_, row) => {
    const specifier = `dealwright/${row.folder}`;
    const code = row.names.length === 0 ? `export * from '${specifier}';` : `export { ${row.names.join(', ')} } from '${specifier}';`;
    const { gzip, packages, text } = await bundle(code);
    expect(packages.filter((name) => row.without.includes(name))).toEqual([]);
    if (row.without.includes('decimal.js')) expect(text).not.toContain('DecimalError');
    if (row.without.includes('zod')) expect(text).not.toContain('ZodError');
    expect(gzip).toBeLessThanOrEqual(row.gzip);
  },
);

test('importing an entry and using nothing of it costs nothing', async () => {
  const code = subpaths()
    .map((subpath, index) => `import * as entry${index} from '${specifierOf(subpath)}';`)
    .join('\n');
  // zod and decimal.js do not say that they are free of side effects; what they leave behind is not ours.
  const { text } = await bundle(code, ['zod', 'decimal.js']);
  expect(text.replace(/import\s*"(zod|decimal\.js)";?/g, '').trim()).toBe('');
});

test('one name from the main entry costs what it costs from its own', async () => {
  const own = await bundle("export { isDomainError } from 'dealwright/errors';");
  const main = await bundle("export { isDomainError } from 'dealwright';");
  expect(main.gzip).toBeLessThanOrEqual(own.gzip + 50);
});
