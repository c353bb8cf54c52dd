/*
 * What must hold for a forecast to mean what it says, in words. Not a public entry.
 */
import type { Distribution } from '../../stats/distribution.js';
import type { ForecastSettings } from './forecast-options.js';
import type { ForecastAssumption } from './pipeline-forecast.js';

/** What the forecast found out about its deals. */
export interface ForecastFacts {
  readonly sources: ReadonlySet<string>;
  readonly overdue: number;
  readonly unrecorded: number;
  readonly converted: number;
  readonly isPeriodOver: boolean;
  readonly areContributionsMissing: boolean;
}

/** The assumptions that apply, in a fixed order. */
export function listAssumptions(settings: ForecastSettings, distribution: Distribution, facts: ForecastFacts): readonly ForecastAssumption[] {
  const { cut, period, valuation } = settings;
  const list: ForecastAssumption[] = [];
  const add = (id: string, text: string): void => {
    list.push({ id, text });
  };
  add('cut-is-exclusive', `Only what happened before ${cut.asOf} (${cut.timeZone}) counts.`);
  if (facts.isPeriodOver) add('period-is-over', `The period ${period.label} ended before the cut: open deals can no longer close in it.`);
  else {
    add('closes-as-expected', 'A deal counts in the period in which it is expected to close, and its probability is that of being won in this period.');
    add('independent-deals', 'Deals are won or lost independently of each other; a common cause would widen the range.');
    add('amount-as-recorded', 'A deal that is won closes with the amount it has at the cut.');
    add('no-new-business', 'Deals that are not in the pipeline yet add nothing.');
  }
  if (facts.overdue > 0) add('overdue-counted', `${facts.overdue} open deals whose expected close date has passed are counted (policy "${settings.includeOverdue}").`);
  if (facts.unrecorded > 0) add('taken-as-recorded', `${facts.unrecorded} deals have no history of all their fields and are taken as they stand in the record.`);
  if (facts.sources.has('stage')) add('stage-probabilities', 'Where a deal has no probability of its own, that of its stage is used.');
  if (facts.sources.has('override')) add('override-probabilities', 'For some stages the probability given in the call is used.');
  if (facts.sources.has('model') && settings.model !== undefined) add('model-probabilities', `Probabilities come from the model "${settings.model.name}".`);
  if (facts.converted > 0) {
    add(
      'converted-amounts',
      `${facts.converted} amounts were converted to ${valuation.currency}: closed deals at the rate of their day, open ones at the last rate before the cut.`,
    );
  }
  if (distribution.method === 'lattice-convolution') add('amounts-on-a-grid', `Amounts were placed on a grid; a quantile can be off by up to ${distribution.resolution}.`);
  if (distribution.method === 'characteristic-function')
    add('fourier-inversion', `The distribution was computed by Fourier inversion; a quantile can be off by up to ${distribution.resolution}.`);
  if (facts.areContributionsMissing)
    add('contributions-not-computed', 'What each deal adds to the probability of the quota was not computed: a few large deals among very many would take too long.');
  return list;
}
