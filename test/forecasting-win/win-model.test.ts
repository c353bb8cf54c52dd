import { fitWinModel, forecastPipeline, predictWin, toWinProbabilityModel, type WinModel } from 'dealwright/forecasting';
import { describe, expect, test } from 'vitest';
import { pipeline, smallCompany } from '../forecasting-period/small-company.js';

const deals = smallCompany(1_500, 0.4);
const asOf = '2025-07-10';
const model = fitWinModel(deals, { pipeline, asOf, currency: 'USD' });
const open = deals.filter(({ createdOn, closedOn }) => (createdOn ?? '') < asOf && (closedOn === null || closedOn >= asOf));

describe('fitWinModel and predictWin', () => {
  test('three probabilities that add up, rising with the horizon, explained in parts that add up', () => {
    expect(open.length).toBeGreaterThan(10);
    for (const deal of open) {
      let before = 0;
      for (const by of ['2025-07-20', '2025-08-20', '2025-10-01', '2026-01-01']) {
        const { won, lost, open: left, explanation } = predictWin(model, deal, { asOf, by });
        expect((won ?? 0) + (lost ?? 0) + (left ?? 0)).toBeCloseTo(1, 9);
        expect(won ?? 0).toBeGreaterThanOrEqual(before);
        before = won ?? 0;
        const logOdds = explanation.reduce((sum, part) => sum + part.logOdds, 0);
        expect(1 / (1 + Math.exp(-logOdds))).toBeCloseTo(won ?? 0, 9);
      }
    }
  });

  test('a late stage has the better chance, and the model knows it: better than the base rate on cuts that it had not seen', () => {
    const chanceOf = (stageId: string): number => {
      const list = open.filter((deal) => deal.history.filter(({ at }) => at < asOf).some((event) => event.type === 'stage-changed') === (stageId === 'late'));
      return list.reduce((sum, deal) => sum + (predictWin(model, deal, { asOf, by: '2025-10-01' }).won ?? 0), 0) / list.length;
    };
    expect(chanceOf('late')).toBeGreaterThan(chanceOf('early'));
    expect(model.evaluation?.brier).toBeLessThan(model.evaluation?.brierOfBaseRate ?? 0);
    expect(model.evaluation?.auc).toBeGreaterThan(0.5);
  });

  test('the model is plain data, the same for any order, and nothing after the cut enters', () => {
    const stored = JSON.parse(JSON.stringify(model)) as WinModel;
    expect(stored).toEqual(model);
    expect(fitWinModel([...deals].reverse(), { pipeline, asOf, currency: 'USD' })).toEqual(model);
    const known = deals.filter(({ createdOn }) => (createdOn ?? '') < asOf).map((deal) => ({ ...deal, history: deal.history.filter(({ at }) => at < asOf) }));
    expect(fitWinModel(known, { pipeline, asOf, currency: 'USD' })).toEqual(model);
  });

  test('a closed deal is not open; a model of another format is refused', () => {
    const closed = deals.find(({ closedOn }) => closedOn !== null && closedOn < asOf);
    if (closed === undefined) throw new Error('no closed deal');
    expect(predictWin(model, closed, { asOf, by: '2025-10-01' })).toMatchObject({ won: null, reason: 'not-open' });
    expect(() => predictWin({ ...model, formatVersion: 2 } as never, closed, { asOf, by: '2025-10-01' })).toThrow(/format/);
    expect(() => predictWin({ ...model, dwellEdges: [] }, closed, { asOf, by: '2025-10-01' })).toThrow();
    expect(() => predictWin(model, closed, { asOf, by: '2025-01-01' })).toThrow();
    for (const hostile of [null, 3, 'x', [], { formatVersion: 1, kind: 'win-model' }]) expect(() => predictWin(hostile as never, closed, { asOf, by: '2025-10-01' })).toThrow();
  });

  test('it can be used in the forecast of the pipeline', () => {
    const forecast = forecastPipeline(open, { pipeline, period: '2025-Q3', asOf, currency: 'USD', probabilities: { model: toWinProbabilityModel(model), order: ['model'] } });
    expect(forecast.counts.open).toBeGreaterThan(0);
    for (const { dealId, probability } of forecast.contributions) {
      const deal = open.find(({ id }) => id === dealId);
      if (deal === undefined) throw new Error(dealId);
      expect(probability).toBeCloseTo(predictWin(model, deal, { asOf, by: '2025-10-01' }).won ?? 0, 9);
    }
  });
});
