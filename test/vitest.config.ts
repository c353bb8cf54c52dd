/*
 * Which tests run where.
 *
 * - `zone:<name>`: everything in test/<folder> and test/golden, once per host time zone, since no figure may depend on it.
 *   `npm test` runs all four zones; a plain `vitest run` runs UTC only. TEST_ZONES=all asks for all.
 * - `once`: files named *.property.test.ts, *.oracle.test.ts and *.once.test.ts, and the folders properties and oracles: slow, and no zone can reach them.
 * - `architecture`, `docs`, `package`: see the folders of these names. `package` needs the build (`npm run build`).
 */
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { TIME_ZONES } from './support/time-zones.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const zones = process.env['TEST_ZONES'] === 'all' ? TIME_ZONES : TIME_ZONES.slice(0, 1);

const ONCE = ['test/**/*.property.test.ts', 'test/**/*.oracle.test.ts', 'test/**/*.once.test.ts', 'test/properties/**/*.test.ts', 'test/oracles/**/*.test.ts'];
const APART = ['test/architecture/**', 'test/docs/**', 'test/package/**', 'test/.generated/**'];

function project(name: string, test: { include: string[]; exclude?: string[]; timeZone?: string; timeout?: number; globalSetup?: string }): TestProjectConfiguration {
  return {
    extends: true,
    test: {
      name,
      include: test.include,
      exclude: ['**/node_modules/**', ...(test.exclude ?? [])],
      // The zone is read once per process, so it must be in the environment of a fork; threads ignore it.
      pool: 'forks',
      isolate: false,
      env: { TZ: test.timeZone ?? 'UTC' },
      globalSetup: test.globalSetup ?? [],
      setupFiles: ['test/support/assert-time-zone.ts'],
      testTimeout: test.timeout ?? 30_000,
      hookTimeout: test.timeout ?? 30_000,
    },
  };
}

export default defineConfig({
  root,
  resolve: {
    alias: [
      { find: /^dealwright\/schemas$/, replacement: `${root}src/schemas.ts` },
      { find: /^dealwright\/([^/]+)$/, replacement: `${root}src/$1/index.ts` },
      { find: /^dealwright$/, replacement: `${root}src/index.ts` },
    ],
  },
  test: {
    projects: [
      ...zones.map((zone) => project(`zone:${zone.name}`, { include: ['test/**/*.test.ts'], exclude: [...ONCE, ...APART], timeZone: zone.timeZone })),
      project('once', { include: ONCE, exclude: APART, timeout: 120_000 }),
      project('architecture', { include: ['test/architecture/**/*.test.ts'], timeout: 60_000 }),
      project('docs', { include: ['test/docs/**/*.test.ts'], timeout: 120_000 }),
      project('package', { include: ['test/package/**/*.test.ts'], globalSetup: 'test/package/install.ts', timeout: 240_000 }),
    ],
  },
});
