/* Runs every *.bench.ts of this folder, each in a process of its own: `npm run bench`, or `npm run bench -- credits` for those with "credits" in their name. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const wanted = process.argv.slice(2);
const programs = readdirSync(here)
  .filter((file) => file.endsWith('.bench.ts') && (wanted.length === 0 || wanted.some((word) => file.includes(word))))
  .sort();
const tsx = createRequire(import.meta.url).resolve('tsx/cli');

console.log(`Node ${process.version}. CPU time, medians; the first contender of a group is 1 ×, larger is slower.`);
if (programs.length === 0) console.log('There is no benchmark of that name.');
for (const program of programs) {
  console.log(`\n── ${program.replace('.bench.ts', '')}`);
  const run = spawnSync(process.execPath, [tsx, '--tsconfig', `${here}../tsconfig.json`, `${here}${program}`], { stdio: 'inherit' });
  if (run.status !== 0) process.exitCode = 1;
}
