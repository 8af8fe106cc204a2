import { StaleVersion } from '#http';
import { StaffNotFound } from '#identity';
import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import * as refused from '../src/adverse-events/domain/adverse-events.errors.js';
import { AdverseEventsService } from '../src/adverse-events/adverse-events.service.js';
import type { RecordAdverseEvent } from '../src/adverse-events/http/adverse-event.dto.js';
import { TreatmentNotFound } from '../src/domain/treatments.errors.js';
import { AdverseEvents, AdverseEventsPort, type AdverseEventEvent } from '../src/index.js';
import { ClinicalTasksService } from '../src/tasks/clinical-tasks.service.js';
import { aSignedTreatment } from '../src/testing/index.js';
import { Practice, type Clinic } from './practice.js';

describe('adverse events', () => {
  let practice: Practice;
  let clinic: Clinic;
  let other: Clinic;
  let events: AdverseEventsService;
  let tasks: ClinicalTasksService;
  const heard: AdverseEventEvent[] = [];
  const nurse = () => clinic.actor.practitioner;
  const treated = async (over: object = {}) => {
    const patientId = await practice.patient(clinic);
    const treatmentId = await aSignedTreatment(practice.db, clinic, {
      patientId,
      treatedOn: '2026-03-02',
      doses: [
        { product: 'ona', area: 'glabella', units: 20 },
        { product: 'ona', area: 'lateral_canthal', units: 12 },
      ],
      ...over,
    });
    return { patientId, treatmentId };
  };
  const ptosis = (treatmentId: string, over: Partial<RecordAdverseEvent> = {}): RecordAdverseEvent => ({
    treatmentId,
    term: 'Eyelid ptosis',
    onsetOn: '2026-03-07',
    severity: 'moderate',
    outcome: 'not-recovered',
    ...over,
  });
  const recorded = async (over: Partial<RecordAdverseEvent> = {}) =>
    events.record(nurse(), ptosis((await treated()).treatmentId, over));
  const active = (patientIds: string[]) =>
    practice.database.read(nurse(), (tx) => practice.get(AdverseEvents).active(tx, patientIds));

  beforeAll(async () => {
    practice = await Practice.open('2026-03-20T10:00:00Z');
    clinic = await practice.clinic('UK');
    other = await practice.clinic('US');
    events = practice.get(AdverseEventsService);
    tasks = practice.get(ClinicalTasksService);
    practice.get(AdverseEventsPort).subscribe((_, event) => {
      heard.push(event);
      return Promise.resolve();
    });
  });
  afterAll(() => practice.close());

  it('links it to the treatment and to the lots of the points it may come from', async () => {
    const { patientId, treatmentId } = await treated();
    const view = await events.record(nurse(), ptosis(treatmentId));
    expect(view).toMatchObject({
      patientId,
      treatedOn: '2026-03-02',
      status: 'active',
      serious: false,
      notes: [],
      version: 1,
      tasks: [],
    });
    expect(view.injections).toEqual([
      expect.objectContaining({ area: 'glabella', product: 'ona', lotNumber: 'T-ona' }),
    ]);
    expect(view.versions).toEqual([expect.objectContaining({ version: 1, verb: 'record' })]);
  });

  it('takes the points that are named, and none of another treatment', async () => {
    const view = await recorded();
    const [{ id } = { id: '' }] = view.injections;
    const named = ptosis(view.treatmentId, { injectionIds: [id] });
    expect((await events.record(nurse(), named)).injections).toHaveLength(1);
    const { treatmentId } = await treated();
    const foreign = events.record(nurse(), ptosis(treatmentId, { injectionIds: [id] }));
    await expect(foreign).rejects.toThrow(refused.InjectionNotOfTreatment);
  });

  it('wants a term of the list or one written out, not both', async () => {
    const { treatmentId } = await treated();
    const both = ptosis(treatmentId, { otherTerm: 'Tingling' });
    await expect(events.record(nurse(), both)).rejects.toThrow(refused.AdverseEventUnnamed);
    const { term: _, ...unnamed } = ptosis(treatmentId);
    await expect(events.record(nurse(), unnamed)).rejects.toThrow(refused.AdverseEventUnnamed);
    const tingling = await events.record(nurse(), { ...unnamed, otherTerm: 'Tingling' });
    expect(tingling).toMatchObject({ term: null, otherTerm: 'Tingling', notes: [] });
    expect(tingling.injections).toHaveLength(2);
  });

  it('refuses a draft, and a treatment of another clinic as if there were none', async () => {
    const draft = await practice.draft(clinic);
    await expect(events.record(nurse(), ptosis(draft.id, { onsetOn: '2026-03-20' }))).rejects.toThrow(
      refused.AdverseEventOfDraft,
    );
    const { treatmentId } = await treated();
    const foreign = other.actor.practitioner;
    await expect(events.record(foreign, ptosis(treatmentId))).rejects.toThrow(TreatmentNotFound);
    const { id } = await recorded();
    await expect(events.read(foreign, id)).rejects.toThrow(refused.AdverseEventNotFound);
    await expect(events.change(foreign, id, ptosis(treatmentId), undefined)).rejects.toThrow(
      refused.AdverseEventNotFound,
    );
  });

  it('opens an urgent review and a report for a serious one, and the report wants its reference', async () => {
    const { tasks: opened } = await recorded({ seriousness: ['hospitalisation'] });
    expect(opened).toMatchObject([
      { kind: 'urgent-review', regulator: null, dueOn: '2026-03-20', status: 'open' },
      { kind: 'report-to-regulator', regulator: 'yellow-card', dueOn: '2026-04-04', status: 'open' },
    ]);
    const reportId = opened[1]?.id ?? '';
    await expect(tasks.complete(nurse(), reportId, {}, undefined)).rejects.toThrow(
      refused.ReportReferenceMissing,
    );
    const reference = 'YC-2026-104233';
    const done = await tasks.complete(nurse(), reportId, { reference }, 1);
    expect(done).toMatchObject({ status: 'done', reference, endedBy: nurse().staffId });
    await expect(tasks.complete(nurse(), reportId, { reference }, undefined)).rejects.toThrow(
      refused.ClinicalTaskEnded,
    );
  });

  it('opens them once, however often the event changes, and cancels those due no more', async () => {
    const serious = await recorded({ seriousness: ['disability'] });
    const { treatmentId: _, ...described } = ptosis('', { seriousness: ['disability'], severity: 'severe' });
    const again = await events.change(nurse(), serious.id, described, 1);
    expect(again.tasks.map(({ id }) => id)).toEqual(serious.tasks.map(({ id }) => id));
    const milder = await events.change(nurse(), serious.id, { ...described, seriousness: [] }, 2);
    expect(milder.tasks.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
    const graver = await events.change(nurse(), serious.id, { ...described, seriousness: ['death'] }, 3);
    expect(graver.tasks.filter(({ status }) => status === 'open')).toMatchObject([
      { kind: 'urgent-review' },
      { kind: 'report-to-regulator', dueOn: '2026-03-27' },
    ]);
    expect(graver.versions.map(({ verb }) => verb)).toEqual(['record', 'change', 'change', 'change']);
  });

  it('reports any reaction to a product under additional monitoring', async () => {
    const { treatmentId } = await treated({ doses: [{ product: 'rela', area: 'glabella', units: 50 }] });
    const headache = ptosis(treatmentId, { term: 'Headache', severity: 'mild', onsetOn: '2026-03-02' });
    expect((await events.record(nurse(), headache)).tasks).toMatchObject([
      { kind: 'report-to-regulator', regulator: 'yellow-card' },
    ]);
  });

  it('lists the work first due first, gives it to a colleague, page by page', async () => {
    await recorded({ seriousness: ['death'] });
    const [first, second] = [
      await tasks.list(nurse(), { status: 'open', limit: 1 }),
      await tasks.list(nurse(), { status: 'open', limit: 100 }),
    ];
    const due = second.items.map(({ dueOn, id }) => `${dueOn} ${id}`);
    expect(due).toEqual(due.toSorted());
    expect(first.items[0]?.id).toBe(second.items[0]?.id);
    const next = await tasks.list(nurse(), { status: 'open', limit: 1, after: first.next ?? '' });
    expect(next.items[0]?.id).toBe(second.items[1]?.id);
    const id = first.items[0]?.id ?? '';
    const { staffId } = clinic.actor.prescriber;
    expect((await tasks.assign(nurse(), id, { staffId }, undefined)).assignedTo).toBe(staffId);
    const theirs = await tasks.list(nurse(), { status: 'open', assignedTo: staffId, limit: 100 });
    expect(theirs.items.map((task) => task.id)).toEqual([id]);
    await expect(
      tasks.assign(nurse(), id, { staffId: other.actor.admin.staffId }, undefined),
    ).rejects.toThrow(StaffNotFound);
    await expect(tasks.assign(nurse(), newId(), {}, undefined)).rejects.toThrow(refused.ClinicalTaskNotFound);
    await expect(tasks.assign(nurse(), id, {}, 1)).rejects.toThrow(StaleVersion);
    expect((await tasks.list(other.actor.practitioner, { status: 'open', limit: 100 })).items).toEqual([]);
  });

  it('is active until resolved, and tells those above in the same transaction', async () => {
    const { id, patientId } = await recorded();
    expect(await active([patientId, newId()])).toEqual([
      expect.objectContaining({ id, patientId, term: 'Eyelid ptosis', severity: 'moderate', serious: false }),
    ]);
    const over = { outcome: 'recovered', resolvedOn: '2026-03-19' } as const;
    await expect(events.resolve(nurse(), id, over, 7)).rejects.toThrow(StaleVersion);
    const resolved = await events.resolve(nurse(), id, over, 1);
    expect(resolved).toMatchObject({ status: 'resolved', version: 2, ...over });
    expect(await active([patientId])).toEqual([]);
    await expect(events.resolve(nurse(), id, over, undefined)).rejects.toThrow(
      refused.AdverseEventStatusRefused,
    );
    await events.correct(nurse(), id, 'reopen', 'It came back', undefined);
    expect(await active([patientId])).toHaveLength(1);
    const gone = await events.correct(nurse(), id, 'enter-in-error', 'Another patient', undefined);
    expect(gone).toMatchObject({ status: 'entered-in-error', version: 4 });
    expect(gone.versions.at(-1)).toMatchObject({ verb: 'enter-in-error', reason: 'Another patient' });
    expect(await active([patientId])).toEqual([]);
    const whats = heard.filter(({ adverseEventId }) => adverseEventId === id).map(({ what }) => what);
    expect(whats).toEqual(['opened', 'resolved', 'opened', 'withdrawn']);
  });

  it('lists those of a patient, newest first', async () => {
    const { patientId, treatmentId } = await treated();
    const first = await events.record(nurse(), ptosis(treatmentId));
    const second = await events.record(nurse(), ptosis(treatmentId, { term: 'Headache' }));
    const page = await events.list(nurse(), { patientId, limit: 1 });
    expect(page.items.map(({ id }) => id)).toEqual([second.id]);
    const rest = await events.list(nurse(), { patientId, limit: 1, after: page.next ?? '' });
    expect(rest.items.map(({ id }) => id)).toEqual([first.id]);
    expect((await events.list(nurse(), { status: 'resolved', limit: 10, patientId })).items).toEqual([]);
  });

  it('keeps every version for good', async () => {
    await recorded();
    for (const table of ['adverse_event_change', 'adverse_event_injection']) {
      await expect(practice.db.admin.query(`DELETE FROM ${table}`)).rejects.toMatchObject({ code: '23001' });
    }
  });
});
