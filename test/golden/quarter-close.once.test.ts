import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { describeWithReference, referencePath } from '../support/reference-data.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const tsx = createRequire(import.meta.url).resolve('tsx/cli');

function run(script: string, args: readonly string[] = []): { readonly out: string; readonly status: number | null } {
  const result = spawnSync(process.execPath, [tsx, '--tsconfig', join(root, 'examples/tsconfig.json'), join(root, script), ...args], { encoding: 'utf8' });
  return { out: `${result.stdout}${result.stderr}`, status: result.status };
}

/** Everything a reader of the demo sees at 100 columns. */
function expectReadable(out: string): void {
  for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
  expect(out).not.toMatch(/NaN|undefined|Infinity|\[object/);
}

describe('the quarter close on the synthetic export', () => {
  const { out, status } = run('examples/quarter-close.ts');

  test('says what was imported, what was set aside and why', () => {
    expect(status).toBe(0);
    expectReadable(out);
    expect(out).toContain('463 rows read: 460 deals (227 won, 121 lost, 112 open), 3 set aside.');
    expect(out).toContain('"AtlasPro" joined to "Atlas Pro" in 41 rows');
    for (const code of ['unmapped_stage', 'duplicate_id', 'invalid_date']) expect(out).toContain(code);
    expect(out).toContain('2 sellers without deals: Ivo Novak, Jana Urban');
  });

  test('shows pipeline, forecast with its range and chance of quota, commissions, and one statement', () => {
    for (const text of [
      'PIPELINE BY STAGE',
      'Win rate',
      'Velocity',
      'FORECAST OF 2025-Q4 AS OF',
      '80 % range',
      'Chance of quota',
      'COMMISSION 2025-Q4',
      'ONE STATEMENT, LINE BY LINE',
      '× 5 %',
    ])
      expect(out).toContain(text);
  });

  test('refuses what it cannot use with a sentence, not a stack', () => {
    for (const args of [['/nowhere'], ['--mode', 'linear'], ['--quarter', '2025-13']]) {
      const refused = run('examples/quarter-close.ts', args);
      expect(refused.status).toBe(1);
      expect(
        refused.out
          .trim()
          .split('\n')
          .filter((line) => !line.startsWith('npm ')).length,
      ).toBeLessThanOrEqual(2);
    }
  });

  test('its files are what the committed script makes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sample-'));
    try {
      cpSync(join(root, 'examples/data'), folder, { recursive: true });
      const files = readdirSync(folder).filter((file) => file.endsWith('.csv') && file !== 'retail-sales.csv');
      const before = new Map(files.map((file) => [file, readFileSync(join(root, 'examples/data', file), 'utf8')]));
      expect(run('examples/data/make-sample.ts', ['--out', folder]).status).toBe(0);
      for (const file of ['sales_pipeline.csv', 'sales_teams.csv', 'products.csv', 'accounts.csv']) expect(readFileSync(join(folder, file), 'utf8')).toBe(before.get(file));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describeWithReference('the quarter close on the CRM sample', () => {
  test('the whole file', () => {
    const { out } = run('examples/quarter-close.ts', [referencePath('data/maven-crm')]);
    expectReadable(out);
    for (const text of [
      '8,800 rows read: 8,800 deals (4,238 won, 2,473 lost, 2,089 open), 0 set aside.',
      'joined to "GTX Pro" in 1,480 rows',
      'Win rate        63.15 %',
      'mean 51.8 days, median 57',
      '193,224.27 USD a day (N = closed deals)',
      '60,146.85 USD a day (N = open deals)',
      'Won value       10,005,534.00 USD',
      'Commission      704,202.02 USD',
      'QUARTER 2017-Q4',
    ]) {
      expect(out).toContain(text);
    }
  });

  test.each([
    ['marginal', '7,970.60'],
    ['whole-amount', '13,470.60'],
  ])('one quarter, %s', (mode, amount) => {
    const { out } = run('examples/quarter-close.ts', [referencePath('data/maven-crm'), '--quarter', '2017-Q1', '--mode', mode]);
    expectReadable(out);
    expect(out).toMatch(new RegExp(`Darcel Schlecht +Central +\\d+ +112,255 +112.3 % +${amount.replace('.', '\\.')}`));
  });

  test('the whole file, whole amount', () => {
    expect(run('examples/quarter-close.ts', [referencePath('data/maven-crm'), '--mode', 'whole-amount']).out).toContain('Commission      984,202.02 USD');
  });
});
