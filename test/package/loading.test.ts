/* Every subpath loads as an ES module and by require, in a process of its own, quickly, and gives the same names. */
import { spawnSync } from 'node:child_process';
import { describe, expect, inject, test } from 'vitest';
import { specifierOf, subpaths } from '../support/layout.js';
import { CEILINGS } from './ceilings.js';

const project = inject('project');

function run(script: string, type: 'module' | 'commonjs'): string {
  const result = spawnSync(process.execPath, [`--input-type=${type}`, '--eval', script], { cwd: project, encoding: 'utf8' });
  expect(result.stderr).toBe('');
  return result.stdout;
}

function importTime(specifier: string): number {
  const script = `const before = process.cpuUsage(); await import('${specifier}'); const { user, system } = process.cpuUsage(before); process.stdout.write(String((user + system) / 1000));`;
  return Number(run(script, 'module'));
}

describe.each(subpaths())('%s', (subpath) => {
  const specifier = specifierOf(subpath);

  test('import and require give the same names, and no default', () => {
    const fromImport = run(`process.stdout.write(JSON.stringify(Object.keys(await import('${specifier}')).sort()))`, 'module');
    const fromRequire = run(`process.stdout.write(JSON.stringify(Object.keys(require('${specifier}')).sort()))`, 'commonjs');
    expect(JSON.parse(fromRequire)).toEqual(JSON.parse(fromImport));
    expect(JSON.parse(fromImport)).not.toContain('default');
  });

  test('loads within its share of CPU time', () => {
    const ceiling = subpath === './schemas' ? CEILINGS.importMilliseconds.schemas : CEILINGS.importMilliseconds.default;
    let best = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 6 && best > ceiling; attempt += 1) best = Math.min(best, importTime(specifier));
    expect(best).toBeLessThan(ceiling);
  });
});

test('only the schemas entry loads zod', () => {
  const others = subpaths().filter((subpath) => subpath !== './schemas');
  const script = `
    for (const specifier of ${JSON.stringify(others.map(specifierOf))}) require(specifier);
    const before = Object.keys(require.cache).filter((file) => file.includes('/node_modules/zod/')).length;
    process.stdout.write(String(before));`;
  expect(run(script, 'commonjs')).toBe('0');
});

test('an error thrown by one copy is recognised by another', () => {
  const script = `
    import { createRequire } from 'node:module';
    import { DomainError, isDomainError } from 'dealwright/errors';
    const { parseDecimal } = createRequire(process.cwd() + '/index.js')('dealwright/decimal');
    try { parseDecimal('1_000'); } catch (error) { process.stdout.write([isDomainError(error, 'invalid_decimal'), error instanceof DomainError].join()); }`;
  expect(run(script, 'module')).toBe('true,false');
});

test('internals cannot be reached', () => {
  for (const path of ['dealwright/dist/internal/decimal/exact.js', 'dealwright/internal/decimal/exact']) {
    const result = spawnSync(process.execPath, ['--input-type=module', '--eval', `await import('${path}')`], { cwd: project, encoding: 'utf8' });
    expect(result.stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  }
});
