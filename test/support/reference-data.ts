/*
 * The one door to the reference material that may lie beside the project (worked cases, oracle values, sample CRM exports).
 * The project builds, tests and runs without it: suites made by `describeWithReference` are then skipped, visibly.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../shared/', import.meta.url));

/** Whether the reference material is there. */
export const hasReference = existsSync(ROOT);

/** Absolute path of a reference file. */
export function referencePath(path: string): string {
  return `${ROOT}${path}`;
}

/** A reference file as text. */
export function readReferenceText(path: string): string {
  return readFileSync(referencePath(path), 'utf8');
}

/** A reference file as JSON. */
export function readReferenceJson<T>(path: string): T {
  return JSON.parse(readReferenceText(path)) as T;
}

/** `describe`, or a skipped suite that says why when the reference material is absent; the suite is then not even read, since it may read files itself. */
export function describeWithReference(name: string, suite: () => void): void {
  if (hasReference) describe(name, suite);
  else describe.skip(name, () => test('skipped: no reference material beside the project', () => undefined));
}
