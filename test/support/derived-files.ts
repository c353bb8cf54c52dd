/*
 * The files that follow from the rest of the repository: exports in package.json, the main entry, the schemas entry, the table of error codes, the list
 * of subpaths. `npm run sync` writes them; a test says when one is out of date.
 */
import { ERROR_CODES } from '../../src/errors/codes.js';
import { existingFolders, listFiles, outputOf, presentFolders, readText, sourceOf, specifierOf, subpaths } from './layout.js';

/** A file with the text it should have. */
export interface DerivedFile {
  readonly path: string;
  readonly text: string;
}

/** Everything that is derived. */
export function derivedFiles(): readonly DerivedFile[] {
  return [packageJson(), mainEntry(), schemasEntry(), errorTable(), agentGuide()];
}

function packageJson(): DerivedFile {
  const manifest = JSON.parse(readText('package.json')) as Record<string, unknown>;
  const exportsField: Record<string, unknown> = {};
  for (const subpath of subpaths()) {
    const file = `./dist/${outputOf(subpath)}`;
    exportsField[subpath] = {
      import: { types: `${file}.d.ts`, default: `${file}.js` },
      require: { types: `${file}.d.cts`, default: `${file}.cjs` },
    };
  }
  exportsField['./package.json'] = './package.json';
  return { path: 'package.json', text: `${JSON.stringify({ ...manifest, exports: exportsField }, null, 2)}\n` };
}

function mainEntry(): DerivedFile {
  const lines = presentFolders()
    .filter((folder) => folder.main)
    .map((folder) => `export * from './${folder.name}/index.js';`);
  const head = `/**
 * Everything that computes, from one door. Each folder is also a subpath of its own (\`dealwright/compensation\`), which is the better import: it says
 * where a name belongs. Schemas, charts, adapters and labels are reached by their subpaths only.
 *
 * @module dealwright
 */
`;
  return { path: 'src/index.ts', text: `${head}${lines.join('\n')}\n` };
}

/** A schema file whose first comment says that it is not a public entry holds parts for the others. */
function isPublic(file: string): boolean {
  return !/^\/\*(?!\*)[^/]*?Not a public entry/.test(readText(file));
}

function schemasEntry(): DerivedFile {
  const order = existingFolders();
  const listed = presentFolders().map((folder) => folder.name);
  const rank = (file: string): number => listed.indexOf(order.find((folder) => file.startsWith(`src/${folder}/`)) ?? '');
  const files = [...listFiles('src', '.schema.ts').filter(isPublic)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const lines = files.map((file) => `export * from './${file.slice('src/'.length).replace(/\.ts$/, '.js')}';`);
  const head = `/**
 * zod schemas for everything that is stored or received, each equal to the interface it stands beside.
 * The only entry that loads zod.
 *
 * @module schemas
 */
`;
  return { path: 'src/schemas.ts', text: `${head}${lines.length === 0 ? 'export {};' : lines.join('\n')}\n` };
}

/** The comment lines of the error table name its groups. */
function errorTable(): DerivedFile {
  const rows: string[] = [];
  const meanings: Readonly<Record<string, string>> = ERROR_CODES;
  for (const line of readText('src/errors/codes.ts').split('\n')) {
    const heading = /^ {2}\/\/ (.+)$/.exec(line)?.[1];
    const code = /^ {2}([a-z][a-z0-9_]*):/.exec(line)?.[1];
    if (heading !== undefined) rows.push('', `## ${heading.slice(0, 1).toUpperCase()}${heading.slice(1)}`, '', '| code | meaning |', '| --- | --- |');
    if (code !== undefined) rows.push(`| \`${code}\` | ${(meanings[code] ?? '').replaceAll('|', '\\|')} |`);
  }
  const head = `# Error codes

Codes are public API: renaming one is a breaking change. A wrong call or definition throws one \`DomainError\` that carries every problem as an issue
(\`code\`, \`path\`, \`message\`, and where they help \`expected\`, \`received\`, \`hint\`). A bad row in a batch comes back as such an issue beside the results.
Test for one with \`isDomainError(error, 'currency_mismatch')\`; it recognises errors of another copy of the package too.

This page is written by \`npm run docs:errors\` from \`src/errors/codes.ts\`.
`;
  return { path: 'docs/errors.md', text: `${head}${rows.join('\n')}\n` };
}

/** First sentence of the module comment of an entry. */
function summaryOf(subpath: string): string {
  const source = [mainEntry(), schemasEntry()].find((file) => file.path === sourceOf(subpath))?.text ?? readText(sourceOf(subpath));
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(source)?.[1] ?? '';
  const text = comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*\s?/, ''))
    .join(' ')
    .replace(/@module.*$/, '')
    .replace(/\{@link\s+([^}|]+)[^}]*\}/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  return /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text;
}

const LIST = /<!-- subpaths -->[\s\S]*<!-- \/subpaths -->/;

function agentGuide(): DerivedFile {
  const path = 'docs/llms.txt';
  const lines = subpaths().map((subpath) => `- \`${specifierOf(subpath)}\`: ${summaryOf(subpath)}`);
  return { path, text: readText(path).replace(LIST, `<!-- subpaths -->\n${lines.join('\n')}\n<!-- /subpaths -->`) };
}
