import { sql, type Tx } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { TaskDue } from '../adverse-events/domain/reporting.js';
import type { ClinicalTaskView } from './http/clinical-task.dto.js';

const COLUMNS = `k.id, k.kind, k.adverse_event_id AS "adverseEventId", k.patient_id AS "patientId",
  concat_ws(' ', coalesce(p.preferred_name, p.given_name), p.family_name) AS "patientName", coalesce(e.term, e.other_term) AS term,
  k.regulator, k.why, k.due_on AS "dueOn", k.assigned_to AS "assignedTo", k.status, k.reference, k.note,
  k.ended_at AS "endedAt", k.ended_by AS "endedBy", k.version`;
const FROM = `FROM clinical_task k
  JOIN adverse_event e ON e.clinic_id = k.clinic_id AND e.id = k.adverse_event_id
  JOIN patient p ON p.clinic_id = k.clinic_id AND p.id = k.patient_id`;
const READ = sql(`SELECT ${COLUMNS} ${FROM} WHERE k.clinic_id = $1 AND k.id = $2`);
const LOCK = sql(
  'SELECT status, kind, version FROM clinical_task WHERE clinic_id = $1 AND id = $2 FOR UPDATE',
);
const LIST = sql(`
  SELECT ${COLUMNS} ${FROM}
   WHERE k.clinic_id = $1 AND k.status = $2 AND ($3::uuid IS NULL OR k.assigned_to = $3) AND ($4::text IS NULL OR k.kind = $4)
     AND ($5::date IS NULL OR k.due_on <= $5) AND (k.due_on, k.id) > ($6, $7)
   ORDER BY k.due_on, k.id LIMIT $8`);
const ADD = sql(`
  INSERT INTO clinical_task (clinic_id, id, kind, adverse_event_id, patient_id, regulator, why, due_on, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (clinic_id, adverse_event_id, kind) WHERE status <> 'cancelled'
  DO UPDATE SET why = EXCLUDED.why, due_on = least(clinical_task.due_on, EXCLUDED.due_on), version = clinical_task.version + 1
   WHERE clinical_task.status = 'open' AND (clinical_task.why, clinical_task.due_on) IS DISTINCT FROM (EXCLUDED.why, EXCLUDED.due_on)`);
const CANCEL = sql(`
  UPDATE clinical_task SET status = 'cancelled', ended_at = $4, ended_by = $5, version = version + 1
   WHERE clinic_id = $1 AND adverse_event_id = $2 AND status = 'open' AND kind <> ALL ($3::text[])`);
const ASSIGN = sql(
  'UPDATE clinical_task SET assigned_to = $3, version = version + 1 WHERE clinic_id = $1 AND id = $2',
);
const COMPLETE = sql(`
  UPDATE clinical_task SET status = 'done', reference = $3, note = $4, ended_at = $5, ended_by = $6, version = version + 1
   WHERE clinic_id = $1 AND id = $2`);

@Injectable()
export class ClinicalTasksRepository {
  /** Opens what is due and not there yet, brings what is open up to date, cancels open ones that are due no more. */
  async keep(
    tx: Tx,
    { id, patientId }: { readonly id: string; readonly patientId: string },
    due: readonly TaskDue[],
  ): Promise<void> {
    const kinds = due.map(({ kind }) => kind);
    await tx.run(CANCEL, [tx.clinicId, id, kinds, tx.now, tx.actor.staffId]);
    for (const { kind, regulator, why, dueOn } of due)
      await tx.run(ADD, [tx.clinicId, newId(), kind, id, patientId, regulator, why, dueOn, tx.now]);
  }

  read(tx: Tx, id: string): Promise<ClinicalTaskView | null> {
    return tx.maybe<ClinicalTaskView>(READ, [tx.clinicId, id]);
  }

  lock(tx: Tx, id: string): Promise<Pick<ClinicalTaskView, 'status' | 'kind' | 'version'> | null> {
    return tx.maybe(LOCK, [tx.clinicId, id]);
  }

  /** First due first. */
  list(
    tx: Tx,
    wanted: {
      readonly status: string;
      readonly assignedTo?: string | undefined;
      readonly kind?: string | undefined;
      readonly dueBy?: string | undefined;
    },
    after: readonly (string | number)[] | null,
    limit: number,
  ): Promise<ClinicalTaskView[]> {
    const key = after ?? ['0001-01-01', '00000000-0000-0000-0000-000000000000'];
    const { status, assignedTo = null, kind = null, dueBy = null } = wanted;
    return tx.rows<ClinicalTaskView>(LIST, [tx.clinicId, status, assignedTo, kind, dueBy, ...key, limit + 1]);
  }

  async assign(tx: Tx, id: string, staffId: string | null): Promise<void> {
    await tx.run(ASSIGN, [tx.clinicId, id, staffId]);
  }

  async complete(tx: Tx, id: string, reference: string | null, note: string | null): Promise<void> {
    await tx.run(COMPLETE, [tx.clinicId, id, reference, note, tx.now, tx.actor.staffId]);
  }
}
