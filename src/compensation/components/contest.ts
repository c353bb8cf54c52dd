import type { Period } from '../../calendar/period.js';
import { RATIO_ONE, RATIO_ZERO, type Ratio, ratioAdd, ratioFromDecimal, ratioSign } from '../../decimal/ratio.js';
import { type ExactValue, exactValueOfRatio, ratioOf } from '../../decimal/traced-arithmetic.js';
import { checkId, checkKeys, checkList, checkOneOf, checkRecord, checkText, type IssueSink, type PlainRecord } from '../../errors/checks.js';
import { createIssue, formatPath, type Issue } from '../../errors/issue.js';
import { checkAmountText } from '../amount-text.js';
import { defineComponent, type EvaluationContext, type Gathered, type Posting } from '../component.js';
import { CONTEST_METRICS, CONTEST_RANKINGS, CONTEST_TIES, type ContestMetric, type ContestRanking, type ContestTies } from '../contests/contest-entry.js';
import { rankScores } from '../contests/rank-scores.js';
import { TEAM_PRIZE_SHARES, TEAM_SCORES, type TeamPrizeShares, type TeamScore, teamsOf } from '../contests/rank-team-contest.js';
import { exclusionOf, metricOf, type ReadEntry } from '../contests/read-entries.js';
import { effectiveWeights, explainShare, shareOut } from '../contests/share-out.js';
import { checkMeasure, describeMeasure, type Measure, referencesOfMeasure, unitOfBasis } from '../measure.js';
import { indexGathered, ownGathered } from '../own-gathered.js';
import { checkEligibility, mayEarn, type PayeeEligibility } from '../payee-eligibility.js';
import { checkValueExpression, type ValueExpression } from '../value-expression.js';
import { type ComponentWindow, checkWindow, describeWindow, endsInSegment, WINDOW_KEYS, windowsOf } from '../window.js';

/**
 * Teams that compete instead of single payees.
 *
 * @category compensation
 */
export interface ContestTeams {
  /** The attribute of a payee that names the team. Who has none does not take part. */
  readonly by: string;
  /** How a team comes by its score. Default `sum`. */
  readonly score?: TeamScore;
  /** How a team's prize goes to its members. Default `equal`. */
  readonly shares?: TeamPrizeShares;
}

/**
 * What everybody who reaches a goal wins.
 *
 * @category compensation
 */
export interface ContestGoal {
  /** In the unit of the measure, or a fraction of quota; decimal text. */
  readonly at: string;
  /** For each winner (each winning team), decimal text. One of `prize` and `pool`. */
  readonly prize?: string;
  /** Divided equally among the winners, decimal text. */
  readonly pool?: string;
}

/**
 * A contest among the payees of a plan.
 *
 * @category compensation
 */
export interface ContestConfig extends ComponentWindow {
  /** What the line says; default `Contest`. */
  readonly label?: string;
  /** What is measured, for each payee, over the window. Returns (negative credits) within the window reduce it, unless the plan keeps quota retired. */
  readonly measure: Measure;
  /** What is compared: the measure (`raw`, default), or its fraction of quota. */
  readonly metric?: ContestMetric;
  /** Target for the window. Default: the quotas given for the payee. */
  readonly quota?: ValueExpression;
  /** Prizes in the plan's currency, best place first, decimal texts. One of `prizes` and `goal`. */
  readonly prizes?: readonly [string, ...string[]];
  /** A goal to be reached instead of places. */
  readonly goal?: ContestGoal;
  /** How ranks are counted. Default `standard`: 1, 2, 2, 4. */
  readonly ranking?: ContestRanking;
  /** What prizes do at equal scores. Default `share`. */
  readonly ties?: ContestTies;
  /** What decides at equal scores, with `ties: 'break'`: higher first, in this order. */
  readonly tieBreakers?: readonly Measure[];
  /** Whether the highest (default) or the lowest wins. */
  readonly order?: 'highest-first' | 'lowest-first';
  /** Scores below it have no rank: in the unit of the measure, or a fraction of quota; decimal text. For teams, the score of the team. */
  readonly minimum?: string;
  /** Who may take part. */
  readonly eligibility?: PayeeEligibility;
  /** Teams that compete. */
  readonly teams?: ContestTeams;
}

