/* The programs in examples/ run as they stand, without a build. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROOT } from '../support/layout.js';

const programs = existsSync(`${ROOT}examples`) ? readdirSync(`${ROOT}examples`).filter((file) => file.endsWith('.ts')) : [];

test('there is a program to run', () => {
  expect(programs).not.toEqual([]);
});

test.each(programs)('examples/%s', (program) => {
  const run = spawnSync(process.execPath, ['node_modules/tsx/dist/cli.mjs', '--tsconfig', 'examples/tsconfig.json', `examples/${program}`], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 100_000,
  });
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);
  expect(run.stdout.trim()).not.toBe('');
});
