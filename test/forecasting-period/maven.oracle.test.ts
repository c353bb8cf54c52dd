/*
 * An honest backtest on a public sample of a CRM without stage histories: what the pipeline that was open on a day wins in the next 92 days. Closings are recorded
 * from 2017-03-01 on only, and open deals have no amount.
 */
import { addDays } from 'dealwright/calendar';
import { createDeal } from 'dealwright/deals';
import { forecastPeriod } from 'dealwright/forecasting';
import { definePipeline } from 'dealwright/pipelines';
import { quantileOf } from 'dealwright/stats';
import { expect, test } from 'vitest';
import { describeWithReference, readReferenceText } from '../support/reference-data.js';

describeWithReference('the pipeline open on a day, 92 days on', () => {
  const rows = readReferenceText('data/maven-crm/sales_pipeline.csv')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','))
    .map(([id = '', owner = '', product = '', , stage = '', created = '', closed = '', value = '']) => ({ id, owner, product, stage, created, closed, value }))
    .filter(({ created }) => created !== '');
  const pipeline = definePipeline({
    id: 'maven',
    stages: [
      { id: 'engaging', label: 'Engaging' },
      { id: 'won', label: 'Won', kind: 'won' },
      { id: 'lost', label: 'Lost', kind: 'lost' },
    ],
  });
  const deals = rows.map(({ id, owner, product, stage, created, closed, value }) =>
    createDeal({
      id,
      pipelineId: 'maven',
      stageId: stage === 'Won' ? 'won' : stage === 'Lost' ? 'lost' : 'engaging',
      status: stage === 'Won' ? 'won' : stage === 'Lost' ? 'lost' : 'open',
      amount: stage === 'Won' ? { amount: value, currency: 'USD' } : null,
      createdOn: created,
      closedOn: closed === '' ? null : closed,
      ownerId: owner,
      custom: { product },
    }),
  );

  test.each([
    { day: '2017-03-31', naive: 1.5, status: 'insufficient' },
    { day: '2017-06-30', naive: 1.84, status: 'sufficient' },
    { day: '2017-09-30', naive: 2.93, status: 'sufficient' },
  ])('$day', ({ day, naive, status }) => {
    const start = addDays(day, 1);
    const end = addDays(start, 92);
    const forecast = forecastPeriod(deals, {
      pipeline,
      period: { start, endExclusive: end },
      asOf: start,
      currency: 'USD',
      observedFrom: '2017-03-01',
      segmentBy: 'custom.product',
      unknownAmounts: 'past-wins',
      newBusiness: false,
    });
    const actual = rows
      .filter(({ created, closed, stage }) => created <= day && closed > day && closed < end && stage === 'Won')
      .reduce((sum, { value }) => sum + Number(value), 0);
    const lower = quantileOf(forecast.distribution, 0.025);
    const upper = quantileOf(forecast.distribution, 0.975);
    const error = Math.abs(forecast.expected / actual - 1);
    if (process.env['SHOW_FIGURES'] !== undefined) {
      process.stdout.write(
        `${JSON.stringify({ day, actual, expected: forecast.expected, ratio: forecast.expected / actual, lower, upper, correlation: forecast.correlation, open: forecast.counts.open, history: { ...forecast.history } })}\n`,
      );
    }
    expect(forecast.history.status).toBe(status);
    expect(lower).toBeLessThanOrEqual(actual);
    expect(upper).toBeGreaterThanOrEqual(actual);
    if (status === 'sufficient') expect(error).toBeLessThanOrEqual((naive - 1) / 2);
  });
});