const KEYS = ['label', 'measure', 'metric', 'quota', 'prizes', 'goal', 'ranking', 'ties', 'tieBreakers', 'order', 'minimum', 'eligibility', 'teams', ...WINDOW_KEYS] as const;

/**
 * A contest: all payees who are on the plan on the last day of the window are ranked, and the prizes of the places are paid in the period of that day, as
 * `rankContest` and `rankTeamContest` do it. Whoever has left before takes no place. Scores are followed across periods; the payees of a contest belong in one
 * run. For a contest across plans, put everybody on a plan of its own beside theirs.
 *
 * @example
 * ```ts
 * import { computeCompensation, definePlan } from 'dealwright/compensation';
 * const plan = definePlan({ id: 'p', currency: 'USD', period: 'month', components: [{ kind: 'contest', id: 'may', measure: { count: 'deals' }, prizes: ['1000', '500'] }] });
 * const payees = ['ada', 'bob', 'cleo'].map((id) => ({ id }));
 * const run = computeCompensation({
 *   plans: [plan], payees, assignments: payees.map(({ id }) => ({ payeeId: id, planId: 'p', from: '2026-01-01' })),
 *   credits: [['d1', 'ada'], ['d2', 'ada'], ['d3', 'bob'], ['d4', 'cleo']].map(([id = '', payeeId = '']) => ({ id, dealId: id, payeeId, on: '2026-05-10' })), periods: ['2026-05'],
 * });
 * run.statements.map((statement) => [statement.payeeId, statement.total.amount]); // => [['ada', '1000.00'], ['bob', '250.00'], ['cleo', '250.00']]
 * ```
 * @category compensation
 */
export const contestComponent = /* @__PURE__ */ defineComponent<'contest', ContestConfig>({
  kind: 'contest',
  section: 'bonus',
  keys: KEYS,
  readsOthers: true,
  dependsOn: (config) => [config.measure, ...(config.tieBreakers ?? [])].flatMap(referencesOfMeasure),
  check: (config, _issue) => checkContest(config as unknown as PlainRecord),
  gather: (config, context) => windowsOf(config, context).flatMap((window) => scoreOf(config, context, window)),
  evaluate: (config, context) => payPrizes(config, context),
  describe: (config, plan) => describeContest(config, plan.currency),
});

function checkContest(config: PlainRecord): readonly Issue[] {
  const issues: IssueSink = [];
  checkKeys(config, [...KEYS, 'kind', 'id'], [], issues);
  if (Object.hasOwn(config, 'label')) checkText(config['label'], ['label'], issues);
  checkMeasure(config['measure'], ['measure'], issues);
  if (Object.hasOwn(config, 'metric')) checkOneOf(config['metric'], CONTEST_METRICS, ['metric'], issues);
  if (Object.hasOwn(config, 'quota')) checkValueExpression(config['quota'], ['quota'], issues);
  if (Object.hasOwn(config, 'ranking')) checkOneOf(config['ranking'], CONTEST_RANKINGS, ['ranking'], issues);
  if (Object.hasOwn(config, 'ties')) checkOneOf(config['ties'], CONTEST_TIES, ['ties'], issues);
  if (Object.hasOwn(config, 'order')) checkOneOf(config['order'], ['highest-first', 'lowest-first'], ['order'], issues);
  if (Object.hasOwn(config, 'minimum')) checkAmountText(config['minimum'], ['minimum'], issues);
  if (Object.hasOwn(config, 'tieBreakers'))
    checkList(config['tieBreakers'], ['tieBreakers'], issues)?.forEach((measure, index) => checkMeasure(measure, ['tieBreakers', index], issues));
  if (Object.hasOwn(config, 'eligibility')) checkEligibility(config['eligibility'], ['eligibility'], issues);
  checkWindow(config, issues, { needsEnd: true });
  const given = (['prizes', 'goal'] as const).filter((key) => Object.hasOwn(config, key));
  if (given.length !== 1) issues.push(createIssue('missing_key', [], { expected: 'exactly one of prizes, goal', received: given.join(', ') || 'none' }));
  if (Object.hasOwn(config, 'prizes')) checkList(config['prizes'], ['prizes'], issues, { min: 1 })?.forEach((prize, index) => checkAmountText(prize, ['prizes', index], issues));
  if (Object.hasOwn(config, 'goal')) checkGoal(config['goal'], issues);
  if (Object.hasOwn(config, 'teams')) checkTeams(config['teams'], issues);
  return issues;
}

