import { defineConfig } from 'vitest/config';
const root = '/work/main/';
export default defineConfig({ root, resolve: { alias: [{ find: /^dealwright\/deals$/, replacement: '/tmp/pl/deals-index.ts' }, { find: /^dealwright\/([^/]+)$/, replacement: `${root}src/$1/index.ts` }] }, test: { include: ['test/pipelines/**/*.test.ts','test/golden/maven-pipeline.test.ts'], testTimeout: 60000 } });
