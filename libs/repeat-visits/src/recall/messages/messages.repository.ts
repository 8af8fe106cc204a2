import { sql, type Tx } from '#database';
import { type CalendarDate, FIRST_ID, newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { WithheldReason } from './domain/message-rules.js';
import type { MessageView } from './http/messages.dto.js';

export type MessageStatus = 'waiting' | 'sending' | 'sent' | 'unconfirmed' | 'withheld' | 'failed';
/** `no-mail-server`: none is set up; `refused`: it did not take the message, however often. */
export type FailedReason = 'no-mail-server' | 'refused';

/** A message as whoever sends it needs it. */
export interface MessageRow {
  readonly id: string;
  readonly patientId: string;
  readonly areas: readonly string[];
  readonly status: MessageStatus;
  readonly tries: number;
  readonly requestedAt: Date;
  readonly offersVisit: boolean;
  /** null: the clinic by itself. */
  readonly requestedBy: string | null;
}

export interface NewMessage {
  readonly patientId: string;
  readonly areas: readonly string[];
  readonly onDay: CalendarDate;
  /** null: withheld at once. */
  readonly sendAfter: Date | null;
  readonly reason: WithheldReason | null;
}

/** What became of a message. */
export type Settled =
  | { readonly status: 'sent' | 'unconfirmed'; readonly contactId: string }
  | { readonly status: 'withheld'; readonly reason: WithheldReason }
  | { readonly status: 'failed'; readonly reason: FailedReason };

const ADD = sql(`
  INSERT INTO recall_message (clinic_id, id, batch_id, patient_id, channel, area_ids, status, reason, send_after, on_day, requested_at,
                              settled_at)
  SELECT $1, n.id, $2, n.patient_id, 'email', string_to_array(n.areas, ','), CASE WHEN n.reason IS NULL THEN 'waiting' ELSE 'withheld' END,
         n.reason, n.send_after, n.on_day, $3, CASE WHEN n.reason IS NOT NULL THEN $3::timestamptz END
    FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::timestamptz[], $9::date[])
      AS n (id, patient_id, areas, reason, send_after, on_day)`);

const LOCK = sql(`
  SELECT m.id, m.patient_id AS "patientId", m.area_ids AS areas, m.status, m.tries, m.requested_at AS "requestedAt",
         b.offers_visit AS "offersVisit", b.requested_by AS "requestedBy"
    FROM recall_message m JOIN recall_batch b ON b.clinic_id = m.clinic_id AND b.id = m.batch_id
   WHERE m.clinic_id = $1 AND m.id = $2 FOR NO KEY UPDATE OF m`);

const BOOKED_SINCE = sql(`
  SELECT 1 AS booked FROM treatment_visit v
   WHERE v.clinic_id = $1 AND v.patient_id = ANY ((SELECT person_records($2))::uuid[]) AND v.created_at >= $3
     AND v.status NOT IN ('cancelled', 'no-show') LIMIT 1`);

const WAIT = sql(
  `UPDATE recall_message SET status = 'waiting', send_after = $3 WHERE clinic_id = $1 AND id = $2`,
);
const SENDING = sql(`
  UPDATE recall_message SET status = 'sending', tries = tries + 1, language = $3, template_version = $4
   WHERE clinic_id = $1 AND id = $2`);
const SETTLE = sql(`
  UPDATE recall_message SET status = $3, reason = $4, contact_id = $5, settled_at = $6 WHERE clinic_id = $1 AND id = $2`);
const STOP = sql(`
  UPDATE recall_message SET status = 'withheld', reason = 'stopped', settled_at = $3
   WHERE clinic_id = $1 AND batch_id = $2 AND status = 'waiting' RETURNING patient_id AS "patientId", id`);

const VIEW = `m.id, m.batch_id AS "batchId", m.patient_id AS "patientId", p.number, p.given_name AS "givenName",
  p.family_name AS "familyName", m.channel, m.area_ids AS areas, m.status, m.reason, m.send_after AS "sendAfter", m.language,
  m.template_version AS "templateVersion", m.requested_at AS "requestedAt", b.requested_by AS "requestedBy",
  m.settled_at AS "settledAt", m.contact_id AS "contactId"`;
const FROM = `recall_message m
  JOIN recall_batch b ON b.clinic_id = m.clinic_id AND b.id = m.batch_id
  JOIN patient p ON p.clinic_id = m.clinic_id AND p.id = m.patient_id`;

const OF_BATCH = sql(`
  SELECT ${VIEW} FROM ${FROM}
   WHERE m.clinic_id = $1 AND m.batch_id = $2 AND m.id > $3 AND ($4::text IS NULL OR m.status = $4) ORDER BY m.id LIMIT $5`);
const OF_PATIENT = sql(`
  SELECT ${VIEW} FROM ${FROM}
   WHERE m.clinic_id = $1 AND m.patient_id = ANY ((SELECT person_records($2))::uuid[]) AND (m.requested_at, m.id) < ($3, $4)
   ORDER BY m.requested_at DESC, m.id DESC LIMIT $5`);

@Injectable()
export class MessagesRepository {
  /** The ids, in the order given. */
  async add(tx: Tx, batchId: string, messages: readonly NewMessage[]): Promise<string[]> {
    const ids = messages.map(() => newId());
    await tx.run(ADD, [
      tx.clinicId,
      batchId,
      tx.now,
      ids,
      messages.map(({ patientId }) => patientId),
      messages.map(({ areas }) => areas.join(',')),
      messages.map(({ reason }) => reason),
      messages.map(({ sendAfter }) => sendAfter),
      messages.map(({ onDay }) => onDay),
    ]);
    return ids;
  }

  /** Locked until the transaction ends. */
  lock(tx: Tx, id: string): Promise<MessageRow | null> {
    return tx.maybe<MessageRow>(LOCK, [tx.clinicId, id]);
  }

  /** Whether the patient was booked for a treatment since, under any of their records. */
  async bookedSince(tx: Tx, patientId: string, since: Date): Promise<boolean> {
    return (await tx.maybe(BOOKED_SINCE, [tx.clinicId, patientId, since])) !== null;
  }

  async wait(tx: Tx, id: string, until: Date): Promise<void> {
    await tx.run(WAIT, [tx.clinicId, id, until]);
  }

  async sending(tx: Tx, id: string, language: string, templateVersion: number): Promise<void> {
    await tx.run(SENDING, [tx.clinicId, id, language, templateVersion]);
  }

  async settle(tx: Tx, id: string, settled: Settled): Promise<void> {
    const reason = 'reason' in settled ? settled.reason : null;
    const contactId = 'contactId' in settled ? settled.contactId : null;
    await tx.run(SETTLE, [tx.clinicId, id, settled.status, reason, contactId, tx.now]);
  }

  /** Those of a batch that were not sent yet; one that is being handed over goes out. */
  stop(tx: Tx, batchId: string): Promise<{ id: string; patientId: string }[]> {
    return tx.rows(STOP, [tx.clinicId, batchId, tx.now]);
  }

  /** In the order they were asked for. */
  ofBatch(
    tx: Tx,
    batchId: string,
    { status, after }: { readonly status: string | null; readonly after: string | null },
    limit: number,
  ): Promise<MessageView[]> {
    return tx.rows<MessageView>(OF_BATCH, [tx.clinicId, batchId, after ?? FIRST_ID, status, limit]);
  }

  /** Newest first, those to records merged into the patient's too. */
  ofPatient(
    tx: Tx,
    patientId: string,
    before: readonly (string | number)[] | null,
    limit: number,
  ): Promise<MessageView[]> {
    const [at, id] = before ?? ['infinity', FIRST_ID];
    return tx.rows<MessageView>(OF_PATIENT, [tx.clinicId, patientId, at, id, limit]);
  }
}