function checkGoal(value: unknown, issues: IssueSink): void {
  const goal = checkRecord(value, ['goal'], issues, 'a goal { at, prize }');
  if (goal === undefined) return;
  checkKeys(goal, ['at', 'prize', 'pool'], ['goal'], issues);
  checkAmountText(goal['at'], ['goal', 'at'], issues);
  const given = ['prize', 'pool'].filter((key) => Object.hasOwn(goal, key));
  if (given.length !== 1) issues.push(createIssue('missing_key', ['goal'], { expected: 'exactly one of prize, pool', received: given.join(', ') || 'none' }));
  for (const key of given) checkAmountText(goal[key], ['goal', key], issues);
}

function checkTeams(value: unknown, issues: IssueSink): void {
  const teams = checkRecord(value, ['teams'], issues, 'teams { by }');
  if (teams === undefined) return;
  checkKeys(teams, ['by', 'score', 'shares'], ['teams'], issues);
  checkId(teams['by'], ['teams', 'by'], issues);
  if (Object.hasOwn(teams, 'score')) checkOneOf(teams['score'], TEAM_SCORES, ['teams', 'score'], issues);
  if (Object.hasOwn(teams, 'shares')) checkOneOf(teams['shares'], TEAM_PRIZE_SHARES, ['teams', 'shares'], issues);
}

/** What a payee brings to a contest that ends in the period. */
interface ContestScore {
  readonly window: Period;
  readonly measured: ExactValue;
  readonly entry: ReadEntry;
}

/** Follows the score; only the segment that holds the last day of the window takes part. */
function scoreOf(config: ContestConfig, context: EvaluationContext, window: Period): readonly ContestScore[] {
  const measured = context.measureToDate(config.measure, window, 'score');
  const keys = (config.tieBreakers ?? []).map((measure, index) => context.measureToDate(measure, window, `tie-breaker ${index + 1}`));
  if (!endsInSegment(window, context)) return [];
  const { metric = 'raw' } = config;
  const quota = metric === 'raw' ? undefined : config.quota === undefined ? context.quota(window) : context.value(config.quota, 'quota');
  if (metric === 'quota') reportQuota(context, quota, window, measured.toDate);
  const score = measured.unknown === undefined ? ratioOf(measured.toDate) : undefined;
  const value = metricOf(score, quota === undefined ? undefined : ratioOf(quota), metric);
  const least = config.teams === undefined ? (config.goal?.at ?? config.minimum) : undefined;
  const team = config.teams === undefined ? undefined : teamOf(context, config.teams.by);
  const mayEnter = mayEarn(config.eligibility, context, window) && (config.teams === undefined || team !== undefined);
  return [
    {
      window,
      measured: measured.toDate,
      entry: {
        id: context.payee.id,
        value,
        keys: keys.map((key) => (key.unknown === undefined ? ratioOf(key.toDate) : undefined)),
        reason: exclusionOf(mayEnter, score, value, least === undefined ? undefined : ratioFromDecimal(least)),
        team,
      },
    },
  ];
}

function reportQuota(context: EvaluationContext, quota: ExactValue | undefined, window: Period, measured: ExactValue): void {
  if (quota === undefined) context.report('missing_quota', { expected: `a quota for ${context.payee.id} in ${window.label}`, hint: 'without it there is no place in the contest' });
  else if (context.sign(quota) <= 0) context.report('undefined_attainment', { expected: 'a quota above 0', hint: 'without it there is no place in the contest' });
  if (quota !== undefined) context.attain(window, measured, quota);
}

