/*
 * Runs what decides whether the library is right, and counts.
 *
 *   node test/run.mjs test    builds, then type tests, unit, property and golden tests in all time zones, oracles, architecture, documentation, package
 *   node test/run.mjs check   lint, formatting, type-check, publint, attw, API reference, lock file
 *   node test/run.mjs total   adds up what the two before left behind: the last line of the CI
 *
 * Each ends with one line `N passed, N failed` and exits non-zero when something failed. A step that is not a test suite counts as one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = `${root}node_modules/.cache/dealwright`;
const STEP_LIMIT = 30 * 60 * 1000;

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ name: string, run: () => Counts }} Step */

/**
 * Runs a program of node_modules and gives its exit status; a crash or a time-out is 1.
 *
 * @param {readonly string[]} command
 * @param {Record<string, string>} [environment]
 */
function node(command, environment = {}) {
  const [program = '', ...args] = command;
  const result = spawnSync(process.execPath, [`${root}node_modules/${program}`, ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: STEP_LIMIT,
  });
  if (result.error !== undefined) console.error(result.error.message);
  return result.status ?? 1;
}

/**
 * A step that passes or fails as a whole.
 *
 * @param {string} name
 * @param {readonly string[]} command
 * @returns {Step}
 */
function check(name, command) {
  return { name, run: () => (node(command) === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 }) };
}

/**
 * Some projects of the test configuration. A crash, an error outside a test, or a run without tests counts as a failure.
 *
 * @param {string} name
 * @param {readonly string[]} projects
 * @returns {Step}
 */
function suite(name, projects) {
  return {
    name,
    run: () => {
      const report = `${cache}/${name.replaceAll(/\W+/g, '-')}.json`;
      rmSync(report, { force: true });
      const status = node(
        [
          'vitest/vitest.mjs',
          'run',
          '--config',
          'test/vitest.config.ts',
          '--reporter=default',
          '--reporter=json',
          `--outputFile.json=${report}`,
          ...projects.map((project) => `--project=${project}`),
        ],
        { TEST_ZONES: 'all' },
      );
      const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = readJson(report) ?? {};
      const failed = numFailedTests === 0 && (status !== 0 || numPassedTests === 0) ? 1 : numFailedTests;
      return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests };
    },
  };
}

/** @param {string} path */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

const types = (/** @type {string} */ name, /** @type {string} */ project) =>
  check(`types of ${name}`, ['typescript/bin/tsc', '-p', project, '--incremental', '--tsBuildInfoFile', `${cache}/${name}.tsbuildinfo`]);
const build = check('build', ['tsup/dist/cli-default.js']);

/** @type {Record<string, () => readonly Step[]>} */
const plans = {
  test: () => [build, types('tests', 'test'), suite('tests', ['zone:*', 'once']), suite('architecture and documentation', ['architecture', 'docs']), suite('package', ['package'])],
  check: () => [
    ...(existsSync(`${root}dist/index.d.cts`) ? [] : [build]),
    types('library', '.'),
    types('tests', 'test'),
    check('formatting and lint (biome)', ['@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']),
    check('lint (eslint)', ['eslint/bin/eslint.js', '--config', 'test/eslint.config.js', '--max-warnings', '0', '.']),
    check('manifest (publint)', ['publint/src/cli.js', 'run', '.', '--strict']),
    check('types resolve (attw)', ['@arethetypeswrong/cli/dist/index.js', '--pack', '.', '--profile', 'node16', '--format', 'ascii']),
    check('API reference (typedoc)', ['typedoc/bin/typedoc', '--options', 'docs/typedoc.json']),
    check('lock file', ['../test/support/check-lock.mjs']),
  ],
};

/** @param {string} name */
function runPlan(name) {
  mkdirSync(cache, { recursive: true });
  rmSync(`${cache}/${name}.json`, { force: true });
  const total = { passed: 0, failed: 0, skipped: 0 };
  const lines = [];
  for (const step of plans[name]?.() ?? []) {
    console.log(`\n── ${step.name}`);
    const started = Date.now();
    const counts = step.run();
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
    lines.push(
      `${counts.failed === 0 ? 'ok  ' : 'FAIL'} ${step.name}: ${counts.passed} passed, ${counts.failed} failed${skipped} (${Math.round((Date.now() - started) / 1000)} s)`,
    );
  }
  writeFileSync(`${cache}/${name}.json`, JSON.stringify(total));
  console.log(`\n${lines.join('\n')}`);
  return total;
}

/** What the CI prints: both totals, where a command that failed or left nothing counts as a failure. */
function addUp() {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const [index, name] of Object.keys(plans).entries()) {
    const counts = readJson(`${cache}/${name}.json`) ?? { passed: 0, failed: 1, skipped: 0 };
    const status = Number(process.argv[3 + index] ?? 0);
    total.passed += counts.passed;
    total.failed += counts.failed === 0 && status !== 0 ? 1 : counts.failed;
    total.skipped += counts.skipped;
  }
  if (total.passed === 0 && total.failed === 0) total.failed = 1;
  return total;
}

const name = process.argv[2] ?? 'test';
if (name !== 'total' && plans[name] === undefined) throw new Error(`There is no "${name}"; one of ${Object.keys(plans).join(', ')}, total.`);
const { passed, failed, skipped } = name === 'total' ? addUp() : runPlan(name);
if (skipped > 0) console.log(`(${skipped} skipped)`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
