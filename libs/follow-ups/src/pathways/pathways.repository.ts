import { sql, type Tx } from '#database';
import { newId, type CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { PathwayConclusion, PathwayFinding, PathwayStatus, PathwayStep } from './domain/pathway.js';
import type { ConcludePathway, RecordStep } from './http/pathway.dto.js';

/** One step as found; an earlier finding of the same step stays in the table. */
export interface FoundStep {
  readonly step: PathwayStep;
  readonly finding: PathwayFinding;
  readonly note: string | null;
  readonly decidedBy: string;
  readonly decidedAt: Date;
}

export interface PathwayRow {
  readonly id: string;
  readonly patientId: string;
  readonly area: string;
  readonly followUpId: string;
  readonly treatmentId: string;
  readonly treatedOn: CalendarDate;
  readonly foundOn: CalendarDate;
  readonly status: PathwayStatus;
  readonly conclusion: PathwayConclusion | 'withdrawn' | null;
  readonly note: string | null;
  readonly closedBy: string | null;
  readonly closedAt: Date | null;
  readonly version: number;
  /** The newest finding of each step, in the order they were made. */
  readonly steps: readonly FoundStep[];
}

/** What a review found nothing in. */
export interface WithoutResponse {
  readonly patientId: string;
  readonly followUpId: string;
  readonly treatmentId: string;
  readonly treatedOn: CalendarDate;
  readonly foundOn: CalendarDate;
  readonly areas: readonly string[];
}

/** Every column of a pathway with the newest finding of each step. */
export const PATHWAY = `p.id, p.patient_id AS "patientId", p.area_id AS area, p.follow_up_id AS "followUpId",
  p.treatment_id AS "treatmentId", p.treated_on AS "treatedOn", p.found_on AS "foundOn", p.status, p.conclusion, p.note,
  p.closed_by AS "closedBy", p.closed_at AS "closedAt", p.version,
  (SELECT coalesce(json_agg(json_build_object('step', n.step, 'finding', n.finding, 'note', n.note, 'decidedBy', n.decided_by,
                                              'decidedAt', n.decided_at) ORDER BY n.version), '[]')
     FROM (SELECT DISTINCT ON (s.step) s.* FROM non_response_step s
            WHERE s.clinic_id = p.clinic_id AND s.pathway_id = p.id ORDER BY s.step, s.version DESC) n) AS steps`;

const OPEN = sql(`
  INSERT INTO non_response_pathway (clinic_id, id, patient_id, area_id, follow_up_id, treatment_id, practitioner_id, treated_on,
                                    found_on, opened_at)
  SELECT $1, n.id, $2, n.area, $3, $4,
         (SELECT practitioner_id FROM treated_by WHERE clinic_id = $1 AND treatment_id = $4), $5, $6, $7
    FROM unnest($8::uuid[], $9::text[]) AS n (id, area)
      ON CONFLICT (clinic_id, treatment_id, area_id) DO NOTHING`);

const READ = sql(`SELECT ${PATHWAY} FROM non_response_pathway p WHERE p.clinic_id = $1 AND p.id = $2`);
const LOCK = sql('SELECT id FROM non_response_pathway WHERE clinic_id = $1 AND id = $2 FOR UPDATE');
const OF_PATIENT = sql(`
  SELECT ${PATHWAY} FROM non_response_pathway p WHERE p.clinic_id = $1 AND p.patient_id = ANY ($2::uuid[])
   ORDER BY p.found_on DESC, p.area_id, p.id LIMIT 200`);

const FIND = sql(`
  WITH raised AS (
    UPDATE non_response_pathway SET version = version + 1 WHERE clinic_id = $1 AND id = $2 RETURNING version)
  INSERT INTO non_response_step (clinic_id, pathway_id, version, step, finding, note, decided_by, decided_at)
  SELECT $1, $2, version, $3, $4, $5, $6, $7 FROM raised`);

const CLOSE = sql(`
  UPDATE non_response_pathway SET status = 'closed', conclusion = $3, note = $4, closed_by = $5, closed_at = $6, version = version + 1
   WHERE clinic_id = $1 AND id = $2`);

const WITHDRAW = sql(`
  UPDATE non_response_pathway SET status = 'closed', conclusion = 'withdrawn', closed_by = $3, closed_at = $4, version = version + 1
   WHERE clinic_id = $1 AND treatment_id = $2 AND status = 'open'`);

const FOLLOW = sql(`
  UPDATE non_response_pathway SET treatment_id = $3, version = version + 1
   WHERE clinic_id = $1 AND treatment_id = $2 AND area_id = ANY ($4::text[])`);

@Injectable()
export class PathwaysRepository {
  /** One for each area; those of the treatment that are there already stay as they are. */
  async open(
    tx: Tx,
    { patientId, followUpId, treatmentId, treatedOn, foundOn, areas }: WithoutResponse,
  ): Promise<void> {
    if (areas.length === 0) return;
    const ids = areas.map(() => newId());
    const values = [patientId, followUpId, treatmentId, treatedOn, foundOn, tx.now, ids, areas];
    await tx.run(OPEN, [tx.clinicId, ...values]);
  }

  read(tx: Tx, id: string): Promise<PathwayRow | null> {
    return tx.maybe<PathwayRow>(READ, [tx.clinicId, id]);
  }

  /** As `read`, after whoever changes it now is done. */
  async lock(tx: Tx, id: string): Promise<PathwayRow | null> {
    return (await tx.run(LOCK, [tx.clinicId, id])) === 0 ? null : this.read(tx, id);
  }

  ofPatients(tx: Tx, patientIds: readonly string[]): Promise<PathwayRow[]> {
    return tx.rows<PathwayRow>(OF_PATIENT, [tx.clinicId, patientIds]);
  }

  async find(tx: Tx, id: string, { step, finding, note }: RecordStep): Promise<void> {
    await tx.run(FIND, [tx.clinicId, id, step, finding, note ?? null, tx.actor.staffId, tx.now]);
  }

  async close(tx: Tx, id: string, { conclusion, note }: ConcludePathway): Promise<void> {
    await tx.run(CLOSE, [tx.clinicId, id, conclusion, note, tx.actor.staffId, tx.now]);
  }

  /** An amended treatment is the same treatment: what was found in its areas goes on under its new version. */
  async follow(tx: Tx, treatmentId: string, replacedBy: string, areas: readonly string[]): Promise<void> {
    await tx.run(FOLLOW, [tx.clinicId, treatmentId, replacedBy, areas]);
  }

  /** Of a treatment that was a mistake: there is nothing to look into. */
  async withdraw(tx: Tx, treatmentId: string): Promise<void> {
    await tx.run(WITHDRAW, [tx.clinicId, treatmentId, tx.actor.staffId, tx.now]);
  }
}
