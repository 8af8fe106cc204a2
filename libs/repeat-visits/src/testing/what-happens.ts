import { ProtocolsService } from '#catalogue';
import { aClearedConsultation } from '#consultations/testing';
import { ReviewsService } from '#follow-ups';
import { AppointmentVerbsService, BookingService } from '#scheduling';

import { OverridesService } from '../overrides/overrides.service.js';
import { ContactsService } from '../recall/contacts.service.js';
import type { RecordContact } from '../recall/http/contacts.dto.js';
import type { ClinicAtWork, Session } from './clinic-at-work.js';

/** Of whoever something happens to: ona in the frown lines, due since 1 May 2026, to be seen again by 20 June. */
export const TREATED = '2026-01-31';
const TOUCHED_UP = '2026-02-16';

export interface Somebody {
  readonly patientId: string;
  /** A second record of the same person, where there is one. */
  readonly twinId: string;
  /** The treatment of 31 January. */
  readonly treatmentId: string;
}

export interface Happening {
  /** What has happened before; a treatment on 31 January has anyhow. */
  readonly given?: (of: Somebody) => Promise<unknown>;
  readonly event: (of: Somebody) => Promise<unknown>;
  /** What the event asked a worker to do. */
  readonly job?: (of: Somebody) => Promise<unknown>;
  /** Written by a context below past its services: nothing of it is to be lost at its commit. */
  readonly bySql?: true;
  /** The moment it is looked at; left out: noon on 1 June 2026. */
  readonly at?: string;
}

