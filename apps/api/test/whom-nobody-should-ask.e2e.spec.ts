import { readFileSync } from 'node:fs';

import { aClearedConsultation } from '#consultations/testing';
import { type ReasonCode, SUPPRESSION_EFFECTS } from '#repeat-visits';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ClinicAtWork } from '#repeat-visits/testing';
import { type Answer, TestApi } from './harness/test-api.js';

interface Listed {
  readonly patientId: string;
  readonly suppressed: boolean;
  readonly areas: readonly {
    readonly reason: string | null;
    readonly reasons: readonly { readonly code: string }[];
    readonly listed: boolean;
    readonly messaged: boolean;
    readonly counted: boolean;
  }[];
}
interface Told extends Record<string, unknown> {
  readonly id: string;
  readonly items: readonly (Listed & { readonly status: string; readonly reason: string | null })[];
  readonly next: string | null;
  readonly due: number;
  readonly onHold: number;
}

const DAY_MS = 86_400_000;
/** Civil days from today on; midnight is far: the suite does not run across it twice. */
const day = (n: number): string => new Date(Date.now() + n * DAY_MS).toISOString().slice(0, 10);
/** Ona in the UK: due since 22 days, for four weeks more. */
const TREATED = day(-111);
const YES: Readonly<Record<string, string>> = { true: 'yes', false: 'no' };

