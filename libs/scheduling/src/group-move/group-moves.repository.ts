import { recorder, sql, type Tx } from '#database';
import type { Interval } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { OverriddenRule } from '../domain/booking-rules.js';
import type { SlotView } from '../http/availability.dto.js';
import type { Claim } from './domain/claims.js';

export type ItemState = 'proposed' | 'no-slot' | 'left' | 'moved' | 'conflict' | 'gone';

export interface GroupMoveRow {
  readonly id: string;
  readonly practitionerId: string;
  readonly practitionerName: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly reason: string;
  readonly createdAt: Date;
  readonly closedAt: Date | null;
  readonly version: number;
  readonly affected: number;
  readonly moved: number;
  readonly remaining: number;
}

/** As kept: where it should go, and what else was free. */
export interface ItemToKeep {
  readonly appointmentId: string;
  readonly state: ItemState;
  readonly to: {
    readonly practitionerId: string;
    readonly roomId: string | null;
    readonly startsAt: Date;
    readonly busy: Interval;
  } | null;
  readonly why: string | null;
  readonly alternatives: readonly SlotView[];
  /** Rules set aside for where it should go. */
  readonly overridden: readonly OverriddenRule[];
}

export interface ItemRow {
  readonly appointmentId: string;
  readonly patientId: string;
  /** The record to go on with: of a merged one the survivor. */
  readonly personId: string;
  readonly typeName: string;
  readonly locationId: string;
  readonly zone: string;
  readonly fromStartsAt: Date;
  readonly state: ItemState;
  readonly practitionerId: string | null;
  readonly practitionerName: string | null;
  readonly roomId: string | null;
  readonly roomName: string | null;
  readonly startsAt: Date | null;
  readonly busyFrom: Date | null;
  readonly busyTo: Date | null;
  readonly why: string | null;
  /** As JSON keeps them. */
  readonly alternatives: readonly (Omit<SlotView, 'startsAt' | 'endsAt'> & {
    startsAt: string;
    endsAt: string;
  })[];
  readonly overridden: readonly OverriddenRule[];
}

const COUNTED = `
         (SELECT count(*)::int FROM group_move_item i WHERE i.clinic_id = m.clinic_id AND i.group_move_id = m.id) AS affected,
         (SELECT count(*)::int FROM group_move_item i WHERE i.clinic_id = m.clinic_id AND i.group_move_id = m.id
             AND i.state = 'moved') AS moved,
         (SELECT count(*)::int FROM group_move_item i
            JOIN appointment a ON a.clinic_id = i.clinic_id AND a.id = i.appointment_id
           WHERE i.clinic_id = m.clinic_id AND i.group_move_id = m.id AND i.state NOT IN ('moved', 'gone')
             AND a.status IN ('booked', 'confirmed', 'arrived') AND a.practitioner_id = m.practitioner_id
             AND a.starts_at = i.from_starts_at) AS remaining`;
const READ_TEXT = `
  SELECT m.id, m.practitioner_id AS "practitionerId", s.display_name AS "practitionerName", m.starts_at AS "startsAt",
         m.ends_at AS "endsAt", m.reason, m.created_at AS "createdAt", m.closed_at AS "closedAt", m.version, ${COUNTED}
    FROM group_move m JOIN staff s ON s.clinic_id = m.clinic_id AND s.id = m.practitioner_id
   WHERE m.clinic_id = $1 AND `;
const READ = sql(`${READ_TEXT} m.id = $2`);
const LOCK = sql('SELECT id FROM group_move WHERE clinic_id = $1 AND id = $2 FOR NO KEY UPDATE');
const LIST = sql(`${READ_TEXT} ($2::uuid IS NULL OR m.id < $2) ORDER BY m.id DESC LIMIT $3`);
// An appointment that was moved, cancelled or seen by itself meanwhile is no matter of the group move any more.
const ITEMS = sql(`
  SELECT i.appointment_id AS "appointmentId", p.id AS "patientId", coalesce(p.merged_into_id, p.id) AS "personId", t.name AS "typeName", a.location_id AS "locationId",
         l.zone, i.from_starts_at AS "fromStartsAt",
         CASE WHEN i.state = 'moved' OR (a.status IN ('booked', 'confirmed', 'arrived') AND a.starts_at = i.from_starts_at
                AND a.practitioner_id = m.practitioner_id) THEN i.state ELSE 'gone' END AS state,
         i.practitioner_id AS "practitionerId", s.display_name AS "practitionerName", i.room_id AS "roomId",
         r.name AS "roomName", i.starts_at AS "startsAt", i.busy_from AS "busyFrom", i.busy_to AS "busyTo", i.why, i.alternatives,
         i.overridden
    FROM group_move_item i
    JOIN group_move m ON m.clinic_id = i.clinic_id AND m.id = i.group_move_id
    JOIN appointment a ON a.clinic_id = i.clinic_id AND a.id = i.appointment_id
    JOIN patient p ON p.clinic_id = a.clinic_id AND p.id = a.patient_id
    JOIN appointment_type t ON t.clinic_id = a.clinic_id AND t.id = a.type_id
    JOIN location l ON l.clinic_id = a.clinic_id AND l.id = a.location_id
    LEFT JOIN staff s ON s.clinic_id = i.clinic_id AND s.id = i.practitioner_id
    LEFT JOIN room r ON r.clinic_id = i.clinic_id AND r.id = i.room_id
   WHERE i.clinic_id = $1 AND i.group_move_id = $2 ORDER BY i.from_starts_at, i.appointment_id`);
