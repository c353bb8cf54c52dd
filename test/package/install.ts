/*
 * Packs the library as npm would publish it and installs the archive into an empty project, once for all package tests.
 * The run-time dependencies are packed from node_modules too, so that nothing is fetched.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { listFiles, ROOT, readText } from '../support/layout.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A project in which the packed library is installed. */
    readonly project: string;
    /** Files of the archive. */
    readonly packedFiles: readonly string[];
    /** Size of the archive, unpacked, in bytes. */
    readonly unpackedSize: number;
  }
}

interface Packed {
  readonly filename: string;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

function npm(args: readonly string[], cwd: string, cache: string): string {
  const flags = ['--cache', cache, '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel', 'error', '--ignore-scripts'];
  return execFileSync('npm', [...args, ...flags], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 64 * 1024 * 1024 });
}

function pack(folders: readonly string[], destination: string, cache: string): readonly Packed[] {
  return JSON.parse(npm(['pack', '--json', '--pack-destination', destination, ...folders], ROOT, cache)) as readonly Packed[];
}

/** The build is made by `npm run build`; when a source is newer, it is made here. */
function build(): void {
  const built = existsSync(`${ROOT}dist/schemas.d.cts`) ? statSync(`${ROOT}dist/schemas.d.cts`).mtimeMs : 0;
  const newest = Math.max(...[...listFiles('src', '.ts'), 'package.json', 'tsup.config.ts'].map((file) => statSync(`${ROOT}${file}`).mtimeMs));
  if (newest > built) execFileSync('npm', ['run', 'build'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
}

export default function setup(project: TestProject): () => void {
  build();
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'dealwright-package-')));
  const cache = join(home, 'cache');
  const consumer = join(home, 'consumer');
  mkdirSync(consumer);
  const manifest = JSON.parse(readText('package.json')) as { readonly dependencies: object; readonly peerDependencies: object };
  const dependencies = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
  const [own, ...others] = pack(['.', ...dependencies.map((name) => `./node_modules/${name}`)], home, cache);
  if (own === undefined) throw new Error('npm pack gave no archive');
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  npm(['install', '--offline', ...[own, ...others].map((archive) => join(home, archive.filename))], consumer, cache);
  // Only for consumers that type-check programs for Node.
  cpSync(`${ROOT}node_modules/@types/node`, join(consumer, 'node_modules/@types/node'), { recursive: true });
  cpSync(`${ROOT}node_modules/undici-types`, join(consumer, 'node_modules/undici-types'), { recursive: true });

  project.provide('project', consumer);
  project.provide(
    'packedFiles',
    own.files.map((file) => file.path),
  );
  project.provide('unpackedSize', own.unpackedSize);
  return () => {
    rmSync(home, { recursive: true, force: true });
  };
}
