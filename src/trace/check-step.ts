/*
 * Reading one step of a trace that may come from anywhere. Not a public entry. A trace is walked with an explicit stack and to a limited depth, so
 * that neither a deep one nor one that contains itself can exhaust the call stack, the memory or the patience of the caller.
 */
import { checkList, checkNumber, checkOneOf, checkRecord, type IssueSink } from '../errors/checks.js';
import { createDomainError, throwIfIssues } from '../errors/domain-error.js';
import { createIssue, type IssuePath } from '../errors/issue.js';
import type { TraceOp, TraceStep } from './trace-step.js';

const TRACE_OPS: readonly TraceOp[] = ['input', 'sum', 'subtract', 'multiply', 'divide', 'min', 'max', 'negate', 'round', 'select'];

/** Deepest nesting of steps that is read. */
export const MAX_TRACE_DEPTH = 1_000;

/** A step on the way from the root: its path is only written out when there is something to report. */
export interface StepPlace {
  /** The step above, or undefined for the root. */
  readonly parent: StepPlace | undefined;
  /** Index among the parent's children. */
  readonly index: number;
  /** 0 for the root. */
  readonly depth: number;
}

/** Where the root of a trace stands. */
export const ROOT_PLACE: StepPlace = { parent: undefined, index: 0, depth: 0 };

/**
 * The place of a child.
 *
 * @throws DomainError `out_of_range` when the trace is too deep
 */
export function childPlace(parent: StepPlace, index: number): StepPlace {
  const depth = parent.depth + 1;
  if (depth > MAX_TRACE_DEPTH) throw createDomainError('out_of_range', ['children'], { expected: `a trace of at most ${MAX_TRACE_DEPTH} levels` });
  return { parent, index, depth };
}

/** The path of a step: `['children', 0, 'children', 2]`. */
export function pathOfPlace(place: StepPlace): IssuePath {
  const path: (string | number)[] = [];
  for (let at = place; at.parent !== undefined; at = at.parent) path.push(at.index, 'children');
  return path.reverse();
}

/**
 * A step whose own fields are of the types they should be; its children are looked at when their turn comes.
 *
 * @throws DomainError `invalid_type` | `invalid_value` | `out_of_range` with every wrong field
 */
export function checkStep(value: unknown, place: StepPlace): TraceStep {
  const path = pathOfPlace(place);
  const issues: IssueSink = [];
  const record = checkRecord(value, path, issues, 'a trace step');
  if (record !== undefined) {
    checkOneOf(record['op'], TRACE_OPS, [...path, 'op'], issues);
    for (const key of ['label', 'output']) checkString(record[key], [...path, key], issues);
    for (const key of ['planPath', 'unit']) if (record[key] !== undefined) checkString(record[key], [...path, key], issues);
    checkInputs(record['inputs'], [...path, 'inputs'], issues);
    if (record['children'] !== undefined) checkList(record['children'], [...path, 'children'], issues);
    if (record['selected'] !== undefined) checkNumber(record['selected'], [...path, 'selected'], issues, { min: 0, integer: true });
    if (record['rounding'] !== undefined) checkRounding(record['rounding'], [...path, 'rounding'], issues);
  }
  throwIfIssues(issues, issues.length > 1 ? { summary: 'The trace is not well formed' } : {});
  // Proven just now: without issues every field has its type, except those of the children.
  return value as TraceStep;
}

function checkString(value: unknown, path: IssuePath, issues: IssueSink): void {
  if (typeof value !== 'string') issues.push(createIssue('invalid_type', path, { expected: 'a text', received: value }));
}

function checkInputs(value: unknown, path: IssuePath, issues: IssueSink): void {
  const inputs = checkList(value, path, issues) ?? [];
  inputs.forEach((input, index) => {
    const record = checkRecord(input, [...path, index], issues);
    if (record === undefined) return;
    for (const key of ['name', 'value']) checkString(record[key], [...path, index, key], issues);
    for (const key of ['unit', 'source']) if (record[key] !== undefined) checkString(record[key], [...path, index, key], issues);
  });
}

function checkRounding(value: unknown, path: IssuePath, issues: IssueSink): void {
  const record = checkRecord(value, path, issues);
  if (record === undefined) return;
  checkString(record['mode'], [...path, 'mode'], issues);
  checkNumber(record['scale'], [...path, 'scale'], issues, { min: 0, integer: true });
}
