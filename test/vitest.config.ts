import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

export default defineConfig({
  root,
  resolve: { alias: [{ find: /^dealwright\/(.+)$/, replacement: `${root}src/$1/index.ts` }, { find: /^dealwright$/, replacement: `${root}src/index.ts` }] },
  test: { include: ['test/**/*.test.ts'], pool: 'forks' },
});
