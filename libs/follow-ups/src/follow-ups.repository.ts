import { sql, type Tx } from '#database';
import { type CalendarDate, FIRST_ID, newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { FollowUpStatus } from './domain/follow-up-status.js';
import type { PlannedFollowUp } from './domain/planned-follow-ups.js';
import type { FindFollowUps, FollowUpView, OutcomeView } from './http/follow-up.dto.js';

/** Every column of a follow-up. */
export const FOLLOW_UP = `id, patient_id AS "patientId", treatment_id AS "treatmentId", practitioner_id AS "practitionerId", kind, area_ids AS areas,
  treated_on AS "treatedOn", due_from AS "dueFrom", due_to AS "dueTo", status, status_reason AS "statusReason",
  appointment_id AS "appointmentId", outcome, completed_on AS "completedOn", completed_by AS "completedBy",
  rule_ids AS "ruleIds", version`;

const LIST = sql(`
  SELECT ${FOLLOW_UP} FROM follow_up
   WHERE clinic_id = $1 AND (due_from, id) > ($2, $3)
     AND ($4::text IS NULL OR status = $4) AND ($5::text IS NULL OR kind = $5)
     AND ($6::date IS NULL OR due_from <= $6) AND ($7::uuid IS NULL OR patient_id = ANY ((SELECT person_records($7))::uuid[]))
   ORDER BY due_from, id LIMIT $8`);

const OF_PATIENT = sql(`
  SELECT ${FOLLOW_UP} FROM follow_up WHERE clinic_id = $1 AND patient_id = ANY ((SELECT person_records($2))::uuid[]) ORDER BY due_from DESC, kind, id`);

const OF_TREATMENT = sql(`
  SELECT ${FOLLOW_UP}, booked_for AS "bookedFor" FROM follow_up WHERE clinic_id = $1 AND treatment_id = $2 ORDER BY due_from, kind, id FOR UPDATE`);

// Done, or waived by a person: what an amendment itself waived ($3) settles nothing.
const SETTLED = sql(`
  SELECT ${FOLLOW_UP}, booked_for AS "bookedFor" FROM follow_up
   WHERE clinic_id = $1 AND treatment_id = ANY ($2::uuid[])
     AND (status = 'completed' OR status = 'waived' AND status_reason <> $3)`);

const LOCK = sql(`
  SELECT ${FOLLOW_UP}, non_response_day AS "nonResponseDay" FROM follow_up WHERE clinic_id = $1 AND id = $2 FOR UPDATE`);

const PLAN = sql(`
  INSERT INTO follow_up (clinic_id, id, patient_id, treatment_id, practitioner_id, kind, area_ids, treated_on, non_response_day, rule_ids,
                         due_from, due_to, status, appointment_id, booked_for, created_at, updated_at)
  SELECT $1, n.id, $2, $3, (SELECT practitioner_id FROM treated_by WHERE clinic_id = $1 AND treatment_id = $3), n.kind, string_to_array(n.areas, ' '), $4, $5, string_to_array(n.rules, ' '),
         n.due_from, n.due_to, n.status, n.appointment_id, n.booked_for, $6, $6
    FROM unnest($7::uuid[], $8::text[], $9::text[], $10::text[], $11::date[], $12::date[], $13::text[], $14::uuid[], $15::date[])
      AS n (id, kind, areas, rules, due_from, due_to, status, appointment_id, booked_for)
  RETURNING id`);

const WAIVE = sql(`
  UPDATE follow_up SET status = 'waived', status_reason = $3, appointment_id = NULL, booked_for = NULL, version = version + 1, updated_at = $4
   WHERE clinic_id = $1 AND id = ANY ($2::uuid[])`);

const COMPLETE = sql(`
  UPDATE follow_up SET status = 'completed', status_reason = NULL, outcome = $3, completed_on = $4, completed_by = $5,
                       version = version + 1, updated_at = $6
   WHERE clinic_id = $1 AND id = $2`);

const MARK_MISSED = sql(`
  UPDATE follow_up SET status = 'missed', version = version + 1, updated_at = $3
   WHERE clinic_id = $1 AND (status = 'due' AND due_to < $2 OR status = 'booked' AND greatest(due_to, booked_for) < $2)
  RETURNING id, patient_id AS "patientId"`);

export type StoredFollowUp = FollowUpView & {
  readonly status: FollowUpStatus;
  readonly bookedFor: CalendarDate | null;
};

export interface TreatmentOfFollowUps {
  readonly patientId: string;
  readonly treatmentId: string;
  readonly treatedOn: CalendarDate;
}

export interface LockedFollowUp extends FollowUpView {
  readonly status: FollowUpStatus;
  readonly treatedOn: CalendarDate;
  readonly nonResponseDay: number;
}

/** A plan that may take over the booking of the one it replaces. */
export type NewFollowUp = PlannedFollowUp & {
  readonly appointmentId: string | null;
  readonly bookedFor: CalendarDate | null;
};

@Injectable()
export class FollowUpsRepository {
  list(
    tx: Tx,
    { status, kind, dueBy, patientId, limit }: FindFollowUps,
    after: readonly (string | number)[] | null,
  ): Promise<FollowUpView[]> {
    const [dueFrom, id] = after ?? ['0001-01-01', FIRST_ID];
    const filter = [status ?? null, kind ?? null, dueBy ?? null, patientId ?? null];
    return tx.rows<FollowUpView>(LIST, [tx.clinicId, dueFrom, id, ...filter, limit + 1]);
  }

  ofPatient(tx: Tx, patientId: string): Promise<FollowUpView[]> {
    return tx.rows<FollowUpView>(OF_PATIENT, [tx.clinicId, patientId]);
  }

  lockOfTreatment(tx: Tx, treatmentId: string): Promise<StoredFollowUp[]> {
    return tx.rows(OF_TREATMENT, [tx.clinicId, treatmentId]);
  }

  /** What was done, or waived for another reason than this, of these treatments. */
  async settledOf(tx: Tx, treatmentIds: readonly string[], unless: string): Promise<StoredFollowUp[]> {
    return treatmentIds.length === 0 ? [] : tx.rows(SETTLED, [tx.clinicId, treatmentIds, unless]);
  }

  lock(tx: Tx, id: string): Promise<LockedFollowUp | null> {
    return tx.maybe<LockedFollowUp>(LOCK, [tx.clinicId, id]);
  }

  /** @returns their ids */
  async plan(
    tx: Tx,
    treatment: TreatmentOfFollowUps,
    nonResponseDay: number,
    plans: readonly NewFollowUp[],
  ): Promise<string[]> {
    const { patientId, treatmentId, treatedOn } = treatment;
    const planned = await tx.rows<{ id: string }>(PLAN, [
      tx.clinicId,
      patientId,
      treatmentId,
      treatedOn,
      nonResponseDay,
      tx.now,
      plans.map(() => newId()),
      plans.map(({ kind }) => kind),
      // Ids of areas and rules hold no spaces.
      plans.map(({ areas }) => areas.join(' ')),
      plans.map(({ ruleIds }) => ruleIds.join(' ')),
      plans.map(({ dueFrom }) => dueFrom),
      plans.map(({ dueTo }) => dueTo),
      plans.map(({ appointmentId }) => (appointmentId === null ? 'due' : 'booked')),
      plans.map(({ appointmentId }) => appointmentId),
      plans.map(({ bookedFor }) => bookedFor),
    ]);
    return planned.map(({ id }) => id);
  }

  async waive(tx: Tx, ids: readonly string[], reason: string): Promise<void> {
    await tx.run(WAIVE, [tx.clinicId, ids, reason, tx.now]);
  }

  async complete(tx: Tx, id: string, outcome: OutcomeView, on: CalendarDate): Promise<void> {
    await tx.run(COMPLETE, [tx.clinicId, id, JSON.stringify(outcome), on, tx.actor.staffId, tx.now]);
  }

  /** Follow-ups nobody did by their last day or by the day they were booked for. */
  markMissed(tx: Tx, today: CalendarDate): Promise<{ id: string; patientId: string }[]> {
    return tx.rows(MARK_MISSED, [tx.clinicId, today, tx.now]);
  }
}
