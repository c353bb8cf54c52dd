import { checkKeys, checkList, checkNumber, checkOneOf, checkRecord, type IssueSink, isPlainRecord } from '../../errors/checks.js';
import { throwIfIssues } from '../../errors/domain-error.js';
import { createIssue } from '../../errors/issue.js';
import { applyPlattScaling, fitPlattScaling, type PlattScaling } from '../../stats/calibrate-probabilities.js';

/**
 * A lead or deal as it is scored: its stage, its team, and any fields.
 *
 * @category forecasting
 */
export interface ScoredLead {
  /** How it ended; `null` while it is open: open ones are not learned from. */
  readonly outcome: 'won' | 'lost' | null;
  /** Its stage; of a lost one, the last it was in. */
  readonly stage: string | null;
  /** Its team; frequencies are kept apart by team. `null`: no team; such a lead is scored by all teams together. */
  readonly team?: string | null;
  /** Values by field; `null` is unset and not counted. */
  readonly fields?: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * Options of {@link fitLeadScore}.
 *
 * @category forecasting
 */
export interface FitLeadScoreOptions {
  /** Stages in order, the won one last. */
  readonly stages: readonly string[];
  /**
   * `odoo`: as Odoo's predictive lead scoring does it, to the hundredth of a percent. `calibrated` (default): the same counts, smoothed by 1 divided by the number of
   * values, with a power that undoes the overconfidence of taking fields as independent (Platt scaling on five held-out parts).
   */
  readonly method?: 'odoo' | 'calibrated';
}

/**
 * Counts of one value of a field: won and lost, smoothing included.
 *
 * @category forecasting
 */
export interface LeadFrequency {
  /** The team; `null` for no team. */
  readonly team: string | null;
  /** The field; `stage` is always there. */
  readonly field: string;
  /** The value, as text. */
  readonly value: string;
  /** Won. */
  readonly won: number;
  /** Lost. */
  readonly lost: number;
}

/**
 * A fitted lead score: plain data that can be stored.
 *
 * @category forecasting
 */
export interface LeadScoreModel {
  /** Version of the stored format. */
  readonly formatVersion: 1;
  /** Which kind of stored data this is. */
  readonly kind: 'lead-score-model';
  /** How it was fitted. */
  readonly method: 'odoo' | 'calibrated';
  /** Stages in order. */
  readonly stages: readonly string[];
  /** Counts, sorted by team, field and value. */
  readonly frequencies: readonly LeadFrequency[];
  /** Calibration of the log-odds, or `null`. */
  readonly calibration: PlattScaling | null;
  /** Leads that were learned from. */
  readonly n: number;
}

/**
 * A score with its reasons.
 *
 * @category forecasting
 */
export interface LeadScore {
  /** Probability of winning, 0 to 1; `null` where nothing was won or lost in the team. With `odoo` rounded to four decimals. */
  readonly probability: number | null;
  /** ln(odds) in parts, before calibration: `prior`, and one for each field that was used. */
  readonly explanation: readonly { readonly term: string; readonly logOdds: number }[];
  /** Why there is no probability; `null` otherwise. */
  readonly reason: 'nothing-won-or-lost' | 'no-stage' | null;
}

const SMOOTHING = 0.1;
const FOLDS = 5;

interface Table {
  /** Key: team, field and value. */
  readonly counts: Map<string, { readonly team: string | null; readonly field: string; readonly value: string; won: number; lost: number }>;
}

function countLeads(leads: readonly ScoredLead[], stages: readonly string[], smoothing: (field: string) => number): Table {
  const counts: Table['counts'] = new Map();
  const add = (team: string | null, field: string, value: string, isWon: boolean): void => {
    const key = JSON.stringify([team, field, value]);
    let row = counts.get(key);
    if (row === undefined) {
      const start = smoothing(field);
      row = { team, field, value, won: start, lost: start };
      counts.set(key, row);
    }
    if (isWon) row.won += 1;
    else row.lost += 1;
  };
  for (const { outcome, stage, team = null, fields = {} } of leads) {
    if (outcome === null || stage === null) continue;
    const isWon = outcome === 'won';
    // A won lead passed through every stage; a lost one through those up to its last.
    const last = isWon ? stages.length - 1 : stages.indexOf(stage);
    for (let i = 0; i <= last; i += 1) add(team, 'stage', stages[i] ?? '', isWon);
    for (const field of Object.keys(fields)) {
      const value = fields[field];
      if (value !== null && value !== undefined) add(team, field, String(value), isWon);
    }
  }
  return { counts };
}

/**
 * Naive Bayes on won and lost leads: how often each value of each field occurs among the won and among the lost. With `method: 'odoo'` it is the algorithm of Odoo's predictive lead scoring:
 * won leads count in all stages, lost ones up to their last; every new count starts at 0.1; totals of a stage are those of the first stage; frequencies by team.
 * It looks at closed leads only and knows no time: `fitWinModel` does better where there is a history.
 *
 * @param leads - leads with outcome, stage and fields; the order does not matter
 * @param options - stages and method
 * @returns the model as plain data
 * @throws DomainError `invalid_type` | `empty` | `unknown_key` | `invalid_value` | `duplicate_id` | `unknown_stage`
 * @example
 * ```ts
 * import { fitLeadScore, scoreLead } from 'dealwright/forecasting';
 * const leads = [
 *   { outcome: 'won', stage: 'won', fields: { source: 'referral' } },
 *   { outcome: 'lost', stage: 'new', fields: { source: 'cold' } },
 * ] as const;
 * const model = fitLeadScore(leads, { stages: ['new', 'won'], method: 'odoo' });
 * scoreLead(model, { outcome: null, stage: 'new', fields: { source: 'referral' } }).probability; // => 0.9167
 * ```
 * @category forecasting
 */
export function fitLeadScore(leads: readonly ScoredLead[], options: FitLeadScoreOptions): LeadScoreModel {
  const issues: IssueSink = [];
  const record = checkRecord(options, ['options'], issues) ?? {};
  checkKeys(record, ['stages', 'method'], [], issues);
  const method = record.method === undefined ? 'calibrated' : (checkOneOf(record.method, ['odoo', 'calibrated'], ['method'], issues) ?? 'calibrated');
  const stages: string[] = [];
  for (const [i, stage] of (checkList(record.stages, ['stages'], issues, { min: 1 }) ?? []).entries()) {
    if (typeof stage !== 'string') issues.push(createIssue('invalid_type', ['stages', i], { expected: 'a text', received: stage }));
    else if (stages.includes(stage)) issues.push(createIssue('duplicate_id', ['stages', i], { received: stage }));
    else stages.push(stage);
  }
  const list = checkList(leads, ['leads'], issues) ?? [];
  for (let i = 0; i < list.length && issues.length < 100; i += 1) checkLead(list[i], [i], stages, issues);
  throwIfIssues(issues);
  const values = new Map<string, Set<string>>();
  for (const { fields = {} } of leads) for (const field of Object.keys(fields)) values.set(field, (values.get(field) ?? new Set()).add(String(fields[field])));
  const smoothing = (field: string): number => (method === 'odoo' || field === 'stage' ? SMOOTHING : 1 / Math.max(2, values.get(field)?.size ?? 2));
  const closed = leads.filter(({ outcome, stage }) => outcome !== null && stage !== null);
  const toModel = (part: readonly ScoredLead[], calibration: PlattScaling | null): LeadScoreModel => ({
    formatVersion: 1,
    kind: 'lead-score-model',
    method,
    stages,
    frequencies: [...countLeads(part, stages, smoothing).counts.values()].map((row) => ({ ...row })).sort(compareRows),
    calibration,
    n: part.length,
  });
  if (method === 'odoo') return toModel(closed, null);
  // Parts are cut from the leads in a fixed order, so that the order of the input does not matter.
  const ordered = [...closed]
    .map((lead) => ({ lead, key: JSON.stringify([lead.team ?? null, lead.stage, lead.outcome, Object.entries(lead.fields ?? {}).sort()]) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const probability: number[] = [];
  const outcome: number[] = [];
  if (ordered.length >= 50) {
    for (let fold = 0; fold < FOLDS; fold += 1) {
      const model = toModel(
        ordered.filter((_, i) => i % FOLDS !== fold).map(({ lead }) => lead),
        null,
      );
      const index = indexFrequencies(model);
      for (let i = fold; i < ordered.length; i += FOLDS) {
        const lead = ordered[i]?.lead;
        if (lead === undefined || lead.outcome === null) continue;
        // A closed lead is scored as it was on entry: its last stage would tell the outcome.
        const score = scoreWith(model, index, { ...lead, outcome: null, stage: stages[0] ?? null });
        if (score.probability === null) continue;
        probability.push(Math.min(1 - 1e-9, Math.max(1e-9, score.probability)));
        outcome.push(lead.outcome === 'won' ? 1 : 0);
      }
    }
  }
  const both = outcome.includes(1) && outcome.includes(0);
  return toModel(closed, both ? fitPlattScaling({ probability, outcome }) : null);
}

function compareRows(a: LeadFrequency, b: LeadFrequency): number {
  const left = [a.team ?? '', a.field, a.value];
  const right = [b.team ?? '', b.field, b.value];
  for (let i = 0; i < 3; i += 1) if (left[i] !== right[i]) return (left[i] ?? '') < (right[i] ?? '') ? -1 : 1;
  return 0;
}

function checkLead(value: unknown, path: readonly (string | number)[], stages: readonly string[], issues: IssueSink): void {
  const record = checkRecord(value, path, issues, 'a lead');
  if (record === undefined) return;
  if (record.outcome !== null) checkOneOf(record.outcome, ['won', 'lost'], [...path, 'outcome'], issues);
  if (record.stage !== null && (typeof record.stage !== 'string' || !stages.includes(record.stage)))
    issues.push(createIssue('unknown_stage', [...path, 'stage'], { expected: 'one of the stages, or null', received: record.stage }));
  if (record.team !== undefined && record.team !== null && typeof record.team !== 'string')
    issues.push(createIssue('invalid_type', [...path, 'team'], { expected: 'a text', received: record.team }));
  if (record.fields === undefined) return;
  if (!isPlainRecord(record.fields)) {
    issues.push(createIssue('invalid_type', [...path, 'fields'], { expected: 'an object', received: record.fields }));
    return;
  }
  for (const field of Object.keys(record.fields)) {
    const entry = record.fields[field];
    if (entry !== null && typeof entry !== 'string' && typeof entry !== 'boolean') checkNumber(entry, [...path, 'fields', field], issues);
  }
}

interface FrequencyIndex {
  readonly rows: ReadonlyMap<string, LeadFrequency>;
  readonly totals: ReadonlyMap<string, { readonly won: number; readonly lost: number }>;
  readonly teams: ReadonlySet<string | null>;
}

function indexFrequencies(model: LeadScoreModel): FrequencyIndex {
  const rows = new Map<string, LeadFrequency>();
  const totals = new Map<string, { won: number; lost: number }>();
  const add = (key: string, row: LeadFrequency): void => {
    const total = totals.get(key) ?? { won: 0, lost: 0 };
    totals.set(key, { won: total.won + row.won, lost: total.lost + row.lost });
  };
  const teams = new Set<string | null>();
  for (const row of model.frequencies) {
    teams.add(row.team);
    rows.set(JSON.stringify([row.team, row.field, row.value]), row);
    add(JSON.stringify([row.team, row.field]), row);
    // All teams together, for leads of a team that is new.
    const key = JSON.stringify(['all teams', true, row.field, row.value]);
    const before = rows.get(key);
    rows.set(key, before === undefined ? row : { ...row, won: before.won + row.won, lost: before.lost + row.lost });
    add(JSON.stringify(['all teams', true, row.field]), row);
  }
  return { rows, totals, teams };
}

function scoreWith(model: LeadScoreModel, { rows, totals, teams }: FrequencyIndex, lead: ScoredLead): LeadScore {
  const { stages, method } = model;
  if (lead.stage === null) return { probability: method === 'odoo' ? 0 : null, explanation: [], reason: 'no-stage' };
  const team = lead.team ?? null;
  // A lead without a team, like one of a new team, is scored by all teams together.
  const isKnown = team !== null && teams.has(team);
  const rowOf = (field: string, value: string): LeadFrequency | undefined => rows.get(JSON.stringify(isKnown ? [team, field, value] : ['all teams', true, field, value]));
  const totalOf = (field: string): { readonly won: number; readonly lost: number } | undefined => totals.get(JSON.stringify(isKnown ? [team, field] : ['all teams', true, field]));
  if (lead.stage === stages.at(-1)) return { probability: 1, explanation: [], reason: null };
  const entry = rowOf('stage', stages[0] ?? '');
  if (entry === undefined || entry.won <= 0 || entry.lost <= 0) return { probability: null, explanation: [], reason: 'nothing-won-or-lost' };
  const explanation: { term: string; logOdds: number }[] = [{ term: 'prior', logOdds: Math.log(entry.won / entry.lost) }];
  const stage = rowOf('stage', lead.stage);
  if (stage !== undefined) explanation.push({ term: 'stage', logOdds: Math.log(stage.won / entry.won / (stage.lost / entry.lost)) });
  const fields = lead.fields ?? {};
  for (const field of Object.keys(fields).sort()) {
    const value = fields[field];
    const total = totalOf(field);
    if (value === null || value === undefined || total === undefined || total.won <= 0 || total.lost <= 0) continue;
    const row = rowOf(field, String(value));
    if (row === undefined) continue;
    explanation.push({ term: field, logOdds: Math.log(row.won / total.won / (row.lost / total.lost)) });
  }
  const logOdds = explanation.reduce((sum, part) => sum + part.logOdds, 0);
  const probability = 1 / (1 + Math.exp(-logOdds));
  if (method === 'odoo') return { probability: Math.min(0.9999, Math.max(0.0001, Math.round(probability * 1e4) / 1e4)), explanation, reason: null };
  const kept = Math.min(1 - 1e-9, Math.max(1e-9, probability));
  return { probability: model.calibration === null ? probability : applyPlattScaling(model.calibration, kept), explanation, reason: null };
}

/**
 * Scores an open lead with a fitted model.
 *
 * @param model - result of {@link fitLeadScore}
 * @param lead - the lead; its outcome is not looked at
 * @returns probability of winning, with the parts of its log-odds
 * @throws DomainError `invalid_type` | `unsupported_format_version` | `unknown_stage` | `not_finite`
 * @example
 * ```ts
 * import { fitLeadScore, scoreLead } from 'dealwright/forecasting';
 * const model = fitLeadScore([], { stages: ['new', 'won'] });
 * scoreLead(model, { outcome: null, stage: 'new' }).reason; // => 'nothing-won-or-lost'
 * ```
 * @category forecasting
 */
export function scoreLead(model: LeadScoreModel, lead: ScoredLead): LeadScore {
  const issues: IssueSink = [];
  const record = checkRecord(model, ['model'], issues, 'a lead score model') ?? {};
  if (issues.length === 0 && record.formatVersion !== 1)
    issues.push(createIssue('unsupported_format_version', ['model', 'formatVersion'], { expected: '1', received: record.formatVersion }));
  const stages = checkList(record.stages, ['model', 'stages'], issues) ?? [];
  const frequencies = checkList(record.frequencies, ['model', 'frequencies'], issues) ?? [];
  for (const [i, row] of frequencies.entries()) {
    if (issues.length > 20) break;
    const entry = checkRecord(row, ['model', 'frequencies', i], issues);
    if (entry === undefined) continue;
    checkNumber(entry.won, ['model', 'frequencies', i, 'won'], issues, { min: 0 });
    checkNumber(entry.lost, ['model', 'frequencies', i, 'lost'], issues, { min: 0 });
  }
  checkLead(
    lead,
    ['lead'],
    stages.filter((stage) => typeof stage === 'string'),
    issues,
  );
  throwIfIssues(issues);
  return scoreWith(model, indexFrequencies(model), lead);
}