/** Everything that bears on a patient's windows, done as the clinic does it, in the words of docs/flows/what-windows-follow.md. */
export function whatHappens(work: ClinicAtWork, recompute: () => Promise<unknown>) {
  const { clinic, desk, module, db, register } = work;
  const { receptionist, prescriber, admin } = clinic.actor;
  const get = <T>(type: new (...of: never[]) => T): T => module.get(type, { strict: false });

  const sign = (session: Partial<Session>) => (one: Somebody) =>
    work.sign({ patientId: one.patientId, treatedOn: TREATED, ...session });
  const amend = (session: Partial<Session>) => (one: Somebody) =>
    sign({ ...session, amendsId: one.treatmentId })(one);
  const takeBack = (one: Somebody) => work.withdraw(one.treatmentId, { ...one, treatedOn: TREATED });

  const touchUps = new Map<string, string>();
  const visits = new Map<string, string>();
  let booked = 0;
  const book =
    (areaIds: readonly string[]) =>
    async ({ patientId }: Somebody) => {
      booked += 1;
      const [day, hour] = [String(9 + (booked % 9)).padStart(2, '0'), 9 + Math.floor(booked / 9)];
      const { id } = await get(BookingService).book(receptionist, {
        patientId,
        typeId: desk.type.treatment,
        locationId: desk.london.id,
        practitionerId: desk.nurseId,
        startsAt: `2026-06-${day}T${String(hour).padStart(2, '0')}:00`,
        areaIds: [...areaIds],
      });
      visits.set(patientId, id);
    };
  const visitOf = ({ patientId }: Somebody): string => visits.get(patientId) ?? '';
  const change = (verb: 'confirm' | 'cancel' | 'no-show' | 'enter-in-error') => (one: Somebody) =>
    get(AppointmentVerbsService).change(receptionist, visitOf(one), verb, { reason: 'Said so' }, undefined);
  const bookedThen =
    (...verbs: readonly ReturnType<typeof change>[]) =>
    async (one: Somebody) => {
      await book(['glabella'])(one);
      for (const verb of verbs) await verb(one);
    };

  const said =
    (outcome: RecordContact['outcome'], more: Partial<RecordContact> = {}) =>
    (one: Somebody) =>
      get(ContactsService).record(receptionist, one.patientId, {
        initiatedBy: 'patient',
        channel: 'phone',
        outcome,
        ...more,
      });
  const answered = (answers: Readonly<Record<string, string>>, decidedOn: string) => (one: Somebody) =>
    aClearedConsultation(db, clinic, { patientId: one.patientId, decidedOn, answers });
  const decided = (notBefore: string) => (one: Somebody) =>
    get(OverridesService).decide(prescriber, one.patientId, 'glabella', { notBefore, reason: 'The wedding' });
  const left = (cause: 'deceased' | 'transferred') => (one: Somebody) =>
    register.standing.depart(receptionist, one.patientId, { cause, on: '2026-04-20' }, undefined);
  const back = (because: 'returned' | 'recorded-by-mistake') => (one: Somebody) =>
    register.standing.takeBack(receptionist, one.patientId, { because, reason: 'Is here' }, undefined);
  const signTwin = (one: Somebody) => work.sign({ patientId: one.twinId, treatedOn: '2025-12-20' });
  const merge = (one: Somebody) =>
    register.merges.merge(admin, one.patientId, { duplicateId: one.twinId, reason: 'One person' }, undefined);
  const givenInco = { product: 'inco', areas: ['forehead'] } as const;
  const found = async (one: Somebody) => {
    const { rows } = await db.admin.query<{ id: string }>(
      `SELECT id FROM follow_up WHERE treatment_id = $1 AND kind = 'non-response-check'`,
      [one.treatmentId],
    );
    const areas = [{ area: 'glabella', result: 'none', touchUp: 'not-needed' } as const];
    await get(ReviewsService).complete(
      prescriber,
      rows[0]?.id ?? '',
      { reviewedOn: '2026-03-02', areas },
      undefined,
    );
  };

  return {
    'a first treatment is signed': { event: sign({ areas: ['forehead'] }), given: takeBack },
    'the area is treated again': { event: sign({ treatedOn: '2026-05-30' }) },
    'another area is treated': { event: sign({ treatedOn: '2026-05-30', areas: ['forehead'] }) },
    'a touch-up is signed': {
      event: (one) => sign({ treatedOn: TOUCHED_UP, kind: 'touch-up', completesId: one.treatmentId })(one),
    },
    'the touch-up is entered in error': {
      given: async (one) => {
        const session = { treatedOn: TOUCHED_UP, kind: 'touch-up', completesId: one.treatmentId } as const;
        touchUps.set(one.patientId, await sign(session)(one));
      },
      event: (one) => work.withdraw(touchUps.get(one.patientId) ?? '', { ...one, treatedOn: TOUCHED_UP }),
    },
    'an older treatment is entered late': { event: sign({ treatedOn: '2025-10-01' }) },
    'it is given at another location': {
      event: sign({ treatedOn: '2026-02-20', locationId: desk.newYork.id }),
    },
    'its day is amended': { event: amend({ treatedOn: '2026-03-20' }) },
    'its area is amended': { event: amend({ areas: ['forehead'] }) },
    'its product is amended': { event: amend({ product: 'rela' }) },
    'it is entered in error': { event: takeBack },
    'it is entered in error, with one before it': {
      given: sign({ treatedOn: '2025-09-10' }),
      event: takeBack,
    },
    'two records are merged': { given: signTwin, event: merge },
    'they are parted again': {
      given: async (one) => {
        await signTwin(one);
        await merge(one);
      },
      event: (one) => register.merges.unmerge(admin, one.twinId, { reason: 'Two people' }, undefined),
    },
    'the area is booked': { event: book(['glabella']) },
    'an area nobody named is booked': { event: book([]) },
    'another area is booked': { event: book(['forehead']) },
    'the visit is confirmed': { given: bookedThen(), event: change('confirm') },
    'the visit is cancelled': { given: bookedThen(), event: change('cancel') },
    'the visit is entered in error': { given: bookedThen(), event: change('enter-in-error') },
    'the cancelled visit is reinstated': {
      given: bookedThen(change('cancel')),
      event: (one) => get(BookingService).reinstate(receptionist, visitOf(one), 'Comes', undefined),
    },
    'nobody came to the visit': {
      given: bookedThen(),
      event: change('no-show'),
      at: '2026-06-18T20:00:00Z',
    },
    'the patient declines': { event: said('declined') },
    'the patient says later': { event: said('later', { until: '2026-06-20' }) },
    'the patient wants no contact': { event: said('do-not-contact') },
    'the patient may be contacted again': {
      given: said('do-not-contact'),
      event: (one) =>
        register.register.change(receptionist, one.patientId, { doNotContact: false }, undefined),
    },
    'a pregnancy is recorded': { event: answered({ pregnancy: 'pregnant' }, '2026-05-20'), bySql: true },
    'the pregnancy has ended': {
      given: answered({ pregnancy: 'pregnant' }, '2026-04-20'),
      event: answered({}, '2026-05-20'),
      bySql: true,
    },
    'a contraindication is recorded': {
      event: answered({ neuromuscular_disease: 'yes' }, '2026-05-20'),
      bySql: true,
    },
    'an adverse event is recorded': { event: (one) => work.harm(one), bySql: true },
    'the adverse event is resolved': {
      given: (one) => work.harm(one),
      event: (one) => work.heal(one),
      bySql: true,
    },
    'a review finds no response': { event: found },
    'a clinician chooses a later day': { event: decided('2026-07-10') },
    'the clinician’s day is withdrawn': {
      given: decided('2026-07-10'),
      event: (one) => get(OverridesService).withdraw(prescriber, one.patientId, 'glabella'),
    },
    'the patient moves to another clinic': { event: left('transferred') },
    'the patient comes back from there': { given: left('transferred'), event: back('returned') },
    'the patient dies': { event: left('deceased') },
    'the death was recorded by mistake': { given: left('deceased'), event: back('recorded-by-mistake') },
    'a protocol version is published': {
      given: async (one) => {
        await takeBack(one);
        await sign({ treatedOn: '2025-08-01', ...givenInco })(one);
        await sign(givenInco)(one);
      },
      event: () =>
        get(ProtocolsService).change(
          admin,
          'inco',
          'forehead',
          { targetWeeks: 18, toWeeks: 22, reason: 'Lasts longer here' },
          undefined,
        ),
    },
    'its recompute has run': {
      given: async (one) => {
        await takeBack(one);
        await sign({ treatedOn: '2025-08-01', ...givenInco })(one);
        await sign(givenInco)(one);
        await recompute();
      },
      event: () =>
        get(ProtocolsService).change(
          admin,
          'inco',
          'forehead',
          { targetWeeks: 19, toWeeks: 23, reason: 'Longer still' },
          undefined,
        ),
      job: recompute,
    },
  } satisfies Record<string, Happening>;
}
