import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { Answer, LoggedOutcome } from './domain/answers.js';

/** A patient's card as it stands; a patient nobody has dealt with has the empty one. */
export interface RecallCard {
  readonly patientId: string;
  readonly assignedTo: string | null;
  readonly claimedBy: string | null;
  /** A claim that is over is no claim. */
  readonly claimedUntil: Date | null;
  readonly lastContactOn: CalendarDate | null;
  readonly version: number;
}

/** The last attempt of anybody. */
export interface LastContact extends Omit<Answer, 'outcome'> {
  /** As in the log. */
  readonly outcome: LoggedOutcome;
  readonly at: string;
  readonly channel: string;
  readonly initiatedBy: string;
  /** null: the clinic by itself. */
  readonly staffId: string | null;
}

/** Everything the desk wrote about one patient, as far as the list needs it. */
export interface CardKnown extends RecallCard {
  /** Newest first: what the patient said. */
  readonly answers: readonly (Answer & { readonly at: string })[];
  readonly last: LastContact | null;
  /** A recall message that is under way. */
  readonly queued: QueuedMessage | null;
}

export interface QueuedMessage {
  readonly messageId: string;
  readonly sendAfter: string;
}

const CARD = `c.assigned_to AS "assignedTo", CASE WHEN c.claimed_until > $3 THEN c.claimed_by END AS "claimedBy",
  CASE WHEN c.claimed_until > $3 THEN c.claimed_until END AS "claimedUntil", c.last_contact_on AS "lastContactOn",
  coalesce(c.version, 0) AS version`;
const ANSWER = `'onDay', a.on_day, 'outcome', a.outcome, 'until', a.until, 'areas', a.area_ids, 'at', a.at`;

// More answers than areas are of earlier windows.
const KNOWN = sql(`
  SELECT p.id AS "patientId", ${CARD},
         (SELECT coalesce(json_agg(json_build_object(${ANSWER}) ORDER BY a.at DESC, a.id DESC), '[]')
            FROM (SELECT * FROM contact_attempt s
                   WHERE s.clinic_id = $1 AND s.patient_id = p.id AND s.outcome IN ('booked', 'later', 'declined')
                   ORDER BY s.at DESC, s.id DESC LIMIT 30) a) AS answers,
         (SELECT json_build_object(${ANSWER}, 'channel', a.channel, 'initiatedBy', a.initiated_by, 'staffId', a.staff_id)
            FROM contact_attempt a WHERE a.clinic_id = $1 AND a.patient_id = p.id ORDER BY a.at DESC, a.id DESC LIMIT 1) AS last,
         (SELECT json_build_object('messageId', m.id, 'sendAfter', m.send_after) FROM recall_message m
           WHERE m.clinic_id = $1 AND m.patient_id = p.id AND m.status IN ('waiting', 'sending')) AS queued
    FROM unnest($2::uuid[]) AS p (id)
    LEFT JOIN recall_card c ON c.clinic_id = $1 AND c.patient_id = p.id`);

const READ = sql(`
  SELECT $2::uuid AS "patientId", ${CARD} FROM (SELECT) one LEFT JOIN recall_card c ON c.clinic_id = $1 AND c.patient_id = $2`);

// Of two colleagues who take a card at once the second waits for the first, and then finds it taken.
const FREE = `(recall_card.claimed_until IS NULL OR recall_card.claimed_until <= $4 OR recall_card.claimed_by = $3)`;
const HOLD = sql(`
  INSERT INTO recall_card AS recall_card (clinic_id, patient_id) VALUES ($1, $2)
      ON CONFLICT (clinic_id, patient_id) DO UPDATE SET version = recall_card.version + 1 WHERE ${FREE}
  RETURNING patient_id AS "patientId", assigned_to AS "assignedTo", CASE WHEN claimed_until > $4 THEN claimed_by END AS "claimedBy",
            CASE WHEN claimed_until > $4 THEN claimed_until END AS "claimedUntil", last_contact_on AS "lastContactOn", version`);
