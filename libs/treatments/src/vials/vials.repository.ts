import { sql, type Tx } from '#database';
import { newId, type CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { LotStatus } from '../domain/lot.js';
import type { Reconstitution } from './domain/reconstitution.js';
import type { Claim, Vial, VialStatus } from './domain/vial.js';
import type { VialMovementView } from './http/vial.view.js';

/** A vial with its lot, its place and what drafts have charted from it. */
export interface VialRow extends Vial {
  readonly lotId: string;
  readonly lotNumber: string;
  readonly product: string;
  readonly expiresOn: CalendarDate;
  readonly lotStatus: LotStatus;
  readonly vialUnits: number;
  readonly locationId: string;
  readonly zone: string;
  readonly serial: string | null;
  readonly openedAt: Date | null;
  readonly openedBy: string | null;
  readonly diluent: string | null;
  readonly ml: number | null;
  readonly diluentLot: string | null;
  readonly dilutionReason: string | null;
  readonly claims: readonly Claim[];
}

export interface Opening {
  readonly useBy: Date;
  readonly singlePatient: boolean;
  /** What it is made up to; a liquid's own. */
  readonly ml: number | null;
  /** Null for what is ready to use. */
  readonly made: Reconstitution | null;
}

export interface NewMovement {
  readonly vialId: string;
  readonly kind: 'open' | 'draw' | 'waste' | 'discard' | 'correct';
  readonly drawn?: number;
  readonly wasted?: number;
  readonly patientId?: string | null;
  readonly treatmentId?: string | null;
  readonly correctsId?: string;
  readonly reason?: string | null;
  readonly witnessId?: string | null;
}

export interface Movement {
  readonly id: string;
  readonly kind: string;
  readonly drawn: number;
  readonly wasted: number;
  readonly patientId: string | null;
  readonly treatmentId: string | null;
  readonly isCorrected: boolean;
}

// A draft that amends draws only what its earlier version did not, when it is signed: it claims nothing.
export const VIAL = `
  SELECT v.id, v.lot_id AS "lotId", l.number AS "lotNumber", l.product_id AS product, l.expires_on AS "expiresOn",
         l.status AS "lotStatus", l.vial_units AS "vialUnits", v.location_id AS "locationId", p.zone, v.serial, v.status, v.content,
         v.drawn, v.wasted, v.opened_at AS "openedAt", v.opened_by AS "openedBy", v.diluent_kind AS diluent,
         v.volume_ml AS ml, v.diluent_lot AS "diluentLot", v.dilution_reason AS "dilutionReason", v.use_by AS "useBy",
         v.single_patient AS "singlePatient", v.patient_id AS "patientId",
         (SELECT coalesce(json_agg(c), '[]') FROM (
            SELECT t.patient_id AS "patientId", (sum(i.units) * 100)::int AS hundredths
              FROM injection i JOIN treatment t ON t.clinic_id = i.clinic_id AND t.id = i.treatment_id
             WHERE i.clinic_id = v.clinic_id AND i.vial_id = v.id AND t.status = 'draft' AND t.amends_id IS NULL
               AND t.id IS DISTINCT FROM $2
             GROUP BY t.patient_id) c) AS claims
    FROM vial v
    JOIN lot l ON l.clinic_id = v.clinic_id AND l.id = v.lot_id
    JOIN location p ON p.clinic_id = v.clinic_id AND p.id = v.location_id`;
const READ = sql(`${VIAL} WHERE v.clinic_id = $1 AND v.id = ANY ($3::uuid[]) ORDER BY v.id`);
const LOCK = sql(
  'SELECT id FROM vial WHERE clinic_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR NO KEY UPDATE',
);
const PICK = sql(`
  SELECT id FROM vial
   WHERE clinic_id = $1 AND lot_id = $2 AND location_id = $3 AND status = 'sealed' AND ($4::uuid IS NULL OR id = $4)
   ORDER BY serial, id LIMIT 1 FOR UPDATE SKIP LOCKED`);
const OPEN = sql(`
  UPDATE vial SET status = 'open', opened_at = $3, opened_by = $4, use_by = $5, single_patient = $6, diluent_kind = $7,
                  volume_ml = $8, diluent_lot = $9, dilution_reason = $10
   WHERE clinic_id = $1 AND id = $2`);
const SET_STATUS = sql('UPDATE vial SET status = $3 WHERE clinic_id = $1 AND id = $2');
const MOVE = sql(`
  INSERT INTO vial_movement (clinic_id, id, vial_id, kind, drawn, wasted, patient_id, treatment_id, corrects_id, reason, witness_id,
                             at, staff_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`);
const MOVEMENT = sql(`
  SELECT m.id, m.kind, m.drawn, m.wasted, m.patient_id AS "patientId", m.treatment_id AS "treatmentId",
         EXISTS (SELECT FROM vial_movement c WHERE c.clinic_id = m.clinic_id AND c.corrects_id = m.id) AS "isCorrected"
    FROM vial_movement m WHERE m.clinic_id = $1 AND m.vial_id = $2 AND m.id = $3`);
const MOVEMENTS = sql(`
  SELECT id, kind, drawn / 100.0 AS "drawnUnits", wasted / 100.0 AS "wastedUnits", patient_id AS "patientId",
         treatment_id AS "treatmentId", from_location_id AS "fromLocationId", to_location_id AS "toLocationId",
         corrects_id AS "correctsId", reason, witness_id AS "witnessId", at, staff_id AS by
    FROM vial_movement WHERE clinic_id = $1 AND vial_id = $2 AND id > $3 ORDER BY id LIMIT $4`);
// What a signed treatment names of each vial, less what the ledger shows drawn for it or for a version it replaces.
const STILL_TO_DRAW = sql(`
  WITH RECURSIVE version AS (
    SELECT id, amends_id FROM treatment WHERE clinic_id = $1 AND id = $2
    UNION ALL SELECT t.id, t.amends_id FROM treatment t JOIN version v ON t.clinic_id = $1 AND t.id = v.amends_id),
  given AS (
    SELECT vial_id, (sum(units) * 100)::int AS hundredths FROM injection
     WHERE clinic_id = $1 AND treatment_id = $2 AND vial_id IS NOT NULL GROUP BY vial_id),
  drawn AS (
    SELECT m.vial_id, sum(m.drawn)::int AS hundredths FROM vial_movement m JOIN version v ON v.id = m.treatment_id
     WHERE m.clinic_id = $1 GROUP BY m.vial_id)
  SELECT g.vial_id AS "vialId", g.hundredths - coalesce(d.hundredths, 0) AS hundredths
    FROM given g LEFT JOIN drawn d USING (vial_id) WHERE g.hundredths > coalesce(d.hundredths, 0) ORDER BY g.vial_id`);

@Injectable()
export class VialsRepository {
  /** With what drafts claim, the draft `except` left out; absent and foreign vials are missing. */
  find(tx: Tx, ids: readonly string[], except: string | null = null): Promise<VialRow[]> {
    return tx.rows<VialRow>(READ, [tx.clinicId, except, ids]);
  }

  /** The same, one after another for a vial until the transaction ends. */
  async lock(tx: Tx, ids: readonly string[], except: string | null = null): Promise<VialRow[]> {
    await tx.rows(LOCK, [tx.clinicId, ids]);
    return this.find(tx, ids, except);
  }

  /** A sealed vial nobody else is opening; null when there is none. */
  async pick(tx: Tx, lotId: string, locationId: string, vialId: string | null): Promise<string | null> {
    const found = await tx.maybe<{ id: string }>(PICK, [tx.clinicId, lotId, locationId, vialId]);
    return found?.id ?? null;
  }

  async open(tx: Tx, id: string, { useBy, singlePatient, ml, made }: Opening): Promise<void> {
    const opened = [tx.now, tx.actor.staffId, useBy, singlePatient];
    const dilution = [made?.diluent ?? null, ml, made?.diluentLot ?? null, made?.reason ?? null];
    await tx.run(OPEN, [tx.clinicId, id, ...opened, ...dilution]);
    await this.move(tx, { vialId: id, kind: 'open' });
  }

  async setStatus(tx: Tx, id: string, status: VialStatus): Promise<void> {
    await tx.run(SET_STATUS, [tx.clinicId, id, status]);
  }

  /** One entry in the ledger, which moves the balance. */
  async move(tx: Tx, movement: NewMovement): Promise<void> {
    const { vialId, kind, drawn = 0, wasted = 0, patientId, treatmentId, correctsId } = movement;
    await tx.run(MOVE, [
      tx.clinicId,
      newId(),
      vialId,
      kind,
      drawn,
      wasted,
      patientId ?? null,
      treatmentId ?? null,
      correctsId ?? null,
      movement.reason ?? null,
      movement.witnessId ?? null,
      tx.now,
      tx.actor.staffId,
    ]);
  }

  movement(tx: Tx, vialId: string, id: string): Promise<Movement | null> {
    return tx.maybe<Movement>(MOVEMENT, [tx.clinicId, vialId, id]);
  }

  /** Oldest first. */
  movements(tx: Tx, vialId: string, after: string, limit: number): Promise<VialMovementView[]> {
    return tx.rows<VialMovementView>(MOVEMENTS, [tx.clinicId, vialId, after, limit + 1]);
  }

  /** In the order of the vials' ids, so that two who sign never wait for each other. */
  stillToDraw(tx: Tx, treatmentId: string): Promise<{ vialId: string; hundredths: number }[]> {
    return tx.rows(STILL_TO_DRAW, [tx.clinicId, treatmentId]);
  }
}
