import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

/** One entry per subpath: every folder of `src` with an index, beside the main entry and the schemas. */
const folders = readdirSync('src', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(`src/${entry.name}/index.ts`))
  .map((entry) => entry.name);
const subpaths = { index: 'src/index.ts', schemas: 'src/schemas.ts', ...Object.fromEntries(folders.map((folder) => [folder, `src/${folder}/index.ts`])) };

/**
 * decimal.js cannot be tree-shaken, so whatever shares a chunk with its importer costs 13 kB. Modules that are entries are never merged with others:
 * making entries of the importer and of what it imports keeps it alone. These files are not in `exports`.
 */
const exact = 'src/decimal/exact.ts';
const neighbours = [...readFileSync(exact, 'utf8').matchAll(/from '\.\/([\w-]+)\.js'/g)].map((match) => `src/decimal/${match[1]}.ts`);
const apart = Object.fromEntries([exact, ...neighbours].map((file) => [file.replace(/^src\//, 'internal/').replace(/\.ts$/, ''), file]));

export default defineConfig({
  entry: { ...subpaths, ...apart },
  format: ['esm', 'cjs'],
  target: 'es2022',
  platform: 'neutral',
  splitting: true,
  treeshake: true,
  sourcemap: false,
  clean: true,
  silent: process.env['CI'] === 'true',
  // Text in other alphabets stays as it is instead of six characters a letter.
  esbuildOptions: (options) => {
    options.charset = 'utf8';
  },
  // tsup sets `baseUrl` for the declaration build, which TypeScript 6 deprecates.
  dts: { entry: subpaths, compilerOptions: { ignoreDeprecations: '6.0' } },
});
