/*
 * The one list of the library's folders, from the lowest floor up. Everything that depends on the shape of `src` reads it: the architecture tests, the
 * exports of package.json, the main entry, the list of subpaths for readers. `npm run sync` rewrites what is derived from it, and a test compares.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository, with a slash at the end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A folder of `src`, which is a subpath of the package. */
export interface Folder {
  readonly name: string;
  /** 0 to 4. A folder imports from folders that come before it in the list; those of floor 3 do not import each other. */
  readonly floor: 0 | 1 | 2 | 3 | 4;
  /** Whether the main entry re-exports it. */
  readonly main: boolean;
}

/** Every folder that the design knows, in import order. A folder that does not exist yet is skipped everywhere. */
export const FOLDERS: readonly Folder[] = [
  { name: 'errors', floor: 0, main: true },
  { name: 'trace', floor: 0, main: true },
  { name: 'decimal', floor: 1, main: true },
  { name: 'money', floor: 1, main: true },
  { name: 'calendar', floor: 1, main: true },
  { name: 'stats', floor: 1, main: true },
  { name: 'deals', floor: 2, main: true },
  { name: 'pipelines', floor: 2, main: true },
  { name: 'organization', floor: 2, main: true },
  { name: 'qualification', floor: 3, main: true },
  { name: 'methodologies', floor: 3, main: true },
  { name: 'process', floor: 3, main: true },
  { name: 'compensation', floor: 3, main: true },
  { name: 'forecasting', floor: 3, main: true },
  { name: 'metrics', floor: 4, main: true },
  { name: 'planning', floor: 4, main: true },
  { name: 'charts', floor: 4, main: false },
  { name: 'adapters', floor: 4, main: false },
  { name: 'glossary', floor: 4, main: true },
  { name: 'locales', floor: 4, main: false },
  { name: 'testing', floor: 4, main: false },
];

/** Names of the folders of `src` that have an index and so are subpaths. */
export function existingFolders(): readonly string[] {
  return readdirSync(`${ROOT}src`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`${ROOT}src/${entry.name}/index.ts`))
    .map((entry) => entry.name);
}

/** The folders of the list that exist, in import order. */
export function presentFolders(): readonly Folder[] {
  const existing = new Set(existingFolders());
  return FOLDERS.filter((folder) => existing.has(folder.name));
}

/** Every subpath of the package in order: `.` first, `./schemas` last. */
export function subpaths(): readonly string[] {
  return ['.', ...presentFolders().map((folder) => `./${folder.name}`), './schemas'];
}

/** The entry file in `src` of a subpath, relative to the repository. */
export function sourceOf(subpath: string): string {
  if (subpath === '.') return 'src/index.ts';
  return subpath === './schemas' ? 'src/schemas.ts' : `src/${subpath.slice(2)}/index.ts`;
}

/** The name of a subpath's files in `dist`. */
export function outputOf(subpath: string): string {
  return subpath === '.' ? 'index' : subpath.slice(2);
}

/** What one imports: `dealwright`, `dealwright/money`. */
export function specifierOf(subpath: string): string {
  return `dealwright${subpath.slice(1)}`;
}

/** All files below a folder that end in one of the endings, relative to the repository, sorted. Dotted folders, `node_modules`, `dist` and generated pages are left out. */
export function listFiles(folder: string, ...endings: readonly string[]): readonly string[] {
  const files: string[] = [];
  const visit = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        if (entry.name.startsWith('.') || ['node_modules', 'dist', 'coverage'].includes(entry.name) || relative(ROOT, path) === 'docs/api') continue;
        visit(path);
      } else if (endings.some((ending) => entry.name.endsWith(ending))) {
        files.push(relative(ROOT, path));
      }
    }
  };
  if (existsSync(`${ROOT}${folder}`)) visit(`${ROOT}${folder}`);
  return files.sort();
}

/** A file of the repository as text. */
export function readText(path: string): string {
  return readFileSync(`${ROOT}${path}`, 'utf8');
}