function teamOf(context: EvaluationContext, name: string): string | undefined {
  const { attributes } = context.payee;
  const team = attributes !== undefined && Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return team === undefined || team === null ? undefined : String(team);
}

/** What a payee, or a team, gets: the sum of some prizes, shared by so many, and which of those it is. */
interface Win {
  readonly rank: number;
  readonly tied: number;
  /** The prizes by index; undefined for that of a goal. */
  readonly prizes: readonly [number, number] | undefined;
  readonly sharedBy: number;
  readonly rest: Ratio;
  /** Of a team: how the member shares in it. */
  readonly member?: { readonly weight: Ratio; readonly whole: Ratio; readonly rest: Ratio } | undefined;
}

function payPrizes(config: ContestConfig, context: EvaluationContext): readonly Posting[] {
  const all = context.gathered<readonly ContestScore[]>();
  const { index, wins } = context.once(all, () => ({ index: indexGathered(all), wins: decide(config, context, all) }));
  return (ownGathered(index, context) ?? []).flatMap(({ window, measured }) => {
    const win = wins.get(window.start)?.get(context.payee.id);
    if (win === undefined) return [];
    const amount = prizeOf(config, context, win);
    if (context.sign(amount) === 0) return [];
    const label = `${config.label ?? 'Contest'}: ${placeOf(config, win)}`;
    const planPath = formatPath([...context.path, config.goal === undefined ? 'prizes' : 'goal']);
    return [context.post(amount, { label, planPath, basis: measured, basisUnit: unitOfBasis(config.measure, context.currency), roundingWindow: window })];
  });
}

function placeOf(config: ContestConfig, win: Win): string {
  const who = config.teams === undefined ? '' : 'team ';
  if (config.goal !== undefined) return `${who}goal reached`;
  return `${who}place ${win.rank}${win.tied > 1 ? `, with ${win.tied - 1} more` : ''}`;
}

/** Who wins what, by window and payee. */
function decide(config: ContestConfig, context: EvaluationContext, all: readonly Gathered<readonly ContestScore[]>[]): ReadonlyMap<string, ReadonlyMap<string, Win>> {
  const windows = new Map<string, ReadEntry[]>();
  for (const { value } of all) {
    for (const { window, entry } of value) {
      const list = windows.get(window.start);
      if (list === undefined) windows.set(window.start, [entry]);
      else list.push(entry);
    }
  }
  return new Map(
    [...windows.entries()].map(([start, entries]) => [start, config.teams === undefined ? winners(config, context, entries) : winningMembers(config, context, entries)]),
  );
}

function winners(config: ContestConfig, context: EvaluationContext, entries: readonly ReadEntry[]): ReadonlyMap<string, Win> {
  const taking = entries.flatMap((entry) => (entry.reason !== undefined || entry.value === undefined ? [] : [{ id: entry.id, score: entry.value, keys: entry.keys }]));
  const { scale } = context.rounding;
  const equally = (sum: Ratio, count: number): readonly Ratio[] => shareOut(sum, new Array<Ratio>(count).fill(RATIO_ONE), scale).map((part) => part.rest);
  if (config.goal !== undefined) {
    const ids = taking.map((entry) => entry.id).sort();
    const rests = config.goal.pool === undefined ? [] : equally(ratioOf(roundedPrize(context, [config.goal.pool])), ids.length);
    return new Map(
      ids.map((id, index) => [id, { rank: 1, tied: ids.length, prizes: undefined, sharedBy: config.goal?.pool === undefined ? 1 : ids.length, rest: rests[index] ?? RATIO_ZERO }]),
    );
  }
  const rules = { ranking: config.ranking ?? 'standard', ties: config.ties ?? 'share', lowestFirst: config.order === 'lowest-first' };
  const groups = new Map<readonly string[], readonly Ratio[]>();
  return new Map(
    rankScores(taking, rules).map((place): [string, Win] => {
      const rests = groups.get(place.tied) ?? (place.sharedBy === 1 ? [] : equally(ratioOf(roundedPrize(context, (config.prizes ?? []).slice(...place.prizes))), place.sharedBy));
      groups.set(place.tied, rests);
      return [place.id, { rank: place.rank, tied: place.tied.length, prizes: place.prizes, sharedBy: place.sharedBy, rest: rests[place.position] ?? RATIO_ZERO }];
    }),
  );
}

