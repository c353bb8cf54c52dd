/*
 * Optional packages that package-lock.json names as a dependency but does not hold: npm leaves out what it could not fetch, and the next `npm ci` fails.
 */
import { readFileSync } from 'node:fs';

/** @type {{ packages: Record<string, { optionalDependencies?: Record<string, string> }> }} */
const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'));
const missing = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    // A package may stand beside its parent or in any node_modules above it.
    const parts = path === '' ? [] : path.split('/node_modules/');
    const places = [`node_modules/${name}`, ...parts.map((_, index) => `${parts.slice(0, index + 1).join('/node_modules/')}/node_modules/${name}`)];
    if (!places.some((place) => place in lock.packages)) missing.push(`${path} names ${name}`);
  }
}
for (const line of missing) console.error(`Missing from package-lock.json: ${line}`);
if (missing.length === 0) console.log(`${Object.keys(lock.packages).length} packages, none missing`);
process.exitCode = missing.length === 0 ? 0 : 1;
