import { aClearedConsultation } from '#consultations/testing';
import { Database } from '#database';
import { addDays, type CalendarDate, dateIn } from '#kernel';
import { TreatmentEvents } from '#treatments';
import { aSignedTreatment, RECORDED } from '#treatments/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { Charting } from './harness/charting.js';
import { TestApi } from './harness/test-api.js';

interface FollowUp extends Record<string, unknown> {
  id: string;
  kind: string;
}
interface Draft extends Record<string, unknown> {
  id: string;
  doseFindings: { code: string; severity: string }[];
}
interface Page {
  items: (FollowUp & { patientId: string })[];
}

describe('after a treatment', () => {
  let api: TestApi;
  let at: Charting;
  let lotId: string;
  let patientId: string;
  const today = dateIn(new Date(), 'Europe/London');
  const NURSE = { as: 'practitioner' } as const;

  beforeAll(async () => {
    api = await TestApi.start({ market: 'UK' });
    at = await Charting.at(api, api.clinic);
    lotId = await at.lot();
  });
  beforeEach(async () => {
    patientId = await at.patient();
  });
  afterAll(() => api.stop());

  const treated = async (daysAgo: number): Promise<CalendarDate> => {
    const treatedOn = addDays(today, -daysAgo);
    const place = { patientId, treatedOn, locationId: at.locationId };
    const treatmentId = await aSignedTreatment(api.db, api.clinic, place);
    await api.app.get(Database, { strict: false }).write(api.clinic.actor.prescriber, (tx) =>
      api.app.get(TreatmentEvents, { strict: false }).publish(tx, {
        what: 'signed',
        treatmentId,
        replacesId: null,
        patientId,
        treatedOn,
        kind: 'full',
        doses: [{ product: 'ona', area: 'glabella' }],
      }),
    );
    return treatedOn;
  };
  /** Screened and consented today; the prescriber last saw the patient on the day named. */
  const cleared = async (seenOn: CalendarDate): Promise<string> => {
    const { clearanceId } = await aClearedConsultation(api.db, api.clinic, {
      patientId,
      decidedOn: today,
      locationId: at.locationId,
      faceToFaceOn: seenOn,
    });
    return clearanceId;
  };
  const followUp = async (kind: 'review' | 'non-response-check'): Promise<FollowUp> => {
    const { body } = await at.send<Page>('GET', `worklists/my-follow-ups?kind=${kind}&limit=100`);
    const found = body.items.find((item) => item.patientId === patientId);
    if (!found) throw new Error(`no ${kind} on the worklist`);
    return found;
  };
  const complete = async (kind: 'review' | 'non-response-check', result: string): Promise<string> => {
    const { id } = await followUp(kind);
    const areas = [{ area: 'glabella', result, touchUp: result === 'partial' ? 'advised' : 'not-needed' }];
    const done = await at.send('POST', `follow-ups/${id}/complete`, { reviewedOn: today, areas });
    expect(done).toMatchObject({ status: 200, body: { status: 'completed' } });
    return id;
  };
  const points = (area = 'glabella') => [{ area, side: 'midline', product: 'ona', units: 4, lotId }];
  const recorded = (id: string, injections: object[], as: 'practitioner' | 'prescriber') =>
    at.send<Draft>('PUT', `treatments/${id}`, { injections, record: RECORDED }, { as });

  it('a nurse signs the touch-up a prescriber approved after the review, and no other', async () => {
    const treatedOn = await treated(16);
    const reviewId = await complete('review', 'partial');
    const clearanceId = await cleared(treatedOn);
    const place = { locationId: at.locationId, clearanceId };
    const approval = { areas: ['glabella'], plannedOn: today };
    const url = `follow-ups/${reviewId}/touch-up`;
    expect(await at.send('POST', url, approval, NURSE)).toMatchObject({
      status: 422,
      body: { code: 'touch_up_needs_prescriber' },
    });
    const approved = await at.send<{ treatmentId: string }>('POST', url, approval);
    expect(approved.status).toBe(201);

    const own = { patientId, ...place, kind: 'touch-up', completesId: approved.body.treatmentId };
    const unapproved = await at.send<Draft>('POST', 'treatments', { ...own, injections: points() }, NURSE);
    await recorded(unapproved.body.id, points(), 'practitioner');
    expect(await at.send('POST', `treatments/${unapproved.body.id}/sign`, {}, NURSE)).toMatchObject({
      status: 422,
      body: { code: 'touch_up_needs_prescriber' },
    });
    await at.send('DELETE', `treatments/${unapproved.body.id}`, undefined, NURSE);

    const discarded = await at.send<Draft>('POST', `${url}/begin`, place, NURSE);
    expect((await at.send('POST', `${url}/begin`, place, NURSE)).body).toMatchObject({
      code: 'touch_up_begun',
    });
    await at.send('DELETE', `treatments/${discarded.body.id}`, undefined, NURSE);
    const begun = await at.send<Draft>('POST', `${url}/begin`, place, NURSE);
    expect(begun.status).toBe(201);
    await recorded(begun.body.id, points(), 'practitioner');
    const signed = await at.send('POST', `treatments/${begun.body.id}/sign`, {}, NURSE);
    expect(signed).toMatchObject({ status: 200, body: { status: 'signed', kind: 'touch-up' } });

    const amending = await at.send<Draft>(
      'POST',
      `treatments/${begun.body.id}/amend`,
      { reason: 'Lot' },
      NURSE,
    );
    await recorded(amending.body.id, points(), 'practitioner');
    expect(await at.send('POST', `treatments/${amending.body.id}/sign`, {}, NURSE)).toMatchObject({
      status: 200,
      body: { amendsId: begun.body.id },
    });
  });

  it('what was charted before a missing response was known is signed only by saying so', async () => {
    const treatedOn = await treated(40);
    const clearanceId = await cleared(treatedOn);
    const draft = await at.send<Draft>('POST', 'treatments', {
      patientId,
      locationId: at.locationId,
      clearanceId,
      kind: 'full',
      injections: points(),
      record: RECORDED,
    });
    expect(draft.status).toBe(201);
    await complete('non-response-check', 'none');

    const refused = { status: 422, body: { code: 'reinjection_too_early', plannedOn: today } };
    expect(await recorded(draft.body.id, points(), 'prescriber')).toMatchObject(refused);
    const acknowledge = draft.body.doseFindings.map(({ code }) => code);
    const sign = (more: object) =>
      at.send('POST', `treatments/${draft.body.id}/sign`, {
        acknowledge,
        reason: 'Wears off early',
        ...more,
      });
    expect(await sign({})).toMatchObject(refused);
    expect(await sign({ givenBeforePathway: ' ' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/givenBeforePathway' }] },
    });
    expect(
      await sign({ givenBeforePathway: 'Given at 10:05, the check was entered at 10:20' }),
    ).toMatchObject({
      status: 200,
      body: {
        signature: {
          meaning:
            'I gave this treatment as recorded. Given before the non-response pathway was known: Given at 10:05, the check was entered at 10:20',
        },
      },
    });
  });
});
