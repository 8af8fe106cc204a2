import type { StaffKind } from '#identity/testing';
import { addOffsets, dateIn } from '#kernel';
import { aDesk, type TestDesk } from '#scheduling/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { TestApi, type Answer } from './harness/test-api.js';

interface Question {
  id: string;
  answers: string[];
}
interface Finding {
  key: string;
  severity: string;
  because: Record<string, unknown>;
}

describe('a first visit', () => {
  let api: TestApi;
  let desk: TestDesk;
  let patientId: string;
  let appointmentId: string;
  let consultationId: string;
  let clearanceId: string;
  let lotId: string;
  let treatmentId: string;
  const today = dateIn(new Date(), 'Europe/London');

  const get = <Body = Record<string, unknown>>(who: StaffKind, url: string): Promise<Answer<Body>> =>
    api.send<Body>(who, 'GET', `/v1/${url}`);
  const post = <Body = Record<string, unknown>>(
    who: StaffKind,
    url: string,
    body: object = {},
  ): Promise<Answer<Body>> => api.send<Body>(who, 'POST', `/v1/${url}`, { body });
  const put = <Body = Record<string, unknown>>(
    who: StaffKind,
    url: string,
    body: object,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> => api.send<Body>(who, 'PUT', `/v1/${url}`, { body, headers });
  const injection = (area: string, side: string, units = 4) => ({ area, side, units, product: 'ona', lotId });

  beforeAll(async () => {
    api = await TestApi.start({ market: 'UK' });
    desk = await aDesk(api.db, api.clinic);
  });
  afterAll(() => api.stop());

  it('begins at the desk: registered, found, booked and checked in', async () => {
    const registered = await post('receptionist', 'patients', {
      givenName: 'Zoë',
      familyName: 'Núñez',
      birthDate: '1984-03-12',
    });
    expect(registered.status).toBe(201);
    patientId = String(registered.body['id']);
    expect(await get('receptionist', 'patients?find=nunez')).toMatchObject({
      body: { items: [{ id: patientId }] },
    });

    const booked = await post('admin', 'appointments', {
      patientId,
      typeId: desk.type.treatment,
      locationId: desk.london.id,
      practitionerId: desk.doctorId,
      startsAt: `${new Date(Date.now() + 60_000).toISOString().slice(0, 16)}Z`,
      override: { reason: 'Comes in at once, whatever the hour' },
    });
    expect(booked.status).toBe(201);
    appointmentId = String(booked.body['id']);
    const here = await post('receptionist', `appointments/${appointmentId}/check-in`);
    expect(here).toMatchObject({ status: 200, body: { status: 'arrived' } });
  });

  it('goes on with the consultation: planned, screened, decided, consented and cleared', async () => {
    const asked = await get<{ questions: Question[] }>('prescriber', 'screening-questionnaire');
    const plan = [
      { area: 'glabella', product: 'ona', units: 20 },
      { area: 'forehead', product: 'ona', units: 20 },
      { area: 'lateral_canthal', product: 'ona', units: 24 },
    ];
    const begun = await post('prescriber', 'consultations', {
      patientId,
      locationId: desk.london.id,
      appointmentId,
      plan,
    });
    expect(begun).toMatchObject({ status: 201, body: { heldOn: today, status: 'open' } });
    expect(begun.body['unanswered']).toContain('pregnancy');
    consultationId = String(begun.body['id']);
    const consultation = `consultations/${consultationId}`;

    const early = await post('prescriber', `${consultation}/clear`);
    expect(early).toMatchObject({ status: 422, body: { code: 'blocked_by_safety_rule' } });

    const said: Record<string, string> = { dry_eye: 'yes' };
    const answers = asked.body.questions.map(({ id, answers: [first] }) => ({
      questionId: id,
      value: said[id] ?? first,
    }));
    const answered = await put<{ findings: Finding[]; unanswered: string[] }>(
      'prescriber',
      `${consultation}/answers`,
      {
        answers,
      },
    );
    expect(answered).toMatchObject({ status: 200, body: { unanswered: [] } });
    const [finding, ...others] = answered.body.findings;
    expect(others).toEqual([]);
    expect(finding?.because).toMatchObject({ question: 'dry_eye', answer: 'yes', answeredOn: today });

    const waiting = await post('prescriber', `${consultation}/clear`);
    expect(waiting.status).toBe(422);
    const decision = finding?.severity === 'acknowledge' ? 'acknowledged' : 'proceed';
    const decided = await post('prescriber', `${consultation}/findings/${finding?.key}/decide`, {
      decision,
      reason: 'Mild; lubricating drops advised',
    });
    expect(decided).toMatchObject({ status: 200, body: { findings: [{ decision: { decision } }] } });
    const consented = await post('prescriber', `${consultation}/consents`, {
      kind: 'treatment',
      textVersion: '2026-01',
      text: 'I agree to be treated.',
      signedName: 'Zoë Núñez',
    });
    expect(consented.status).toBe(201);
    const cleared = await post<{ clearance: { id: string } }>('prescriber', `${consultation}/clear`);
    expect(cleared).toMatchObject({
      status: 200,
      body: {
        status: 'closed',
        clearance: { decidedOn: today, faceToFaceOn: today, prescriberId: desk.doctorId },
      },
    });
    clearanceId = cleared.body.clearance.id;
  });

  it('goes on with the treatment: from a scanned lot, charted and signed', async () => {
    const scan = '(01)00300230221005(17)900630(10)C1234(21)S1';
    const received = await post('practitioner', 'lots', { product: 'ona', vialUnits: 100, scan });
    expect(received).toMatchObject({ status: 400, body: { code: 'bad_gtin_check_digit' } });
    const typed = { product: 'ona', vialUnits: 100, number: 'C1234', expiresOn: '2090-06-30' };
    const lot = await post('practitioner', 'lots', typed);
    expect(lot).toMatchObject({ status: 201, body: { number: 'C1234', status: 'in-use' } });
    lotId = String(lot.body['id']);
    expect(await post('practitioner', 'lots', typed)).toMatchObject({
      status: 409,
      body: { code: 'lot_exists', lotId },
    });
    expect(await get('practitioner', `lots?product=ona&usableOn=${today}`)).toMatchObject({
      body: { items: [{ id: lotId }], next: null },
    });

    const record = { identityChecked: 'photo-id', immediateReaction: 'none', aftercareVersion: '2026-10' };
    const place = { patientId, locationId: desk.london.id, appointmentId, clearanceId, kind: 'full', record };
    const begun = await post('prescriber', 'treatments', place);
    expect(begun).toMatchObject({ status: 201, body: { status: 'draft', treatedOn: today } });
    treatmentId = String(begun.body['id']);
    const injections = [
      ...['midline', 'left', 'left', 'right', 'right'].map((side) => injection('glabella', side)),
      ...['midline', 'left', 'left', 'right', 'right'].map((side) => injection('forehead', side)),
      ...['left', 'left', 'left', 'right', 'right', 'right'].map((side) =>
        injection('lateral_canthal', side),
      ),
    ];
    const charted = await put(
      'prescriber',
      `treatments/${treatmentId}/injections`,
      { injections },
      {
        'if-match': String(begun.headers['etag']),
      },
    );
    expect(charted).toMatchObject({
      status: 200,
      body: {
        totals: [
          { area: 'glabella', units: 20, points: 5, volumeMl: 0.5 },
          { area: 'forehead', units: 20, points: 5 },
          { area: 'lateral_canthal', units: 24, points: 6 },
        ],
        productTotals: [{ product: 'ona', units: 64 }],
        doseFindings: [],
      },
    });
    const stale = await put(
      'prescriber',
      `treatments/${treatmentId}/injections`,
      { injections },
      {
        'if-match': String(begun.headers['etag']),
      },
    );
    expect(stale).toMatchObject({ status: 412, body: { code: 'stale_version' } });

    expect((await post('receptionist', `treatments/${treatmentId}/sign`)).status).toBe(403);
    const other = await post('practitioner', `treatments/${treatmentId}/sign`);
    expect(other).toMatchObject({ status: 403, body: { code: 'treatment_of_another' } });
    const signed = await post('prescriber', `treatments/${treatmentId}/sign`, {
      meaning: 'Given as recorded',
    });
    expect(signed).toMatchObject({
      status: 200,
      body: {
        status: 'signed',
        signature: { name: 'Dr Ada Okafor', meaning: 'Given as recorded', intact: true },
      },
    });
    const again = await post('prescriber', `treatments/${treatmentId}/sign`);
    expect(again).toMatchObject({ status: 409, body: { code: 'treatment_signed' } });
    expect(await get('receptionist', `appointments/${appointmentId}`)).toMatchObject({
      body: { status: 'fulfilled' },
    });
  });

  it('plans what follows while signing: one window an area, and the review', async () => {
    const windows = await get<{
      areas: { area: string; state: string; earliest: string; windowId: string | null }[];
    }>('receptionist', `patients/${patientId}/repeat-visits?assessedOn=${today}`);
    expect(windows.status).toBe(200);
    const earliest = addOffsets(today, { n: 3, unit: 'month' });
    expect(windows.body.areas.map(({ area }) => area).toSorted()).toEqual([
      'forehead',
      'glabella',
      'lateral_canthal',
    ]);
    for (const area of windows.body.areas) {
      expect(area).toMatchObject({ state: 'too-early', earliest, windowId: expect.any(String) });
    }
    const followUps = await get('receptionist', `patients/${patientId}/follow-ups`);
    const days = (n: number) => addOffsets(today, { n, unit: 'day' });
    expect(followUps.body['items']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: 'review',
          status: 'due',
          dueFrom: days(14),
          dueTo: days(21),
          treatmentId,
        }),
      ]),
    );
  });

  it('takes everything back when the treatment was entered in error', async () => {
    const withdrawn = await post('practitioner', `treatments/${treatmentId}/enter-in-error`, {
      reason: 'Wrong patient',
    });
    expect(withdrawn).toMatchObject({ status: 200, body: { status: 'entered-in-error' } });
    const listed = await get('practitioner', `patients/${patientId}/treatments`);
    expect(listed.body).toMatchObject({
      items: [{ id: treatmentId, status: 'entered-in-error' }],
      next: null,
    });
    const windows = await get<{ areas: unknown[] }>('receptionist', `patients/${patientId}/repeat-visits`);
    expect(windows.body.areas).toEqual([]);
  });
});
