/* The declarations resolve for every kind of consumer, hold by themselves, and can be emitted again by a library built on this one. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, inject, test } from 'vitest';
import { presentFolders, specifierOf, subpaths } from '../support/layout.js';

const project = inject('project');

const STRICT: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  types: [],
  noEmit: true,
};

function problems(file: string, code: string, options: ts.CompilerOptions): readonly string[] {
  const path = join(project, file);
  writeFileSync(path, code);
  const settings = { ...STRICT, ...options };
  const host = ts.createCompilerHost(settings);
  host.getCurrentDirectory = () => project;
  const emitted: string[] = [];
  host.writeFile = (_, text) => emitted.push(text);
  const program = ts.createProgram([path], settings, host);
  const own = program.getSourceFiles().filter((source) => source.fileName === path || source.fileName.includes('/node_modules/dealwright/'));
  const diagnostics = [
    ...program.getOptionsDiagnostics(),
    // The declarations of other packages are not ours to check; our own are, although most consumers skip them.
    ...own.flatMap((source) => [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]),
    ...(settings.declaration === true ? program.getDeclarationDiagnostics(program.getSourceFile(path)) : []),
  ];
  return diagnostics.map((diagnostic) => {
    const where =
      diagnostic.file === undefined ? '' : `${diagnostic.file.fileName.replace(project, '')}:${diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line + 1} `;
    return `${where}TS${diagnostic.code} ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`;
  });
}

function nameOf(subpath: string): string {
  return subpath === '.' ? 'main' : subpath.slice(2);
}

const everything = subpaths()
  .map((subpath) => `import * as ${nameOf(subpath)} from '${specifierOf(subpath)}';`)
  .join('\n');
const use = `
const text: string = decimal.parseDecimal('1.50');
const caught: unknown = new Error(text);
if (errors.isDomainError(caught, 'invalid_decimal')) { const code: string = caught.issues[0].code; void code; }
// @ts-expect-error -- a wrong argument is refused, so the types are not any
decimal.parseDecimal(true);
void [${subpaths().map(nameOf).join(', ')}];
`;

describe('every entry resolves and type-checks', () => {
  test('from an ES module under nodenext', () => {
    expect(problems('consumer.mts', `${everything}${use}`, { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext })).toEqual([]);
  });

  test('from a CommonJS module under nodenext', () => {
    const required = subpaths()
      .map((subpath) => `import ${nameOf(subpath)} = require('${specifierOf(subpath)}');`)
      .join('\n');
    expect(problems('consumer.cts', `${required}${use}`, { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext })).toEqual([]);
  });

  test('under node16, from CommonJS', () => {
    const required = subpaths()
      .map((subpath) => `import ${nameOf(subpath)} = require('${specifierOf(subpath)}');`)
      .join('\n');
    expect(problems('older.cts', `${required}${use}`, { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 })).toEqual([]);
  });

  test('for a bundler', () => {
    expect(problems('bundled.ts', `${everything}${use}`, { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler })).toEqual([]);
  });
});

/** What a company's own package would export: results whose types are inferred, and so must be nameable from outside. */
const EMITTED: readonly { readonly folder: string; readonly code: string }[] = [
  {
    folder: 'pipelines',
    code: `import { definePipeline } from 'dealwright/pipelines';
export const pipeline = definePipeline({ id: 'b2b', stages: [
  { id: 'first', label: 'First', probability: 0.2 }, { id: 'won', label: 'Won', kind: 'won' }, { id: 'lost', label: 'Lost', kind: 'lost' },
] });
export type PipelineStage = (typeof pipeline)['stages'][number]['id'];`,
  },
  {
    folder: 'compensation',
    code: `import { definePlan, computeCompensation } from 'dealwright/compensation';
export const plan = definePlan({ id: 'ae', currency: 'USD', period: 'quarter', components: [
  { kind: 'commission', id: 'new', measure: { sum: 'amount' }, rate: { mode: 'marginal', tiers: [{ from: '0', rate: '0.05' }] } },
] });
export const compute = (input: Parameters<typeof computeCompensation>[0]) => computeCompensation(input);`,
  },
  {
    folder: 'qualification',
    code: `import { defineFramework } from 'dealwright/qualification';
export const framework = defineFramework({ id: 'pact', label: 'PACT', scale: { min: 0, max: 3 }, criteria: [{ id: 'pain', label: 'Pain', category: 'problem' }] });`,
  },
];

describe.each([
  ['nodenext', { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }],
  ['bundler', { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }],
])('a library built on this one can emit its declarations under %s', (name, options) => {
  const emit = { ...options, declaration: true, noEmit: false, emitDeclarationOnly: true, outDir: join(project, 'out') };
  const folders = new Set(presentFolders().map((folder) => folder.name));

  test('for definitions and results', () => {
    for (const { folder, code } of EMITTED.filter((entry) => folders.has(entry.folder))) {
      expect(problems(`emit-${name}-${folder}.mts`, code, emit), folder).toEqual([]);
    }
  });

  test('for every exported function, so that every type in a signature has a public name', () => {
    const code = subpaths()
      .filter((subpath) => subpath !== './schemas')
      .map((subpath) => `import * as ${nameOf(subpath)} from '${specifierOf(subpath)}';\nexport const all_${nameOf(subpath)} = { ...${nameOf(subpath)} };`)
      .join('\n');
    expect(problems(`emit-${name}-all.mts`, code, emit)).toEqual([]);
  });
});
