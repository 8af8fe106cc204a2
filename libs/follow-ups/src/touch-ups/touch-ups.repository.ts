import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { TouchUpView } from './http/touch-up.dto.js';

export interface ApprovedTouchUp {
  readonly followUpId: string;
  readonly patientId: string;
  readonly treatmentId: string;
  readonly areas: readonly string[];
  readonly plannedOn: CalendarDate;
  readonly ruleId: string;
  readonly note: string | null;
  readonly approvedBy: string;
}

// The patient as the record in use: nobody is treated under one that was merged.
const READ = sql(`
  SELECT a.follow_up_id AS "followUpId", coalesce(p.merged_into_id, p.id) AS "patientId", a.treatment_id AS "treatmentId",
         a.area_ids AS areas, a.planned_on AS "plannedOn", a.rule_id AS "ruleId", a.note, a.approved_by AS "approvedBy",
         a.approved_at AS "approvedAt", a.draft_id AS "draftId", a.version
    FROM touch_up_approval a JOIN patient p ON p.clinic_id = a.clinic_id AND p.id = a.patient_id
   WHERE a.clinic_id = $1 AND a.follow_up_id = $2`);

// Two prescribers who approve at once: the first has decided.
const APPROVE = sql(`
  INSERT INTO touch_up_approval (clinic_id, follow_up_id, patient_id, treatment_id, area_ids, planned_on, rule_id, note,
                                 approved_by, approved_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (clinic_id, follow_up_id) DO NOTHING`);

const BEGIN = sql(`
  UPDATE touch_up_approval SET draft_id = $3, version = version + 1 WHERE clinic_id = $1 AND follow_up_id = $2`);

const AREAS = sql(`
  SELECT DISTINCT unnest(area_ids) AS area FROM touch_up_approval WHERE clinic_id = $1 AND draft_id = ANY ($2::uuid[])`);

@Injectable()
export class TouchUpsRepository {
  read(tx: Tx, followUpId: string): Promise<TouchUpView | null> {
    return tx.maybe<TouchUpView>(READ, [tx.clinicId, followUpId]);
  }

  /** Whether it is this one that stands: an earlier approval stays. */
  async approve(tx: Tx, approved: ApprovedTouchUp): Promise<boolean> {
    const { followUpId, patientId, treatmentId, areas, plannedOn, ruleId, note, approvedBy } = approved;
    const values = [followUpId, patientId, treatmentId, areas, plannedOn, ruleId, note, approvedBy, tx.now];
    return (await tx.run(APPROVE, [tx.clinicId, ...values])) > 0;
  }

  /** In place of the draft it led to before, if any; the follow-up is locked. */
  async begin(tx: Tx, followUpId: string, draftId: string): Promise<void> {
    await tx.run(BEGIN, [tx.clinicId, followUpId, draftId]);
  }

  /** Areas approved for drafts among these. */
  async areasOf(tx: Tx, treatmentIds: readonly string[]): Promise<string[]> {
    const rows = await tx.rows<{ area: string }>(AREAS, [tx.clinicId, treatmentIds]);
    return rows.map(({ area }) => area);
  }
}
