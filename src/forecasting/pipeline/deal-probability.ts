/*
 * The probability of an open deal, and where it was found. Not a public entry.
 */
import type { Deal } from '../../deals/deal.js';
import { checkFraction, type IssueSink, isPlainRecord } from '../../errors/checks.js';
import { createIssue } from '../../errors/issue.js';
import { stageProbability } from '../../pipelines/find-stage.js';
import type { OpenDeal } from './deal-at-cut.js';
import type { ForecastSettings } from './forecast-options.js';
import type { ProbabilitySource } from './pipeline-forecast.js';

/** See above. */
export interface SourcedProbability {
  readonly probability: number;
  readonly source: ProbabilitySource;
}

/** Asks the sources in their order; undefined with an issue where none knows. */
export function probabilityOf(open: OpenDeal, settings: ForecastSettings, issues: IssueSink): SourcedProbability | undefined {
  for (const source of settings.order) {
    const found = ask(source, open, settings);
    if (found === null) continue;
    const probability = checkFraction(found, [open.index, 'probability'], issues);
    return probability === undefined ? undefined : { probability, source };
  }
  issues.push(createIssue('unknown_probability', [open.index, 'probability'], { expected: `a probability from one of: ${settings.order.join(', ')}` }));
  return undefined;
}

function ask(source: ProbabilitySource, open: OpenDeal, settings: ForecastSettings): unknown {
  switch (source) {
    case 'deal':
      return open.state.probability;
    case 'model': {
      const { model, cut, period } = settings;
      if (model === undefined) return null;
      const known: unknown = model.probabilityOf(dealAtCut(open, settings), { asOf: cut.asOf, timeZone: cut.timeZone, period, pipeline: open.pipeline, stage: open.stage });
      return known === undefined ? null : known;
    }
    case 'override':
      return settings.byStage.get(open.stage.id) ?? null;
    case 'stage':
      return stageProbability(open.stage);
  }
}

/** The deal as it was at the cut: state, events and activities of later times are taken out. */
function dealAtCut({ deal, state }: OpenDeal, { cut }: ForecastSettings): Deal<object> {
  const { lossReason: _later, ownerId: _owner, forecastCategory: _category, ...rest } = deal;
  // The history ends where the first event at or after the cut stands, as in the replay.
  const end = deal.history.findIndex((event) => !(cut.timeOf(event.at) < cut.time));
  return {
    ...rest,
    status: 'open',
    stageId: state.stageId ?? deal.stageId,
    amount: state.amount,
    probability: state.probability,
    expectedCloseOn: state.expectedCloseOn,
    closedOn: null,
    splits: state.splits ?? [],
    activities: Array.isArray(deal.activities) ? deal.activities.filter((activity) => isPlainRecord(activity) && cut.timeOf(activity['at']) < cut.time) : [],
    history: end < 0 ? deal.history : deal.history.slice(0, end),
    ...(state.ownerId === null ? {} : { ownerId: state.ownerId }),
    ...(state.forecastCategory === null ? {} : { forecastCategory: state.forecastCategory }),
  };
}