describe('whom nobody should ask, over HTTP', () => {
  let api: TestApi;
  let work: ClinicAtWork;
  let days = 1;
  type Who = 'receptionist' | 'prescriber' | 'admin';
  const ask = (who: Who, method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: object) =>
    api.send<Told>(who, method, `/v1/${path}`, body === undefined ? {} : { body });
  const done = ({ status, body }: Answer<Told>): Answer<Told>['body'] => {
    expect([status < 300, body]).toEqual([true, body]);
    return body;
  };
  const list = async (suppressed: boolean): Promise<Map<string, Listed>> => {
    const found = new Map<string, Listed>();
    let after = '';
    do {
      const page = await ask(
        'receptionist',
        'GET',
        `repeat-visits/due?limit=100&includeSuppressed=${suppressed}${after}`,
      );
      for (const item of done(page).items) found.set(item.patientId, item);
      after = page.body.next === null ? '' : `&after=${page.body.next}`;
    } while (after !== '');
    return found;
  };
  const funnel = async () =>
    done(await ask('receptionist', 'GET', `repeat-visits/funnel?from=${day(-40)}&to=${day(0)}`));

  const left = (cause: string) => async (id: string) =>
    done(await ask('receptionist', 'POST', `patients/${id}/depart`, { cause, on: day(-60) }));
  const said = (outcome: string) => async (id: string) =>
    done(
      await ask('receptionist', 'POST', `patients/${id}/recall/contacts`, {
        initiatedBy: 'patient',
        channel: 'phone',
        outcome,
        ...(outcome === 'later' ? { until: day(20) } : {}),
      }),
    );
  const booked = (areaId: string) => async (id: string) => {
    days += 1;
    return done(
      await ask('receptionist', 'POST', 'appointments', {
        patientId: id,
        typeId: work.desk.type.treatment,
        locationId: work.desk.london.id,
        practitionerId: work.desk.nurseId,
        startsAt: `${day(days)}T10:00`,
        areaIds: [areaId],
      }),
    );
  };
  const overridden = (notBefore: string) => async (id: string) =>
    done(
      await ask('prescriber', 'PUT', `patients/${id}/repeat-visits/glabella/override`, {
        notBefore,
        reason: 'Wants movement',
      }),
    );

  /** How each reason comes about in the clinic, and in what words the document says so. */
  const CAUSES: Readonly<
    Record<ReasonCode, readonly [says: string, cause: (id: string) => Promise<unknown>]>
  > = {
    deceased: ['The patient has died', left('deceased')],
    merged: [
      'The record was merged into another, which is listed in its place',
      async (id) => {
        const survivor = await work.desk.aPatient();
        const body = { duplicateId: id, reason: 'Registered twice' };
        done(await ask('admin', 'POST', `patients/${survivor}/merge`, body));
        expect((await list(false)).has(survivor)).toBe(true);
      },
    ],
    transferred: ['The patient went to another clinic', left('transferred')],
    'on-hold': [
      'Pregnant, breastfeeding or with an active adverse event: waits for a clinician',
      (patientId) =>
        aClearedConsultation(api.db, api.clinic, {
          patientId,
          decidedOn: day(-10),
          answers: { pregnancy: 'pregnant' },
        }),
    ],
    'no-response': [
      'The last treatment showed nothing and its pathway is open: offered by a person, not before the earliest date',
      async (id) => {
        const { rows } = await api.db.admin.query<{ id: string }>(
          `SELECT id FROM follow_up WHERE patient_id = $1 AND kind = 'non-response-check'`,
          [id],
        );
        const areas = [{ area: 'glabella', result: 'none', touchUp: 'not-needed' }];
        const body = { reviewedOn: day(-73), areas };
        done(await ask('prescriber', 'POST', `follow-ups/${rows[0]?.id}/complete`, body));
      },
    ],
    declined: ['Said no to this visit, until a day or until the next treatment', said('declined')],
    snoozed: ['Wants to hear again from a day on', said('later')],
    'do-not-contact': ['Wants no contact: computed, never messaged', said('do-not-contact')],
    booked: [
      'A treatment of the area, or of areas nobody named, is booked on or after the earliest date',
      booked('glabella'),
    ],
    combinable: [
      'A treatment of another area is booked on or after the earliest date: still due, could be combined',
      booked('forehead'),
    ],
    'override-waiting': ['A clinician chose a later first day', overridden(day(20))],
    'override-reached': ['A clinician’s own first day has come', overridden(day(0))],
  };

  beforeAll(async () => {
    api = await TestApi.start({ market: 'UK' });
    work = await ClinicAtWork.within(api.db, api.app, api.clinic);
    // The suite may run at night.
    done(await ask('admin', 'PATCH', 'clinic/settings', { quietFrom: '00:00', quietTo: '00:00' }));
  });
  afterAll(() => api.stop());

  it.each(Object.entries(CAUSES))(
    '%s: listed, messaged and counted as the table says',
    async (name, [, cause]) => {
      const code = name as ReasonCode;
      const { listed, messaged, counted } = SUPPRESSION_EFFECTS[code];
      const patientId = await work.desk.aPatient();
      await api.db.admin.query(
        `UPDATE patient SET email = id || '@example.com', contact_channels = '{email,phone}' WHERE id = $1`,
        [patientId],
      );
      await work.sign({ patientId, treatedOn: TREATED });
      expect((await list(false)).get(patientId)?.areas).toMatchObject([
        { reason: null, listed: true, messaged: true, counted: true },
      ]);
      const before = await funnel();

      await cause(patientId);

      const shown = (await list(true)).get(patientId);
      // A merged record's windows go over to the survivor.
      if (code !== 'merged') {
        expect(shown).toMatchObject({ suppressed: !listed, areas: [{ listed, messaged, counted }] });
        expect(shown?.areas[0]?.reason).toBe(listed ? null : code);
        expect(shown?.areas[0]?.reasons.map((reason) => reason.code)).toEqual([code]);
      }
      expect((await list(false)).has(patientId)).toBe(listed);

      const asked = await ask('receptionist', 'POST', 'repeat-visits/messages', { patientIds: [patientId] });
      expect(done(asked).items).toMatchObject([
        messaged ? { status: 'waiting', reason: null } : { status: 'withheld', reason: code },
      ]);
      await work.sendMessages(new Date());
      expect(work.outbox.sent.some(({ to }) => to === `${patientId}@example.com`)).toBe(messaged);

      const after = await funnel();
      // Under the survivor's name a merged person is counted on.
      const still = counted || code === 'merged';
      expect(after.due - before.due).toBe(still ? 0 : -1);
      expect(after.onHold - before.onHold).toBe(code === 'on-hold' ? 1 : 0);
    },
  );

  it('is as the document shows it', () => {
    const document = readFileSync('docs/flows/suppression.md', 'utf8');
    const rows = [
      ...document.matchAll(/^\| `([a-z-]+)` +\| (.+?) +\| (yes|no) +\| (yes|no) +\| (yes|no) +\|$/gm),
    ];
    expect(rows.map(([, ...cells]) => cells)).toEqual(
      Object.entries(SUPPRESSION_EFFECTS).map(([code, { listed, messaged, counted }]) => [
        code,
        CAUSES[code as ReasonCode][0],
        ...[listed, messaged, counted].map((one) => YES[String(one)]),
      ]),
    );
  });
});