function winningMembers(config: ContestConfig, context: EvaluationContext, entries: readonly ReadEntry[]): ReadonlyMap<string, Win> {
  const { score = 'sum', shares = 'equal' } = config.teams ?? {};
  const least = config.goal?.at ?? config.minimum;
  const teams = teamsOf(
    entries.filter((entry) => entry.team !== undefined),
    score,
    least === undefined ? undefined : ratioFromDecimal(least),
  );
  const wins = winners(
    config,
    context,
    teams.map((team) => team.entry),
  );
  const members = new Map<string, Win>();
  for (const team of teams) {
    const win = wins.get(team.entry.id);
    if (win === undefined) continue;
    const weights = effectiveWeights(team.scoring.map((member) => (shares === 'by-score' ? (member.value ?? RATIO_ZERO) : RATIO_ONE)));
    const whole = weights.reduce(ratioAdd, RATIO_ZERO);
    const parts = shareOut(ratioOf(prizeOf(config, context, win)), weights, context.rounding.scale);
    team.scoring.forEach((member, index) => {
      const weight = weights[index] ?? RATIO_ZERO;
      members.set(member.id, shares === 'each' ? win : { ...win, member: { weight, whole, rest: parts[index]?.rest ?? RATIO_ZERO } });
    });
  }
  return members;
}

/** The prizes of some places together, in amounts that can be paid. */
function roundedPrize(context: EvaluationContext, prizes: readonly string[]): ExactValue {
  const unit = context.currency;
  if (prizes.length === 0) return context.exact('0', { name: 'no prize', unit });
  const sum = context.sum(
    prizes.map((prize) => context.exact(prize, { name: 'prize', unit })),
    { label: prizes.length === 1 ? 'Prize' : 'Prizes of the places shared', unit },
  );
  const rounded = context.round(sum, context.rounding, { label: 'Prize', unit });
  return context.compare(sum, rounded) === 0 ? sum : rounded;
}

function prizeOf(config: ContestConfig, context: EvaluationContext, win: Win): ExactValue {
  const { goal, prizes = [] } = config;
  const unit = context.currency;
  const { scale } = context.rounding;
  const given = goal === undefined ? prizes.slice(...(win.prizes ?? [0, 0])) : [goal.prize ?? goal.pool ?? '0'];
  const sum = roundedPrize(context, given);
  if (ratioSign(ratioOf(sum)) === 0) return sum;
  const own =
    win.sharedBy === 1
      ? sum
      : explainShare(context, { sum, weight: context.exact('1', { name: 'share' }), whole: context.exact(win.sharedBy, { name: 'winners' }), rest: win.rest }, scale, {
          label: 'Share of the prizes',
          unit,
        });
  const { member } = win;
  if (member === undefined) return own;
  const weight = exactValueOfRatio(member.weight, { name: 'own part' });
  const whole = exactValueOfRatio(member.whole, { name: 'parts of the team' });
  return explainShare(context, { sum: own, weight, whole, rest: member.rest }, scale, { label: 'Share of the team’s prize', unit });
}

function describeContest(config: ContestConfig, currency: string): string {
  const what = describeMeasure(config.measure);
  const who = config.teams === undefined ? 'Payees' : 'Teams';
  const by = config.metric === 'quota' ? `${what} as a fraction of quota` : what;
  if (config.goal !== undefined) {
    const { at, prize, pool } = config.goal;
    return `${who} who reach ${at} of ${by}${describeWindow(config)} win ${prize === undefined ? `a share of ${pool ?? '0'}` : prize} ${currency}.`;
  }
  return `${who} are ranked by ${by}${describeWindow(config)}; the prizes are ${(config.prizes ?? []).join(', ')} ${currency}.`;
}
