/*
 * Examples in the documentation as programs. Every ```ts fence of README.md, of docs/ and of the comments in src becomes a module of its own in
 * test/.generated, with the same lines, in which `expression; // => value` has become an assertion.
 *
 * - `expression; // => value`: the value is any JavaScript expression, compared with toEqual. `const name = expression; // => value` too. The comment may
 *   also stand alone on the next line, and a long value may go on over further comment lines.
 * - `expression; // ~> 1.234`: numbers within 1e-9, relative above 1; also inside arrays and objects.
 * - `expression; // => throws code`: a DomainError with that code.
 * - A fence opened with ```ts no-run is only type-checked; one opened with ```ts continue goes on from the fence before it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import ts from 'typescript';
import { listFiles, ROOT, readText } from '../support/layout.js';

/** A fence found in the documentation. */
export interface Example {
  /** `src/money/money.ts:45 addMoney`, `README.md:30 Install`. */
  readonly name: string;
  readonly file: string;
  /** Line of its first line of code, from 1. */
  readonly line: number;
  readonly code: string;
  /** Words after `ts` on the line that opens the fence. */
  readonly flags: readonly string[];
}

/** An example as a module. */
export interface GeneratedExample extends Example {
  /** Absolute path of the module. */
  readonly path: string;
  readonly source: string;
  readonly assertions: number;
  /** Number of lines of the module that come before the example's own first line. */
  readonly lead: number;
  /** Why it cannot be turned into a program. */
  readonly problem?: string;
}

/** Where the modules are written. */
export const GENERATED = `${ROOT}test/.generated/`;

/** The pages that hold examples. */
export function listPages(): readonly string[] {
  return [...(existsSync(`${ROOT}README.md`) ? ['README.md'] : []), ...listFiles('docs', '.md')];
}

/** Every example of the repository. */
export function listExamples(): readonly Example[] {
  return [...listPages().flatMap((file) => examplesOfPage(file, readText(file))), ...listFiles('src', '.ts').flatMap((file) => examplesOfSource(file, readText(file)))];
}

/** The ```ts fences of a Markdown page. */
export function examplesOfPage(file: string, text: string): readonly Example[] {
  const examples: Example[] = [];
  let heading = '';
  forEachFence(
    text.split('\n'),
    0,
    (line) => {
      heading = /^#+\s+(.*)$/.exec(line)?.[1] ?? heading;
    },
    (fence) => examples.push({ ...fence, file, name: `${file}:${fence.line} ${heading}`.trim() }),
  );
  return examples;
}

/** The ```ts fences of the doc comments of a source file. */
export function examplesOfSource(file: string, text: string): readonly Example[] {
  const examples: Example[] = [];
  for (const match of text.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    const before = text.slice(0, match.index).split('\n').length;
    const rest = text.slice(match.index + match[0].length);
    const name = /^\s*(?:export\s+)?(?:declare\s+)?(?:function|const|class|interface|type)\s+(\w+)/.exec(rest)?.[1];
    const lines = match[0].split('\n').map((line) => line.replace(/^\s*\*(?!\/) ?/, ''));
    forEachFence(lines, before - 1, undefined, (fence) => {
      examples.push({ ...fence, file, name: `${file}:${fence.line}${name === undefined ? '' : ` ${name}`}` });
    });
  }
  return examples;
}

