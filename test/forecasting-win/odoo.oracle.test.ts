/*
 * The four probabilities that Odoo's own tests assert, to two decimals of a percent.
 */
import { fitLeadScore, type ScoredLead, scoreLead } from 'dealwright/forecasting';
import { expect, test } from 'vitest';
import { describeWithReference, readReferenceJson } from '../support/reference-data.js';

interface FixtureLead {
  readonly team: number | null;
  readonly outcome: 'won' | 'lost' | null;
  readonly fields: Readonly<Record<string, number | boolean>>;
}

interface Fixture {
  readonly stages: readonly { readonly id: number }[];
  readonly leads: readonly FixtureLead[];
  readonly leadsNoTeam: readonly FixtureLead[];
  readonly expected: Readonly<Record<string, number>>;
}

function toLead({ team, outcome, fields }: FixtureLead): ScoredLead {
  const { stage_id: stage, ...rest } = fields;
  return { outcome, stage: String(stage), team: team === null ? null : String(team), fields: rest };
}

describeWithReference('predictive lead scoring as Odoo does it', () => {
  const fixture = readReferenceJson<Fixture>('cases/oracle/odoo_pls_fixture.json');
  const stages = fixture.stages.map(({ id }) => String(id));

  test.each([
    { name: 'lead3_team1', index: 3, leads: fixture.leads },
    { name: 'lead8_team2', index: 8, leads: fixture.leads },
    { name: 'lead13_team3', index: 13, leads: fixture.leads },
    { name: 'lead13_no_team', index: 13, leads: fixture.leadsNoTeam },
  ])('$name', ({ name, index, leads }) => {
    const model = fitLeadScore(leads.map(toLead), { stages, method: 'odoo' });
    const lead = leads[index];
    if (lead === undefined) throw new Error('no such lead');
    const score = scoreLead(JSON.parse(JSON.stringify(model)), toLead(lead));
    expect(Number(((score.probability ?? 0) * 100).toFixed(2))).toBe(fixture.expected[name]);
  });
});
