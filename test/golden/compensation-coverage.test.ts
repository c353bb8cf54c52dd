/*
 * Every worked case of compensation is expressed: its id stands, as a text of its own, in one of the files beside this one, which read its facts and figures by
 * that id. What is left out is listed here with the reason.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';

interface Case {
  readonly id: string;
  readonly topic: string;
  readonly status: string;
}

/** Topics of other folders (contract costs and accruals) and of the checks of plans. */
const OTHER_TOPICS: readonly string[] = ['asc340-40', 'ifrs15', 'accrual', 'plan-lint'];

/** Cases without figures that can be recomputed from their facts. */
const OTHER_STATUSES: readonly string[] = ['transcribed', 'judgement'];

/** Cases that the public API does not express, with the reason. */
const NOT_EXPRESSED: Readonly<Record<string, string>> = {};

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** The texts that stand in quotes in the golden tests of compensation. */
function quotedTexts(): ReadonlySet<string> {
  const files = readdirSync(FOLDER).filter((file) => /^compensation-.*\.test\.ts$/.test(file) && file !== 'compensation-coverage.test.ts');
  return new Set(files.flatMap((file) => [...readFileSync(`${FOLDER}${file}`, 'utf8').matchAll(/'([^'\n]+)'/g)].map((match) => match[1] ?? '')));
}

describeWithReference('worked cases: coverage', () => {
  const cases = readReferenceJson<readonly Case[]>('cases/compensation.json');
  const wanted = cases.filter((entry) => !OTHER_TOPICS.includes(entry.topic) && !OTHER_STATUSES.includes(entry.status)).map((entry) => entry.id);
  const quoted = quotedTexts();

  test('every case is expressed by id, or listed with a reason', () => {
    expect(wanted.length).toBeGreaterThan(80);
    expect(wanted.filter((id) => !quoted.has(id) && !Object.hasOwn(NOT_EXPRESSED, id))).toEqual([]);
  });

  test('the list names cases that exist and are not expressed', () => {
    expect(Object.keys(NOT_EXPRESSED).filter((id) => !wanted.includes(id) || quoted.has(id))).toEqual([]);
    expect(Object.values(NOT_EXPRESSED).filter((reason) => reason.trim() === '')).toEqual([]);
  });
});