function forEachFence(
  lines: readonly string[],
  offset: number,
  onLine: ((line: string) => void) | undefined,
  onFence: (fence: { line: number; code: string; flags: readonly string[] }) => void,
): void {
  let open: { indent: number; ticks: string; language: string; flags: readonly string[]; line: number; code: string[] } | undefined;
  lines.forEach((line, index) => {
    if (open === undefined) {
      const fence = /^(\s*)(`{3,})([^\s`]*)\s*([^`]*)$/.exec(line);
      if (fence === null) onLine?.(line);
      else {
        const [, indent = '', ticks = '', language = '', flags = ''] = fence;
        open = { indent: indent.length, ticks, language, flags: flags.split(/\s+/).filter((flag) => flag !== ''), line: offset + index + 2, code: [] };
      }
    } else if (line.trim() === open.ticks) {
      if (open.language === 'ts') onFence({ line: open.line, code: open.code.join('\n'), flags: open.flags });
      open = undefined;
    } else {
      open.code.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)));
    }
  });
}

/** Turns all examples into modules and writes those that changed; stale ones are removed. */
export function generateExamples(examples: readonly Example[]): readonly GeneratedExample[] {
  mkdirSync(GENERATED, { recursive: true });
  const generated: GeneratedExample[] = [];
  let previous: Example | undefined;
  let carried = '';
  for (const example of examples) {
    const goesOn = example.flags.includes('continue') && previous?.file === example.file;
    carried = goesOn ? `${carried}\n` : '';
    generated.push(toModule(example, carried));
    carried += example.code;
    previous = example;
  }
  const wanted = new Set(generated.map((example) => example.path));
  for (const file of readdirSync(GENERATED)) if (!wanted.has(`${GENERATED}${file}`)) rmSync(`${GENERATED}${file}`, { recursive: true });
  for (const { path, source } of generated) if (!existsSync(path) || readFileSync(path, 'utf8') !== source) writeFileSync(path, source);
  return generated;
}

/** One example as a module; `carried` is the code of the fences that it continues. */
export function toModule(example: Example, carried = ''): GeneratedExample {
  const path = `${GENERATED}${example.file.replace(/\.(ts|md)$/, '').replaceAll(/[^A-Za-z0-9]+/g, '-')}-${example.line}.ts`;
  const lead = carried === '' ? 0 : carried.split('\n').length - 1;
  const head = `import { $equal, $near, $throws } from '../docs/assertions.js'; `;
  try {
    const { code, assertions } = withAssertions(example);
    return { ...example, path, lead, assertions, source: `${head}${carried}${code}\nexport {};\n` };
  } catch (error) {
    return { ...example, path, lead, assertions: 0, source: 'export {};\n', problem: error instanceof Error ? error.message : String(error) };
  }
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const MARKER = /\/\/ ?(=>|~>) ?(.*)$/;

function withAssertions(example: Example): { readonly code: string; readonly assertions: number } {
  const { code } = example;
  const tree = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022, true);
  const edits: Edit[] = [];
  let assertions = 0;

  const visit = (node: ts.Node): void => {
    const expectation = ts.isExpressionStatement(node) || ts.isVariableStatement(node) ? expectationAfter(code, node.end) : undefined;
    if (expectation === undefined) {
      ts.forEachChild(node, visit);
      return;
    }
    assertions += 1;
    const line = example.line + tree.getLineAndCharacterOfPosition(node.getStart()).line;
    const where = JSON.stringify(`${example.file}:${line}`);
    const check = (actual: string): string => {
      if (expectation.throws !== undefined) return `await $throws(${/\bawait\b/.test(actual) ? 'async ' : ''}() => (${actual}), '${expectation.throws}', ${where});`;
      return `${expectation.approximate ? '$near' : '$equal'}((${actual}), (${expectation.value}), ${where});`;
    };
    if (ts.isExpressionStatement(node)) {
      edits.push({ from: node.getStart(), to: expectation.end, text: check(code.slice(node.expression.getStart(), node.expression.end)) });
      return;
    }
    const [declaration, more] = (node as ts.VariableStatement).declarationList.declarations;
    if (declaration?.initializer === undefined || more !== undefined || !ts.isIdentifier(declaration.name))
      throw new Error(`${example.file}:${line}: "// =>" needs a single value before it`);
    if (expectation.throws === undefined) edits.push({ from: node.end, to: expectation.end, text: ` ${check(declaration.name.text)}` });
    else edits.push({ from: node.getStart(), to: expectation.end, text: check(code.slice(declaration.initializer.getStart(), declaration.initializer.end)) });
  };
  ts.forEachChild(tree, visit);

  const marked = code.split('\n').filter((line) => /(^|\s)\/\/ ?(=>|~>)/.test(line)).length;
  if (marked !== assertions) throw new Error(`${example.file}:${example.line}: ${marked} lines are marked with "// =>", but ${assertions} follow an expression or a declaration`);

  let result = code;
  for (const edit of edits.sort((a, b) => b.from - a.from)) result = result.slice(0, edit.from) + edit.text + result.slice(edit.to);
  return { code: result, assertions };
}

interface Expectation {
  readonly value: string;
  readonly approximate: boolean;
  readonly throws?: string;
  /** End of the text that the assertion replaces; later comment lines stay, so that lines keep their numbers. */
  readonly end: number;
}

function expectationAfter(code: string, end: number): Expectation | undefined {
  const lineEnd = endOfLine(code, end);
  const sameLine = MARKER.exec(code.slice(end, lineEnd));
  let marker: RegExpExecArray | undefined;
  let next = lineEnd;
  let replaced = end;
  if (sameLine !== null && code.slice(end, end + sameLine.index).trim() === '') {
    marker = sameLine;
    replaced = lineEnd;
  } else if (code.slice(end, lineEnd).trim() === '' && lineEnd < code.length) {
    next = endOfLine(code, lineEnd + 1);
    const below = /^\s*\/\/ ?(=>|~>) ?(.*)$/.exec(code.slice(lineEnd + 1, next));
    if (below !== null) marker = below;
  }
  if (marker === undefined) return undefined;
  let value = (marker[2] ?? '').trim();
  const approximate = marker[1] === '~>';
  const thrown = /^throws ([a-z][a-z0-9_]*)$/.exec(value)?.[1];
  if (thrown !== undefined) return { value, approximate, throws: thrown, end: replaced };
  while (!isExpression(value)) {
    if (next >= code.length) throw new Error(`"// => ${value}" is not followed by a JavaScript value`);
    const following = endOfLine(code, next + 1);
    const more = /^\s*\/\/(.*)$/.exec(code.slice(next + 1, following))?.[1];
    if (more === undefined) throw new Error(`"// => ${value}" is not followed by a JavaScript value`);
    value += more;
    next = following;
  }
  return { value, approximate, end: replaced };
}

function endOfLine(code: string, from: number): number {
  const end = code.indexOf('\n', from);
  return end === -1 ? code.length : end;
}

function isExpression(text: string): boolean {
  if (text === '') return false;
  const { diagnostics } = ts.transpileModule(`const value = (${text}\n);`, { reportDiagnostics: true, compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  return diagnostics === undefined || diagnostics.length === 0;
}
