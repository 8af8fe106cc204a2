import { calendarDate, newId } from '#kernel';
import { aLot } from '#treatments/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { WindowsService } from '../src/index.js';
import { MessageAskingService } from '../src/recall/messages/message-asking.service.js';
import type { DuePatientView } from '../src/recall/http/recall-list.dto.js';
import { RecallListService } from '../src/recall/recall-list.service.js';
import { AREAS, dayFrom, type Happened, happenings, mayAsk } from '../src/testing/recall-model.js';
import { WindowsRepository } from '../src/windows.repository.js';
import { ClinicAtWork } from '../src/testing/clinic-at-work.js';

const TODAY = calendarDate('2026-06-01');
const PATIENTS = 300;
/** Another one every time; said with a failure, so that it can be looked at again. */
const seed = Number(process.env['RECALL_SEED'] ?? Date.now() % 1_000_000);

interface Person {
  readonly id: string;
  /** A record merged into this one: what happened first stands under it. */
  readonly mergedId: string | null;
  readonly happened: Happened;
  readonly treated: readonly { readonly daysAgo: number; readonly areas: readonly string[] }[];
}

const people = fc.record({
  happened: happenings,
  merged: fc.constantFrom(false, false, false, true),
  treated: fc.array(
    fc.record({
      daysAgo: fc.integer({ min: 40, max: 600 }),
      areas: fc.subarray([...AREAS], { minLength: 1 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

describe(`whom the desk may ask among ${PATIENTS} patients (RECALL_SEED=${seed})`, () => {
  let work: ClinicAtWork;
  let known: readonly Person[];

  /** Everything in one load, past the triggers: what the services write is tested where they are. */
  async function load(): Promise<void> {
    const { clinicId, actor } = work.clinic;
    const lot = (await aLot(work.db, work.clinic, { product: 'ona' })).id;
    const client = await work.db.admin.connect();
    const staff = actor.prescriber.staffId;
    const insert = (table: string, rows: readonly Record<string, unknown>[]) => {
      const columns = Object.keys(rows[0] ?? {}).join(', ');
      return client.query(
        `INSERT INTO ${table} (clinic_id, ${columns}) SELECT $1, ${columns} FROM json_populate_recordset(NULL::${table}, $2)`,
        [clinicId, JSON.stringify(rows)],
      );
    };
    const day = (days: number) => dayFrom(TODAY, days);
    // Odd parts of a merged person's life stand under the record that was merged.
    const under = ({ id, mergedId }: Person, i: number) => (i % 2 === 0 && mergedId !== null ? mergedId : id);
    const named = { given_name: 'Zoë', family_name: 'Model', birth_date: '1984-03-12' };
    const reached = { email: 'zoe@example.com', contact_channels: ['email'], do_not_contact: false };
    try {
      await client.query('SET session_replication_role = replica');
      await insert(
        'patient',
        known.flatMap(({ id, mergedId, happened: { left, doNotContact } }, i) => [
          {
            id,
            number: 2000 + 2 * i,
            ...named,
            ...reached,
            do_not_contact: doNotContact,
            merged_into_id: null,
            status: left?.how ?? 'active',
            status_on: left && day(-left.daysAgo),
            version: 1,
            search_text: '',
            created_at: '2020-01-01',
            updated_at: '2020-01-01',
          },
          ...(mergedId === null
            ? []
            : [
                {
                  id: mergedId,
                  number: 2001 + 2 * i,
                  ...named,
                  ...reached,
                  merged_into_id: id,
                  status: 'merged',
                  status_on: null,
                  version: 1,
                  search_text: '',
                  created_at: '2020-01-01',
                  updated_at: '2020-01-01',
                },
              ]),
        ]),
      );
      const treatments = known.flatMap((one) =>
        one.treated.map((treated, i) => ({ id: newId(), patientId: under(one, i), ...treated })),
      );
      await insert(
        'treatment',
        treatments.map(({ id, patientId, daysAgo }) => ({
          id,
          patient_id: patientId,
          practitioner_id: staff,
          location_id: work.desk.london.id,
          version: 1,
          treated_on: day(-daysAgo),
          kind: 'full',
          status: 'signed',
          signed_at: day(-daysAgo),
          signed_by: staff,
          signed_name: 'Dr',
          signed_meaning: 'Given',
          content_hash: 'none',
          dose_findings: [],
          window_shown: true,
          created_at: day(-daysAgo),
          updated_at: day(-daysAgo),
          history_confirmed: true,
        })),
      );
      await insert(
        'injection',
        treatments.flatMap(({ id, areas }) =>
          areas.map((area) => ({
            id: newId(),
            treatment_id: id,
            area_id: area,
            side: 'midline',
            product_id: 'ona',
            lot_id: lot,
            units: 20,
          })),
        ),
      );
      await insert(
        'screening_answer',
        known.flatMap((one) =>
          one.happened.screened.map(({ daysAgo, pregnant }, i) => ({
            id: newId(),
            consultation_id: newId(),
            patient_id: under(one, i),
            question_id: 'pregnancy',
            questionnaire_version: 1,
            answer: { value: pregnant ? 'pregnant' : 'no' },
            answered_on: day(-daysAgo),
            recorded_by: staff,
            created_at: day(-daysAgo),
          })),
        ),
      );
      await insert(
        'adverse_event',
        known.flatMap((one) => {
          const { adverseEvent } = one.happened;
          if (!adverseEvent) return [];
          return [
            {
              id: newId(),
              patient_id: under(one, 0),
              treatment_id: newId(),
              catalogue_version: '1',
              term: 'ptosis',
              onset_on: day(-adverseEvent.daysAgo),
              severity: 'mild',
              serious: false,
              outcome: 'unknown',
              notes: [],
              status: adverseEvent.active ? 'active' : 'resolved',
              version: 1,
              recorded_at: TODAY,
              recorded_by: staff,
              updated_at: TODAY,
            },
          ];
        }),
      );
      await insert(
        'contact_attempt',
        known.flatMap((one) =>
          one.happened.said.map(({ daysAgo, outcome, inDays, areas }, i) => ({
            id: newId(),
            patient_id: under(one, i),
            initiated_by: 'patient',
            channel: 'phone',
            outcome,
            until: inDays === null ? null : day(inDays),
            area_ids: areas,
            on_day: day(-daysAgo),
            at: `${day(-daysAgo)}T10:00:00Z`,
            staff_id: staff,
          })),
        ),
      );
      await insert(
        'appointment',
        known.flatMap((one) =>
          one.happened.booked.map(({ inDays, areas, status }, i) => ({
            id: newId(),
            patient_id: under(one, i),
            practitioner_id: staff,
            location_id: work.desk.london.id,
            type_id: work.desk.type.treatment,
            starts_at: `${day(inDays)}T10:00Z`,
            ends_at: `${day(inDays)}T10:30Z`,
            busy_from: `${day(inDays)}T10:00Z`,
            busy_to: `${day(inDays)}T10:30Z`,
            status,
            area_ids: areas,
            version: 1,
            booked_by: staff,
            overlap_allowed: true,
            late_cancel: false,
            created_at: TODAY,
            updated_at: TODAY,
            override_reason: 'Test',
          })),
        ),
      );
      const lastOf = (one: Person, area: string) =>
        one.treated
          .filter(({ areas }) => areas.includes(area))
          .map(({ daysAgo }) => daysAgo)
          .toSorted((a, b) => a - b)[0];
      await insert(
        'window_override',
        known.flatMap((one) => {
          const { decided } = one.happened;
          const last = decided && lastOf(one, decided.area);
          if (!decided || last === undefined || last === null) return [];
          return [
            {
              id: newId(),
              patient_id: one.id,
              area_id: decided.area,
              not_before: day(decided.inDays),
              calculated: null,
              after_treatment_on: day(-last),
              reason: 'Wants movement',
              staff_id: staff,
              decided_at: TODAY,
            },
          ];
        }),
      );
      await client.query('ANALYZE');
    } finally {
      client.release(true);
    }
    await work.db.database.write(actor.prescriber, (tx) =>
      work.module.get(WindowsService, { strict: false }).issueFor(
        tx,
        known.map(({ id }) => id),
        TODAY,
      ),
    );
  }

  beforeAll(async () => {
    work = await ClinicAtWork.open(TODAY);
    known = fc.sample(people, { numRuns: PATIENTS, seed }).map(({ merged, ...one }) => ({
      ...one,
      id: newId(),
      mergedId: merged ? newId() : null,
    }));
    await load();
  });
  afterAll(() => work.close());

  it('asks, and writes to, exactly those the model of the domain would, whatever happened to them', async () => {
    const { receptionist } = work.clinic.actor;
    const asked = new Map<string, DuePatientView>();
    let after: string | null = null;
    do {
      const page = await work.module.get(RecallListService, { strict: false }).due(receptionist, {
        limit: 100,
        on: TODAY,
        includeSuppressed: 'true',
        ...(after === null ? {} : { after }),
      });
      for (const item of page.items) {
        expect(asked.has(item.patientId)).toBe(false);
        asked.set(item.patientId, item);
      }
      after = page.next;
    } while (after !== null);

    const windows = await work.db.database.read(work.clinic.actor.admin, (tx) =>
      new WindowsRepository().open(
        tx,
        known.map(({ id }) => id),
      ),
    );
    const wanted = new Set<string>();
    for (const { id, happened } of known) {
      const told = (area: string) => asked.get(id)?.areas.find((one) => one.area === area);
      for (const window of windows.filter(({ patientId }) => patientId === id)) {
        const may = mayAsk(happened, window, TODAY);
        if (may) wanted.add(id);
        expect([seed, id, window.area, told(window.area)?.listed ?? false]).toEqual([
          seed,
          id,
          window.area,
          may,
        ]);
        // Nobody is forgotten: whoever is due is there, held back by a reason or asked.
        const isDue = window.recommendedFrom !== null && window.recommendedFrom <= TODAY;
        expect([seed, id, told(window.area) !== undefined]).toEqual([seed, id, isDue]);
      }
      expect([seed, id, asked.get(id)?.suppressed ?? true]).toEqual([seed, id, !wanted.has(id)]);
    }
    // The sample says something: many are asked, and many are not.
    expect(wanted.size).toBeGreaterThan(20);
    expect(known.length - wanted.size).toBeGreaterThan(60);

    const waiting = new Set<string>();
    for (let from = 0; from < known.length; from += 150) {
      const patientIds = known.slice(from, from + 150).map(({ id }) => id);
      const batch = await work.module
        .get(MessageAskingService, { strict: false })
        .ask(receptionist, { patientIds, limit: 50, offerVisit: true });
      for (const { patientId, status, reason } of batch.items) {
        if (status === 'waiting') waiting.add(patientId);
        else expect(reason).not.toBeNull();
      }
    }
    expect([seed, [...waiting].toSorted()]).toEqual([seed, [...wanted].toSorted()]);
    await work.sendMessages();
    expect(work.outbox.sent).toHaveLength(wanted.size);
  });
});
