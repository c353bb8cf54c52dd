/*
 * Forecasts of synthetic CRM histories whose truth is known, against the usual methods: targets on the mean over the scenarios and on each.
 */

import { type ForecastDistribution, forecastPeriod } from 'dealwright/forecasting';
import { crpsDistribution } from 'dealwright/stats';
import { expect, test } from 'vitest';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';
import { dateOf, pipelineOf, type Simulation, toDeal } from './simulated-deals.js';

/** Of one frequency table by stage and time, as measured beside the histories. */
const STAGE_TABLE: Readonly<Record<string, { readonly brier: number; readonly logLoss: number }>> = {
  enterprise: { brier: 0.1052, logLoss: 0.3486 },
  smb_midmarket: { brier: 0.1435, logLoss: 0.4525 },
};
const ANCHORS = ['weightedCrmCloseInPeriod', 'weightedCrmAllOpen', 'historicalClosedOnlyCloseInPeriod', 'gongLikeSameTimeStage', 'runRateSamePeriodLast4'];

function measure(scenario: string) {
  const simulation = readReferenceJson<Simulation>(`cases/oracle/crm_sim_${scenario}.json`);
  const deals = simulation.deals.map(toDeal);
  const pipeline = pipelineOf(simulation);
  let absolute = 0;
  let bias = 0;
  let actual = 0;
  let crps = 0;
  let covered = 0;
  let brier = 0;
  let logLoss = 0;
  let pairs = 0;
  for (const origin of simulation.evaluation) {
    const forecast = forecastPeriod(deals, {
      pipeline,
      period: { start: dateOf(origin.periodStart), endExclusive: dateOf(origin.periodEnd) },
      asOf: dateOf(origin.asOf),
      currency: 'USD',
      segmentBy: 'custom.segment',
    });
    const toGo = forecast.expected - forecast.closedWon;
    expect(forecast.closedWon).toBeCloseTo(origin.wonQtd, 4);
    absolute += Math.abs(toGo - origin.actualToGo);
    bias += toGo - origin.actualToGo;
    actual += origin.actualToGo;
    const total = origin.wonQtd + origin.actualToGo;
    crps += crpsDistribution(total, bare(forecast.distribution));
    if (total >= forecast.distribution.p10 && total <= forecast.distribution.p90) covered += 1;
    for (const { index, probability } of forecast.contributions) {
      const deal = simulation.deals[index];
      const isWon = deal?.outcome === 'won' && deal.closed !== null && deal.closed < origin.periodEnd;
      const p = Math.min(1 - 1e-6, Math.max(1e-6, probability));
      brier += (p - (isWon ? 1 : 0)) ** 2;
      logLoss -= Math.log(isWon ? p : 1 - p);
      pairs += 1;
    }
  }
  const count = simulation.evaluation.length;
  const anchors = ANCHORS.map((name) => simulation.scores[name]).filter((score) => score !== undefined);
  return {
    scenario,
    wapeRatio: absolute / actual / Math.min(...anchors.map(({ wape }) => wape)),
    crpsRatio: crps / count / Math.min(...anchors.map(({ mae }) => mae)),
    wape: absolute / actual,
    bias: bias / actual,
    covered,
    count,
    brier: brier / pairs,
    logLoss: logLoss / pairs,
    pairs,
  };
}

/** The distribution without the figures read from it. */
function bare({ p10, p50, p90, quantiles, probabilityOfQuota, expectedShortfall, reason, ...distribution }: ForecastDistribution) {
  return distribution;
}

describeWithReference('forecasts of synthetic histories', () => {
  const results: ReturnType<typeof measure>[] = [];

  test.each(['enterprise', 'smb_midmarket'])('%s: within the limits of one scenario', (scenario) => {
    const result = measure(scenario);
    results.push(result);
    if (process.env['SHOW_FIGURES'] !== undefined) process.stdout.write(`${JSON.stringify(result)}\n`);
    const table = STAGE_TABLE[scenario];
    expect(result.wapeRatio).toBeLessThanOrEqual(1.15);
    expect(result.crpsRatio).toBeLessThanOrEqual(0.85);
    expect(result.brier).toBeLessThan(table?.brier ?? 0);
    expect(result.logLoss).toBeLessThan(table?.logLoss ?? 0);
  });

  test('on the mean of the scenarios, and pooled', () => {
    const mean = (of: (result: ReturnType<typeof measure>) => number): number => results.reduce((sum, result) => sum + of(result), 0) / results.length;
    expect(results).toHaveLength(2);
    expect(mean((result) => result.wapeRatio)).toBeLessThanOrEqual(1);
    expect(mean((result) => result.crpsRatio)).toBeLessThanOrEqual(0.75);
    const coverage = results.reduce((sum, { covered }) => sum + covered, 0) / results.reduce((sum, { count }) => sum + count, 0);
    expect(coverage).toBeGreaterThanOrEqual(0.7);
    expect(coverage).toBeLessThanOrEqual(0.9);
  });
});