const ADD = sql(`
  INSERT INTO group_move (clinic_id, id, practitioner_id, starts_at, ends_at, reason, created_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`);
const KEPT = `unnest($3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[],
              $10::text[], $11::text[], $12::text[])
         n (appointment_id, state, practitioner_id, room_id, starts_at, busy_from, busy_to, why, alternatives, overridden)`;
const ADD_ITEMS = sql(`
  INSERT INTO group_move_item (clinic_id, group_move_id, appointment_id, from_starts_at, state, practitioner_id, room_id,
                               starts_at, busy_from, busy_to, why, alternatives, overridden)
  SELECT $1, $2, n.appointment_id, a.starts_at, n.state, n.practitioner_id, n.room_id, n.starts_at, n.busy_from, n.busy_to,
         n.why, n.alternatives::jsonb, n.overridden::jsonb
    FROM ${KEPT} JOIN appointment a ON a.clinic_id = $1 AND a.id = n.appointment_id`);
const SET_ITEMS = sql(`
  UPDATE group_move_item i SET state = n.state, practitioner_id = n.practitioner_id, room_id = n.room_id, starts_at = n.starts_at,
         busy_from = n.busy_from, busy_to = n.busy_to, why = n.why, alternatives = n.alternatives::jsonb,
         overridden = n.overridden::jsonb
    FROM ${KEPT} WHERE i.clinic_id = $1 AND i.group_move_id = $2 AND i.appointment_id = n.appointment_id`);
const CLOSE = sql(`
  UPDATE group_move SET closed_at = $3, closed_by = $4, version = version + 1 WHERE clinic_id = $1 AND id = $2`);
const RAISE = sql('UPDATE group_move SET version = version + 1 WHERE clinic_id = $1 AND id = $2');

/** What an item takes where it is to go. */
export function claimsOf({
  appointmentId,
  personId,
  practitionerId,
  roomId,
  busyFrom,
  busyTo,
}: ItemRow): Claim[] {
  if (!practitionerId || !busyFrom || !busyTo) return [];
  const busy = { start: busyFrom.getTime(), end: busyTo.getTime() };
  return [{ appointmentId, personId, practitionerId, roomId, busy }];
}

@Injectable()
export class GroupMovesRepository {
  read(tx: Tx, id: string): Promise<GroupMoveRow | null> {
    return tx.maybe(READ, [tx.clinicId, id]);
  }

  /** Reads it once nobody else changes it any more, until the transaction ends. */
  async lock(tx: Tx, id: string): Promise<GroupMoveRow | null> {
    await tx.run(LOCK, [tx.clinicId, id]);
    return this.read(tx, id);
  }

  /** The newest first, one more than `limit`. */
  list(tx: Tx, before: string | null, limit: number): Promise<GroupMoveRow[]> {
    return tx.rows(LIST, [tx.clinicId, before, limit + 1]);
  }

  items(tx: Tx, id: string): Promise<ItemRow[]> {
    return tx.rows(ITEMS, [tx.clinicId, id]);
  }

  async add(
    tx: Tx,
    {
      id,
      practitionerId,
      range,
      reason,
    }: { id: string; practitionerId: string; range: Interval; reason: string },
    items: readonly ItemToKeep[],
  ): Promise<void> {
    const values = [
      id,
      practitionerId,
      new Date(range.start),
      new Date(range.end),
      reason,
      recorder(tx),
      tx.now,
    ];
    await tx.run(ADD, [tx.clinicId, ...values]);
    await tx.run(ADD_ITEMS, [tx.clinicId, id, ...columns(items)]);
  }

  /** Whoever holds it locked says that nothing more is to be moved by it. */
  async close(tx: Tx, id: string): Promise<void> {
    await tx.run(CLOSE, [tx.clinicId, id, tx.now, recorder(tx)]);
  }

  /** Keeps what became of items, and raises the version of their move. */
  async keep(tx: Tx, id: string, items: readonly ItemToKeep[]): Promise<void> {
    await tx.run(SET_ITEMS, [tx.clinicId, id, ...columns(items)]);
    await tx.run(RAISE, [tx.clinicId, id]);
  }
}

const columns = (items: readonly ItemToKeep[]): unknown[][] => [
  items.map(({ appointmentId }) => appointmentId),
  items.map(({ state }) => state),
  items.map(({ to }) => to?.practitionerId ?? null),
  items.map(({ to }) => to?.roomId ?? null),
  items.map(({ to }) => to?.startsAt ?? null),
  items.map(({ to }) => (to ? new Date(to.busy.start) : null)),
  items.map(({ to }) => (to ? new Date(to.busy.end) : null)),
  items.map(({ why }) => why),
  items.map(({ alternatives }) => JSON.stringify(alternatives)),
  items.map(({ overridden }) => JSON.stringify(overridden)),
];
