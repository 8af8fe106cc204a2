import type { Tx } from '#database';
import type { RequestActor } from '#identity';
import { addDays, boundaryOf, dateIn, type Interval } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { AppointmentRow } from '../appointments.repository.js';
import { DiariesQueries } from '../diaries.queries.js';
import { MINUTE } from '../domain/appointment.js';
import { patientReasons, roomFits } from '../domain/booking-rules.js';
import { diariesOf, offers } from '../domain/diary.js';
import { TreatmentBeforeEarliest } from '../domain/scheduling.errors.js';
import { localTimeOf } from '../domain/slot.js';
import type { SlotView } from '../http/availability.dto.js';
import { type Affected, DAYS_AROUND, type Place, type Proposal, propose } from './domain/proposals.js';
import { inWords } from './domain/in-words.js';
import type { Claim } from './domain/claims.js';
import { daysFor, GroupMoveGrounds, type ManyGrounds } from './group-move-grounds.js';
import { GroupMoveQueries } from './group-move.queries.js';

const DAY = 1440 * MINUTE;

/** Whose absence it is, and when. */
export interface Absent {
  readonly practitionerId: string;
  readonly range: Interval;
}

/** Where one appointment could go, best first; `why` there is nothing, when there is nothing. */
export interface ProposedFor {
  readonly appointmentId: string;
  readonly patientId: string;
  readonly options: readonly { readonly slot: SlotView; readonly busy: Interval }[];
  readonly why: string | null;
}

const NOTHING_FREE = 'Nothing is free within two weeks that fits';

/** Works out where the patients of somebody absent could go, from diaries loaded once. */
@Injectable()
export class Proposing {
  constructor(
    private readonly diaries: DiariesQueries,
    private readonly queries: GroupMoveQueries,
    private readonly grounds: GroupMoveGrounds,
  ) {}

  /** `reserved`: what other proposals of the same move keep for themselves. */
  async propose(
    tx: Tx,
    actor: RequestActor,
    absent: Absent,
    rows: readonly AppointmentRow[],
    reserved: readonly Omit<Claim, 'appointmentId'>[] = [],
  ): Promise<ProposedFor[]> {
    if (rows.length === 0) return [];
    const grounds = await this.grounds.load(tx, actor, rows);
    const starts = rows.map(({ startsAt }) => startsAt.getTime());
    const reach = {
      start: Math.min(...starts) - (DAYS_AROUND + 2) * DAY,
      end: Math.max(...starts) + (DAYS_AROUND + 2) * DAY,
    };
    const places = placesOf(grounds, absent, reach);
    const taken = await this.#taken(tx, grounds, rows, reach);
    for (const { practitionerId, roomId, personId, busy } of reserved) {
      add(taken.practitioners, practitionerId, [busy]);
      add(taken.patients, personId, [busy]);
      if (roomId !== null) add(taken.rooms, roomId, [busy]);
    }
    const [some] = grounds.setUps.values();
    const zone = rows[0]?.zone ?? 'UTC';
    const lastDay = addDays(dateIn(tx.now, zone), some?.horizonDays ?? 0);
    const proposals = propose(
      rows.flatMap((row) => affectedOf(row, grounds)),
      places,
      taken,
      {
        absentId: absent.practitionerId,
        notBefore: tx.now.getTime() + (some?.noticeMinutes ?? 0) * MINUTE,
        horizon: boundaryOf(lastDay, '24:00', zone).getTime(),
      },
    );
    return rows.map((row) => {
      const options = (proposals.get(row.id) ?? []).map((slot) => ({
        slot: viewOf(slot, row, grounds, absent),
        busy: slot.busy,
      }));
      const why = options.length > 0 ? null : (barred(row, grounds) ?? NOTHING_FREE);
      return { appointmentId: row.id, patientId: row.patientId, options, why };
    });
  }

