/*
 * The library needs an ECMAScript 2022 engine and nothing else: all examples of the doc comments run, from the installed package bundled into one script,
 * in a bare V8 context without Intl, console, WebAssembly or anything newer.
 */
import { createContext, Script } from 'node:vm';
import { build } from 'esbuild';
import { describe, expect, inject, test } from 'vitest';
import { listExamples, toModule } from '../docs/examples.js';
import { specifierOf, subpaths } from '../support/layout.js';

/** Removes what an engine embedded in a database or an edge runtime may not have. */
const STRIP = `
for (const name of ['Intl', 'console', 'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'escape', 'unescape']) delete globalThis[name];
for (const name of ['toSorted', 'toReversed', 'toSpliced', 'with', 'findLast', 'findLastIndex']) delete Array.prototype[name];
for (const name of ['toLocaleString', 'localeCompare', 'normalize', 'isWellFormed', 'toWellFormed']) delete String.prototype[name];
delete Object.groupBy; delete Map.groupBy; delete Array.fromAsync; delete Promise.withResolvers;
Date.now = Math.random = () => { throw new Error('the clock and chance are not available'); };
`;

const ASSERTIONS = `
import { isDomainError } from 'dealwright/errors';
const show = (value) => JSON.stringify(value, (_, part) => (typeof part === 'number' && !Number.isFinite(part) ? String(part) : part && typeof part === 'object' && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort()) : part));
const fail = (where, actual, expected) => { throw new Error(where + ': expected ' + show(expected) + ', got ' + show(actual)); };
export const $equal = (actual, expected, where) => { if (show(actual) !== show(expected)) fail(where, actual, expected); };
export const $near = (actual, expected, where) => {
  if (typeof expected === 'number') { if (!(Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)))) fail(where, actual, expected); }
  else if (expected !== null && typeof expected === 'object') for (const key of Object.keys(expected)) $near(actual[key], expected[key], where);
  else $equal(actual, expected, where);
};
export const $throws = (call, code, where) => {
  try { call(); } catch (error) { if (isDomainError(error, code)) return; throw error; }
  fail(where, 'no error', code);
};
`;

const specifiers = new Set(subpaths().map(specifierOf));

const examples = listExamples()
  .filter((example) => example.file.startsWith('src/') && !example.flags.includes('no-run') && !example.flags.includes('continue'))
  .filter((example) => !/dealwright\/schemas|from 'zod'|console\.|from 'node:/.test(example.code))
  // An import that does not resolve fails with the documentation tests.
  .filter((example) => [...example.code.matchAll(/from '(dealwright[^']*)'/g)].every(([, specifier = '']) => specifiers.has(specifier)))
  .map((example) => toModule(example))
  .filter((example) => example.problem === undefined && !/\bawait (?!\$throws)/.test(example.source));

interface Outcome {
  readonly name: string;
  readonly error?: string;
  readonly code?: string;
}

/** Without top-level await, which a script does not have; and with names read at run time, so that a missing one fails its own example only. */
function toScript(source: string): string {
  let count = 0;
  return source.replaceAll('await $throws', '$throws').replace(/import \{([^}]*)\} from '(dealwright[^']*)';?/g, (_, names: string, specifier: string) => {
    const values = names.split(',').map((name) => name.trim());
    const wanted = values.filter((name) => name !== '' && !name.startsWith('type ')).map((name) => name.replace(' as ', ': '));
    const types = values.filter((name) => name.startsWith('type ')).map((name) => name.slice('type '.length));
    count += 1;
    return `import type { ${types.join(', ')} } from '${specifier}'; import * as entry${count} from '${specifier}'; const { ${wanted.join(', ')} } = entry${count};`;
  });
}

async function runAll(): Promise<readonly Outcome[]> {
  const project = inject('project');
  const entry = `globalThis.outcomes = Promise.all([
${examples.map((example, index) => `import('example:${index}').then(() => ({ name: ${JSON.stringify(example.name)} }), (error) => ({ name: ${JSON.stringify(example.name)}, error: String(error && error.stack || error), code: error && error.code })),`).join('\n')}
]);`;
  const result = await build({
    stdin: { contents: entry, resolveDir: project, loader: 'js' },
    bundle: true,
    format: 'iife',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    write: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'examples',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^example:/ }, ({ path }) => ({ path, namespace: 'example' }));
          onResolve({ filter: /docs\/assertions\.js$/ }, () => ({ path: 'assertions', namespace: 'assertions' }));
          onLoad({ filter: /.*/, namespace: 'assertions' }, () => ({ contents: ASSERTIONS, resolveDir: project, loader: 'js' }));
          onLoad({ filter: /.*/, namespace: 'example' }, ({ path }) => ({
            contents: toScript(examples[Number(path.slice('example:'.length))]?.source ?? ''),
            resolveDir: project,
            loader: 'ts',
          }));
        },
      },
    ],
  });
  const context = createContext({});
  new Script(STRIP).runInContext(context);
  new Script(result.outputFiles[0]?.text ?? '').runInContext(context);
  return (await context['outcomes']) as readonly Outcome[];
}

describe('in a bare engine', async () => {
  const outcomes = await runAll();

  test('there are examples to run', () => {
    expect(outcomes.length).toBeGreaterThan(0);
  });

  test('every example gives the same answers as in Node', () => {
    // Formatting for a locale and named time zones need Intl, and must say so.
    const failed = outcomes.filter((outcome) => outcome.error !== undefined && outcome.code !== 'intl_unavailable' && outcome.code !== 'invalid_time_zone');
    expect(failed.map((outcome) => outcome.error?.split('\n').slice(0, 3).join('\n') ?? outcome.name)).toEqual([]);
  });
});