const CLAIM = sql(
  'UPDATE recall_card SET claimed_by = $3, claimed_until = $4 WHERE clinic_id = $1 AND patient_id = $2',
);
const RELEASE = sql(`
  UPDATE recall_card SET claimed_by = NULL, claimed_until = NULL, version = version + 1
   WHERE clinic_id = $1 AND patient_id = $2 AND claimed_by = $3`);
const CONTACTED = sql(`
  UPDATE recall_card SET claimed_by = CASE WHEN claimed_by <> $4 THEN claimed_by END,
                         claimed_until = CASE WHEN claimed_by <> $4 THEN claimed_until END,
                         last_contact_on = coalesce($3, last_contact_on)
   WHERE clinic_id = $1 AND patient_id = $2`);
const LOCK = sql(`
  INSERT INTO recall_card AS recall_card (clinic_id, patient_id, version) VALUES ($1, $2, 0)
      ON CONFLICT (clinic_id, patient_id) DO UPDATE SET version = recall_card.version RETURNING version`);
const LOCK_MANY = sql(`
  INSERT INTO recall_card AS recall_card (clinic_id, patient_id, version) SELECT clinic_id, id, 0 FROM patient WHERE clinic_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id
      ON CONFLICT (clinic_id, patient_id) DO UPDATE SET version = recall_card.version`);
const MESSAGED = sql('UPDATE recall_card SET last_contact_on = $3 WHERE clinic_id = $1 AND patient_id = $2');
const ASSIGN = sql(`
  UPDATE recall_card SET assigned_to = $3, assigned_at = CASE WHEN $3::uuid IS NULL THEN NULL ELSE $4::timestamptz END,
                         version = version + 1
   WHERE clinic_id = $1 AND patient_id = $2`);

@Injectable()
export class CardsRepository {
  /** Of every patient asked for, in one query. */
  known(tx: Tx, patientIds: readonly string[]): Promise<CardKnown[]> {
    return tx.rows<CardKnown>(KNOWN, [tx.clinicId, patientIds, tx.now]);
  }

  read(tx: Tx, patientId: string): Promise<RecallCard> {
    return tx.one<RecallCard>(READ, [tx.clinicId, patientId, tx.now]);
  }

  /** Locked until the transaction ends; null while a colleague calls. */
  hold(tx: Tx, patientId: string): Promise<RecallCard | null> {
    return tx.maybe<RecallCard>(HOLD, [tx.clinicId, patientId, tx.actor.staffId, tx.now]);
  }

  async claim(tx: Tx, patientId: string, until: Date): Promise<void> {
    await tx.run(CLAIM, [tx.clinicId, patientId, tx.actor.staffId, until]);
  }

  async release(tx: Tx, patientId: string): Promise<void> {
    await tx.run(RELEASE, [tx.clinicId, patientId, tx.actor.staffId]);
  }

  /** Ends one's own claim, and leaves a colleague's alone; `on` when it was the clinic that called. */
  async contacted(tx: Tx, patientId: string, on: CalendarDate | null): Promise<void> {
    await tx.run(CONTACTED, [tx.clinicId, patientId, on, tx.actor.staffId]);
  }

  /** Locked, whoever is calling; the version it has. */
  async lockVersion(tx: Tx, patientId: string): Promise<number> {
    return (await tx.one<{ version: number }>(LOCK, [tx.clinicId, patientId])).version;
  }

  /** Until the transaction ends nobody else decides about these patients; always in one order. Absent and foreign ones are passed over. */
  async lockAll(tx: Tx, patientIds: readonly string[]): Promise<void> {
    await tx.run(LOCK_MANY, [tx.clinicId, patientIds]);
  }

  /** Counts for the gap as a call does, and leaves a colleague's claim alone. */
  async messaged(tx: Tx, patientId: string, on: CalendarDate): Promise<void> {
    await tx.run(MESSAGED, [tx.clinicId, patientId, on]);
  }

  async assign(tx: Tx, patientId: string, staffId: string | null): Promise<void> {
    await tx.run(ASSIGN, [tx.clinicId, patientId, staffId, tx.now]);
  }
}
