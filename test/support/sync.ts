/* Writes the derived files: `npm run sync`, or `npm run docs:errors` for the table of error codes alone. */
import { existsSync, writeFileSync } from 'node:fs';
import { derivedFiles } from './derived-files.js';
import { ROOT, readText } from './layout.js';

const only = process.argv.slice(2);
for (const { path, text } of derivedFiles()) {
  if (only.length > 0 && !only.includes(path)) continue;
  if (existsSync(`${ROOT}${path}`) && readText(path) === text) continue;
  writeFileSync(`${ROOT}${path}`, text);
  console.log(`wrote ${path}`);
}