  async #taken(tx: Tx, { setUps, personOf }: ManyGrounds, rows: readonly AppointmentRow[], reach: Interval) {
    const practitioners = new Map<string, Interval[]>();
    const rooms = new Map<string, Interval[]>();
    for (const { location, practitioners: people } of setUps.values()) {
      const busy = await this.diaries.busy(tx, reach, {
        practitionerIds: people.map(({ id }) => id),
        roomIds: location?.rooms.map(({ id }) => id) ?? [],
        patientId: null,
      });
      // Practitioners are asked about at every location alike, so the answers are the same; rooms stand at one.
      for (const [id, spans] of busy.practitioners) practitioners.set(id, [...spans]);
      for (const [id, spans] of busy.rooms) add(rooms, id, spans);
    }
    const patients = new Map(await this.queries.patientsBusy(tx, [...new Set(rows.map(personOf))], reach));
    return { practitioners, rooms, patients };
  }
}

/** Who works when at each location; the absent one not while they are away. */
function placesOf(
  { setUps }: ManyGrounds,
  { practitionerId, range }: Absent,
  reach: Interval,
): Map<string, Place> {
  return new Map(
    [...setUps].flatMap(([id, { location, practitioners }]) => {
      if (!location) return [];
      const away = practitioners.map((one) =>
        one.id === practitionerId ? { ...one, absences: [...one.absences, range] } : one,
      );
      return [[id, { zone: location.zone, working: diariesOf(location, away, reach).working }] as const];
    }),
  );
}

/** An appointment as the rules on patient, staff and rooms leave it; none when it cannot be moved by anybody. */
function affectedOf(row: AppointmentRow, grounds: ManyGrounds): Affected[] {
  const known = grounds.of(row);
  const { type, location, practitioners } = known?.setUp ?? {};
  if (!known || !type || !location || !practitioners || barred(row, grounds) !== null) return [];
  const roomless = type.roomKind === null && type.equipment.length === 0;
  return [
    {
      appointmentId: row.id,
      patientId: grounds.personOf(row),
      locationId: row.locationId,
      startsAt: row.startsAt,
      busy: { start: row.busyFrom.getTime(), end: row.busyTo.getTime() },
      roomId: row.roomId,
      type,
      able: practitioners.filter((one) => offers(one, type)).map(({ id }) => id),
      roomIds: roomless ? null : location.rooms.filter((room) => roomFits(room, type)).map(({ id }) => id),
      ...daysFor(known.windows, dateIn(row.startsAt, row.zone)),
    },
  ];
}

/** Why the patient may not be moved to any time; another day may still help against too early a treatment. */
function barred(row: AppointmentRow, grounds: ManyGrounds): string | null {
  const known = grounds.of(row);
  const { type, patient: booked, market } = known?.setUp ?? {};
  if (!known || !type || !booked || !market)
    return 'The location, the type or the patient record is no longer active';
  const span = {
    visit: { start: row.startsAt.getTime(), end: row.endsAt.getTime() },
    busy: { start: row.busyFrom.getTime(), end: row.busyTo.getTime() },
  };
  const patient = booked.survivor ?? booked;
  const reasons = patientReasons({ market, span, location: row, type, patient, windows: known.windows });
  return reasons.find((one) => !(one instanceof TreatmentBeforeEarliest))?.spec.title ?? null;
}

function viewOf(slot: Proposal, row: AppointmentRow, { setUps }: ManyGrounds, absent: Absent): SlotView {
  const setUp = setUps.get(row.locationId);
  const practitionerName = setUp?.practitioners.find(({ id }) => id === slot.practitionerId)?.name ?? '';
  const { startsAt, endsAt, practitionerId, roomId } = slot;
  const before = { startsAt: row.startsAt, absentId: absent.practitionerId, zone: row.zone };
  return {
    startsAt,
    endsAt,
    localTime: localTimeOf(startsAt, row.zone),
    practitionerId,
    practitionerName,
    roomId,
    roomName: setUp?.location?.rooms.find(({ id }) => id === roomId)?.name ?? null,
    why: inWords(slot, before, practitionerName),
  };
}

function add(times: Map<string, Interval[]>, id: string, spans: readonly Interval[]): void {
  times.set(id, [...(times.get(id) ?? []), ...spans]);
}
