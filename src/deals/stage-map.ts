/*
 * From the stage names of a CRM to stages and statuses. Not a public entry.
 */
import { checkId, checkList, checkOneOf, checkRecord, type IssueSink, isPlainRecord, nearestText, type PlainRecord } from '../errors/checks.js';
import { createIssue, type Issue } from '../errors/issue.js';
import { DEAL_STATUSES, type DealStatus } from './deal.js';
import { checkShape, ownField } from './record-shape.js';

/** What a stage name of the CRM stands for; a status of null is for the row to give. */
export interface StageTarget {
  readonly stageId: string;
  readonly status: DealStatus | null;
}

/** A stage name that occurred, what it was taken for, and how often. */
export interface CountedStage extends StageTarget {
  readonly from: string;
  rows: number;
}

/** Finds what stage names stand for. */
export interface StageMap {
  /** The target, or why there is none. `statusKnown` says that the row has a status of its own. */
  readonly find: (from: string, statusKnown: boolean) => CountedStage | Omit<Issue, 'path'>;
  /** The names that occurred. */
  readonly used: () => readonly CountedStage[];
  /** The pipeline, if one was given. */
  readonly pipelineId: string | undefined;
}

/** Ids that say themselves how a deal ended: those of the default pipelines. */
const CLOSED_STAGES: ReadonlyMap<string, DealStatus> = /* @__PURE__ */ new Map([
  ['closed-won', 'won'],
  ['closed-lost', 'lost'],
]);

/** Names that sound as if the deal had ended: never taken for an open stage without being told so. */
const SOUNDS_CLOSED = /(?:^|[^a-z])(?:closed?|won|wins?|lost|lose|loss|cancell?ed|dead|abandoned|disqualified|deleted)(?:[^a-z]|$)|closed(?:won|lost)/i;

interface KnownPipeline {
  readonly id: string;
  readonly kinds: ReadonlyMap<string, DealStatus>;
}

/** Makes the map of what the caller says about stages; what is wrong with that goes to `problems`. */
export function readStageMap(stages: unknown, pipeline: unknown, problems: IssueSink): StageMap {
  const known = pipeline === undefined ? undefined : readPipeline(pipeline, problems);
  const targets = new Map<string, StageTarget>();
  const record: PlainRecord | undefined = stages === undefined ? undefined : checkRecord(stages, ['stages'], problems, 'a map from stage names to stages');
  if (record !== undefined) {
    for (const from of Object.keys(record)) {
      const target = readTarget(record[from], from, known, problems);
      if (target !== undefined) targets.set(from, target);
    }
  }
  const used = new Map<string, CountedStage>();
  const usedWithStatus = new Map<string, CountedStage>();
  const passing = (from: string, statusKnown: boolean): StageTarget | Omit<Issue, 'path'> => {
    const { path: _path, ...problem } = createIssue('unmapped_stage', [], {
      expected: known === undefined ? 'a stage named in stages' : `a stage of pipeline "${known.id}", or one named in stages`,
      received: from,
    });
    if (known !== undefined) {
      const status = known.kinds.get(from);
      if (status !== undefined) return { stageId: from, status };
      const near = nearestText(from, [...known.kinds.keys()]);
      return { ...problem, hint: near === undefined ? `stages: { ${JSON.stringify(from.slice(0, 40))}: … }` : `stages: { ${JSON.stringify(from.slice(0, 40))}: "${near}" }?` };
    }
    const status = CLOSED_STAGES.get(from);
    if (status !== undefined) return { stageId: from, status };
    if (statusKnown) return { stageId: from, status: null };
    if (SOUNDS_CLOSED.test(from)) return { ...problem, hint: `it may be a closed stage; say so: stages: { ${JSON.stringify(from.slice(0, 40))}: { stageId: …, status: … } }` };
    return { stageId: from, status: 'open' };
  };
  return {
    pipelineId: known?.id,
    used: () => [...used.values(), ...usedWithStatus.values()].filter(({ rows }) => rows > 0),
    find: (from, statusKnown) => {
      const seen = statusKnown ? usedWithStatus : used;
      const counted = seen.get(from);
      if (counted !== undefined) return counted;
      const target = targets.get(from) ?? passing(from, statusKnown);
      if ('code' in target) return target;
      const entry: CountedStage = { from, stageId: target.stageId, status: target.status, rows: 0 };
      seen.set(from, entry);
      return entry;
    },
  };
}

function readTarget(value: unknown, from: string, known: KnownPipeline | undefined, problems: IssueSink): StageTarget | undefined {
  const path = ['stages', from];
  const record = isPlainRecord(value) ? value : undefined;
  if (record !== undefined) {
    const required = { stageId: checkId };
    const optional = { status: (status: unknown, at: readonly (string | number)[], issues: IssueSink) => checkOneOf(status, DEAL_STATUSES, at, issues) };
    if (checkShape(record, { required, optional }, path, problems, 'a stage') === undefined) return undefined;
  }
  const stageId = record === undefined ? checkId(value, path, problems) : String(record['stageId']);
  if (stageId === undefined) return undefined;
  if (known !== undefined && !known.kinds.has(stageId)) {
    const near = nearestText(stageId, [...known.kinds.keys()]);
    problems.push(
      createIssue('unknown_stage', path, { expected: `a stage of pipeline "${known.id}"`, received: stageId, ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }) }),
    );
    return undefined;
  }
  const status =
    DEAL_STATUSES.find((candidate) => candidate === (record === undefined ? undefined : ownField(record, 'status'))) ?? known?.kinds.get(stageId) ?? CLOSED_STAGES.get(stageId);
  if (status === undefined && SOUNDS_CLOSED.test(stageId)) {
    problems.push(
      createIssue('invalid_value', path, {
        expected: 'the status of a stage that sounds closed',
        received: stageId,
        hint: `write { stageId: ${JSON.stringify(stageId.slice(0, 40))}, status: "won" } or whatever it is, or pass the pipeline`,
      }),
    );
    return undefined;
  }
  return { stageId, status: status ?? 'open' };
}

const KINDS: readonly ['open', 'won', 'lost'] = ['open', 'won', 'lost'];

function readPipeline(value: unknown, problems: IssueSink): KnownPipeline | undefined {
  const record = checkRecord(value, ['pipeline'], problems, 'a pipeline: { id, stages }');
  if (record === undefined) return undefined;
  const id = checkId(ownField(record, 'id'), ['pipeline', 'id'], problems);
  const kinds = new Map<string, DealStatus>();
  checkList(ownField(record, 'stages'), ['pipeline', 'stages'], problems, { min: 1, expected: 'a list of stages' })?.forEach((stage, index) => {
    const path = ['pipeline', 'stages', index];
    const fields = checkRecord(stage, path, problems, 'a stage: { id, kind }');
    if (fields === undefined) return;
    const stageId = checkId(ownField(fields, 'id'), [...path, 'id'], problems);
    const kind = Object.hasOwn(fields, 'kind') ? checkOneOf(fields['kind'], KINDS, [...path, 'kind'], problems) : 'open';
    if (stageId !== undefined && kind !== undefined) kinds.set(stageId, kind);
  });
  return id === undefined ? undefined : { id, kinds };
}
