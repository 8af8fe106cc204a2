import { readFileSync } from 'node:fs';

import { aClearedConsultation } from '#consultations/testing';
import { ReviewsService } from '#follow-ups';
import { calendarDate, newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { primaryOf, type ReasonCode, stateOn, SUPPRESSION_EFFECTS } from '../src/index.js';
import { OverridesService } from '../src/overrides/overrides.service.js';
import { ContactsService } from '../src/recall/contacts.service.js';
import type { DuePatientView } from '../src/recall/http/recall-list.dto.js';
import { RecallListService } from '../src/recall/recall-list.service.js';
import { SuppressionFactsReader } from '../src/suppression-facts.js';
import { WindowsRepository } from '../src/windows.repository.js';
import { ClinicAtWork } from './clinic-at-work.js';

const TODAY = '2026-06-01';
const DUE = '2026-02-10'; // ona in the UK, due from 10 May to 30 June 2026

/** Bookings stand on days of their own. */
let days = 0;
const aDay = (): string => new Date(Date.parse(TODAY) + (days += 1) * 86_400_000).toISOString().slice(0, 10);

type Cause = (work: ClinicAtWork, patientId: string, treatmentId: string) => Promise<unknown>;

const departed =
  (status: string): Cause =>
  (work, patientId) =>
    work.db.admin.query(`UPDATE patient SET status = $2, status_on = '2026-05-20' WHERE id = $1`, [
      patientId,
      status,
    ]);
const answered =
  (outcome: 'declined' | 'later' | 'do-not-contact'): Cause =>
  (work, patientId) =>
    work.module.get(ContactsService).record(work.clinic.actor.receptionist, patientId, {
      initiatedBy: 'patient',
      channel: 'phone',
      outcome,
      ...(outcome === 'later' ? { until: '2026-07-01' } : {}),
    });
const overridden =
  (notBefore: string): Cause =>
  (work, patientId) =>
    work.module
      .get(OverridesService)
      .decide(work.clinic.actor.prescriber, patientId, 'glabella', { notBefore, reason: 'Wants movement' });

/** How each reason comes about in the clinic, and in what words the document says so. */
const CAUSES: Readonly<Record<ReasonCode, readonly [says: string, cause: Cause]>> = {
  deceased: ['The patient has died', departed('deceased')],
  merged: [
    'The record was merged into another, which is listed in its place',
    async (work, patientId) => {
      const into = await work.desk.aPatient();
      await work.db.admin.query(`UPDATE patient SET status = 'merged', merged_into_id = $2 WHERE id = $1`, [
        patientId,
        into,
      ]);
    },
  ],
  transferred: ['The patient went to another clinic', departed('transferred')],
  'on-hold': [
    'Pregnant, breastfeeding or with an active adverse event: waits for a clinician',
    (work, patientId) =>
      aClearedConsultation(work.db, work.clinic, {
        patientId,
        decidedOn: '2026-05-20',
        answers: { pregnancy: 'pregnant' },
      }),
  ],
  'no-response': [
    'The last treatment showed nothing and its pathway is open: offered by a person, not before the earliest date',
    async (work, _, treatmentId) => {
      const { rows } = await work.db.admin.query<{ id: string }>(
        `SELECT id FROM follow_up WHERE treatment_id = $1 AND kind = 'non-response-check'`,
        [treatmentId],
      );
      const areas = [{ area: 'glabella', result: 'none', touchUp: 'not-needed' }] as const;
      const outcome = { reviewedOn: '2026-03-20', areas: [...areas] };
      await work.module
        .get(ReviewsService)
        .complete(work.clinic.actor.prescriber, rows[0]?.id ?? '', outcome, undefined);
    },
  ],
  declined: ['Said no to this visit, until a day or until the next treatment', answered('declined')],
  snoozed: ['Wants to hear again from a day on', answered('later')],
  'do-not-contact': ['Wants no contact: computed, never messaged', answered('do-not-contact')],
  booked: [
    'A treatment of the area, or of areas nobody named, is booked on or after the earliest date',
    (work, patientId) => work.book(patientId, aDay(), ['glabella']),
  ],
  combinable: [
    'A treatment of another area is booked on or after the earliest date: still due, could be combined',
    (work, patientId) => work.book(patientId, aDay(), ['forehead']),
  ],
  'override-waiting': ['A clinician chose a later first day', overridden('2026-07-01')],
  'override-reached': ['A clinician’s own first day has come', overridden(TODAY)],
};

const YES: Readonly<Record<string, string>> = { true: 'yes', false: 'no' };

describe('the suppression matrix', () => {
  let work: ClinicAtWork;
  const list = async (includeSuppressed: 'true' | 'false'): Promise<Map<string, DuePatientView>> => {
    const items: DuePatientView[] = [];
    let after: string | undefined;
    do {
      const page = await work.module.get(RecallListService).due(work.clinic.actor.receptionist, {
        limit: 100,
        on: TODAY,
        includeSuppressed,
        ...(after === undefined ? {} : { after }),
      });
      items.push(...page.items);
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(new Set(items.map(({ patientId }) => patientId)).size).toBe(items.length);
    return new Map(items.map((item) => [item.patientId, item]));
  };

  beforeAll(async () => {
    work = await ClinicAtWork.open(TODAY);
  });
  afterAll(() => work.close());

  it.each(Object.entries(CAUSES))('%s is shown, and does what the table says', async (code, [, cause]) => {
    const patientId = await work.desk.aPatient();
    const treatmentId = await work.sign({ patientId, treatedOn: DUE });
    expect((await list('false')).get(patientId)?.areas[0]).toMatchObject({
      reason: null,
      listed: true,
      messaged: true,
      counted: true,
    });
    await cause(work, patientId, treatmentId);
    const shown = (await list('true')).get(patientId);
    const effect = SUPPRESSION_EFFECTS[code as ReasonCode];
    expect(shown?.areas[0]?.reasons.map((reason) => reason.code)).toEqual([code]);
    expect(shown?.areas[0]).toMatchObject({ ...effect, reason: effect.listed ? null : code });
    expect(shown?.suppressed).toBe(!effect.listed);
    expect((await list('false')).has(patientId)).toBe(effect.listed);
  });

  it('is the one the document shows', () => {
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

  it('never chases someone it should not, nor forgets anyone, whatever happened in whatever order', async () => {
    const happened = fc.record({
      treated: fc.array(
        fc.record({
          daysAgo: fc.integer({ min: 20, max: 600 }),
          area: fc.constantFrom('glabella', 'forehead'),
          product: fc.constantFrom('ona', 'abo'),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      causes: fc.uniqueArray(
        fc.constantFrom<ReasonCode>(
          'deceased',
          'transferred',
          'declined',
          'snoozed',
          'do-not-contact',
          'booked',
          'combinable',
        ),
        {
          maxLength: 3,
        },
      ),
    });
    const histories = fc.sample(happened, { numRuns: 60, seed: 5 });
    const day = (daysAgo: number): string =>
      new Date(Date.parse(TODAY) - daysAgo * 86_400_000).toISOString().slice(0, 10);
    const people: string[] = [];
    for (const { treated, causes } of histories) {
      const patientId = await work.desk.aPatient();
      people.push(patientId);
      for (const { daysAgo, area, product } of treated)
        await work.sign({ patientId, treatedOn: day(daysAgo), areas: [area], product });
      for (const code of causes) await CAUSES[code][1](work, patientId, newId());
    }
    const on = calendarDate(TODAY);
    const [all, asked] = [await list('true'), await list('false')];
    await work.db.database.read(work.clinic.actor.admin, async (tx) => {
      const windows = await work.module.get(WindowsRepository).open(tx, people);
      const known = await work.module.get(SuppressionFactsReader).of(tx, people, on);
      const past = windows.filter(({ recommendedFrom }) => recommendedFrom !== null && recommendedFrom <= on);
      expect(past.length).toBeGreaterThan(30);
      for (const window of past) {
        expect(['due', 'past-due', 'lapsed']).toContain(stateOn(window, on));
        const area = all.get(window.patientId)?.areas.find((one) => one.area === window.area);
        // Nobody forgotten: everyone is there, and either asked or held back for exactly one primary reason.
        expect(area).toBeDefined();
        const primary = primaryOf(known.reasons(window))?.code ?? null;
        expect([area?.listed, area?.reason]).toEqual([primary === null, primary]);
        // Nobody chased: the list to call holds what is listed, and nothing else.
        const called = asked.get(window.patientId)?.areas.some((one) => one.area === window.area) ?? false;
        expect(called).toBe(primary === null);
      }
      const open = new Set(past.map((window) => `${window.patientId} ${window.area}`));
      for (const patientId of people)
        for (const { area } of all.get(patientId)?.areas ?? [])
          expect(open.has(`${patientId} ${area}`)).toBe(true);
    });
  });
});
