import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../support/layout.js';
import { generateExamples, listExamples } from './examples.js';

const examples = generateExamples(listExamples());

describe('every example does what it shows', () => {
  for (const example of examples.filter((candidate) => !candidate.flags.includes('no-run'))) {
    test(example.name, async () => {
      if (example.problem !== undefined) expect.fail(example.problem);
      await import(/* @vite-ignore */ example.path);
    });
  }
});

test('every example compiles in strict mode', () => {
  const config = ts.readConfigFile(`${ROOT}test/tsconfig.json`, (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, `${ROOT}test`);
  // A reader's project need not check every index or every unused name.
  const program = ts.createProgram(
    examples.map((example) => example.path),
    { ...options, noEmit: true, noUncheckedIndexedAccess: false, noUnusedLocals: false, noUnusedParameters: false },
  );
  const byPath = new Map(examples.map((example) => [example.path, example]));
  const problems: string[] = [];
  for (const source of program.getSourceFiles()) {
    const example = byPath.get(source.fileName);
    if (example === undefined) continue;
    for (const diagnostic of [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]) {
      const line = source.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line - example.lead;
      problems.push(`${example.file}:${example.line + line}  TS${diagnostic.code} ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`);
    }
  }
  expect(problems).toEqual([]);
});
