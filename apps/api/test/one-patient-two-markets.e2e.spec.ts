import { aClinic } from '#identity/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Charting, type Consultation } from './harness/charting.js';
import { TestApi } from './harness/test-api.js';

describe('the same patient in an EU and a US clinic', () => {
  let api: TestApi;
  let eu: Charting;
  let us: Charting;

  beforeAll(async () => {
    api = await TestApi.start({ market: 'EU' });
    eu = await Charting.at(api, api.clinic);
    us = await Charting.at(api, await aClinic(api.db, { market: 'US' }));
  });
  afterAll(() => api.stop());

  const assess = async (at: Charting, product: string, said: Record<string, string>): Promise<Consultation> =>
    at.assess(await at.patient(), [{ area: 'glabella', product, units: product === 'abo' ? 50 : 20 }], said);
  const found = ({ findings }: Consultation) =>
    findings.map(({ ruleCode, severity }) => `${ruleCode} ${severity}`);
  const clear = (at: Charting, { id }: Consultation) => at.send('POST', `consultations/${id}/clear`, {});
  const decide = (
    at: Charting,
    { id, findings: [finding] }: Consultation,
    as: 'practitioner' | 'prescriber',
  ) =>
    at.send(
      'POST',
      `consultations/${id}/findings/${encodeURIComponent(finding?.key ?? '')}/decide`,
      { decision: 'proceed', reason: 'Ocular, in remission for ten years; agreed with her neurologist' },
      { as },
    );

  it('with myasthenia is blocked in the EU, with no way round', async () => {
    const consultation = await assess(eu, 'ona', { neuromuscular_disease: 'yes' });
    expect(found(consultation)).toEqual(['NMJ_DISEASE block']);
    expect(consultation).toMatchObject({
      comesTo: 'unsuitable',
      findings: [{ version: '2026-11-23', sources: ['S96', 'S22', 'S97', 'S33', 'S39'] }],
    });
    expect(await decide(eu, consultation, 'prescriber')).toMatchObject({
      status: 422,
      body: { code: 'blocked_by_safety_rule' },
    });
    expect(await clear(eu, consultation)).toMatchObject({
      status: 422,
      body: { code: 'blocked_by_safety_rule' },
    });
  });

  it('with myasthenia is left to a prescriber and a reason in the US', async () => {
    const consultation = await assess(us, 'ona', { neuromuscular_disease: 'yes' });
    expect(found(consultation)).toEqual(['NMJ_DISEASE prescriber-decision']);
    expect(await clear(us, consultation)).toMatchObject({
      status: 422,
      body: { code: 'prescriber_decision_missing' },
    });
    expect(await decide(us, consultation, 'practitioner')).toMatchObject({
      status: 422,
      body: { code: 'decision_needs_prescriber' },
    });
    expect((await decide(us, consultation, 'prescriber')).status).toBe(200);
    expect(await clear(us, consultation)).toMatchObject({
      status: 200,
      body: { clearance: { outcome: 'cleared-with-decision' } },
    });
  });

  it('with a cow’s milk allergy is blocked from Dysport in the US, left to a prescriber with Azzalure in the EU', async () => {
    const american = await assess(us, 'abo', { cow_milk_allergy: 'yes' });
    expect(found(american)).toEqual(['COW_MILK_ALLERGY block']);
    expect((await clear(us, american)).status).toBe(422);
    const european = await assess(eu, 'abo', { cow_milk_allergy: 'yes' });
    expect(found(european)).toEqual(['COW_MILK_ALLERGY prescriber-decision']);
    expect(found(await assess(us, 'ona', { cow_milk_allergy: 'yes' }))).toEqual([]);
  });

  it('is deferred everywhere while pregnant, trying or breastfeeding', async () => {
    for (const at of [eu, us]) {
      for (const said of [{ pregnancy: 'pregnant' }, { pregnancy: 'trying' }, { breastfeeding: 'yes' }]) {
        const consultation = await assess(at, 'ona', said);
        expect(consultation).toMatchObject({
          comesTo: 'deferred',
          findings: [{ severity: 'block', passes: true }],
        });
        expect((await clear(at, consultation)).status).toBe(422);
      }
    }
  });

  it('finds Daxxify unlicensed in the EU and on label in the US', async () => {
    const plan = [{ area: 'glabella', product: 'daxi', units: 40 }];
    const [european, american] = await Promise.all(
      [eu, us].map(async (at) => at.assess(await at.patient(), plan)),
    );
    expect(european).toMatchObject({ plan: [{ offLabel: ['unlicensed_product'] }] });
    expect(american).toMatchObject({ plan: [{ offLabel: [] }] });
  });
});
