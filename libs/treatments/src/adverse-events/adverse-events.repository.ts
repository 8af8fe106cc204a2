import { isoText, sql, type Tx } from '#database';
import { newId, type CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type {
  AdverseEventNote,
  AdverseEventStatus,
  Outcome,
  Seriousness,
  Severity,
} from './domain/adverse-event.js';
import type { AdverseEventSummary, AdverseEventView } from './http/adverse-event.view.js';

export type AdverseEventRow = Omit<AdverseEventView, 'onsetOn' | 'treatedOn' | 'resolvedOn'> & {
  readonly onsetOn: CalendarDate;
  readonly treatedOn: CalendarDate;
  readonly resolvedOn: CalendarDate | null;
  /** Of the location it was treated at. */
  readonly zone: string;
};

/** The treatment an event is linked to. */
export interface TreatedPatient {
  readonly patientId: string;
  readonly treatedOn: CalendarDate;
  readonly isDraft: boolean;
  readonly zone: string;
  readonly points: readonly { readonly id: string; readonly area: string; readonly product: string }[];
}

/** What an event says of itself, as kept. */
export interface AdverseEventContent {
  readonly term: string | null;
  readonly otherTerm: string | null;
  readonly catalogueVersion: string;
  readonly onsetOn: CalendarDate;
  readonly severity: Severity;
  readonly seriousness: readonly Seriousness[];
  readonly serious: boolean;
  readonly outcome: Outcome;
  readonly resolvedOn: CalendarDate | null;
  readonly description: string | null;
  readonly notes: readonly AdverseEventNote[];
  readonly status: AdverseEventStatus;
}

const TREATED = sql(`
  SELECT t.patient_id AS "patientId", t.treated_on AS "treatedOn", t.status = 'draft' AS "isDraft", l.zone,
         (SELECT coalesce(json_agg(json_build_object('id', i.id, 'area', i.area_id, 'product', i.product_id) ORDER BY i.id), '[]')
            FROM injection i WHERE i.clinic_id = t.clinic_id AND i.treatment_id = t.id) AS points
    FROM treatment t JOIN location l ON l.clinic_id = t.clinic_id AND l.id = t.location_id
   WHERE t.clinic_id = $1 AND t.id = $2`);
const SUMMARY = `e.id, e.patient_id AS "patientId", e.treatment_id AS "treatmentId", e.term, e.other_term AS "otherTerm",
  e.onset_on AS "onsetOn", e.severity, e.serious, e.outcome, e.resolved_on AS "resolvedOn", e.status, e.version`;
const READ = sql(`
  SELECT ${SUMMARY}, e.catalogue_version AS "catalogueVersion", e.seriousness, e.description, e.notes,
         e.recorded_at AS "recordedAt", e.recorded_by AS "recordedBy", t.treated_on AS "treatedOn", l.zone,
         (SELECT coalesce(json_agg(json_build_object('id', i.id, 'area', i.area_id, 'product', i.product_id, 'lotId', i.lot_id,
                   'lotNumber', o.number, 'vialId', i.vial_id) ORDER BY i.id), '[]')
            FROM adverse_event_injection s
            JOIN injection i ON i.clinic_id = s.clinic_id AND i.id = s.injection_id
            JOIN lot o ON o.clinic_id = i.clinic_id AND o.id = i.lot_id
           WHERE s.clinic_id = e.clinic_id AND s.adverse_event_id = e.id) AS injections,
         (SELECT coalesce(json_agg(json_build_object('id', k.id, 'kind', k.kind, 'regulator', k.regulator, 'dueOn', k.due_on,
                   'status', k.status, 'reference', k.reference) ORDER BY k.due_on, k.id), '[]')
            FROM clinical_task k WHERE k.clinic_id = e.clinic_id AND k.adverse_event_id = e.id) AS tasks,
         (SELECT json_agg(json_build_object('version', c.version, 'verb', c.verb, 'by', c.staff_id, 'reason', c.reason,
                   'at', ${isoText('c.at')}) ORDER BY c.version)
            FROM adverse_event_change c WHERE c.clinic_id = e.clinic_id AND c.adverse_event_id = e.id) AS versions
    FROM adverse_event e
    JOIN treatment t ON t.clinic_id = e.clinic_id AND t.id = e.treatment_id
    JOIN location l ON l.clinic_id = t.clinic_id AND l.id = t.location_id
   WHERE e.clinic_id = $1 AND e.id = $2`);
const LOCK = sql('SELECT version FROM adverse_event WHERE clinic_id = $1 AND id = $2 FOR UPDATE');
const list = (whose: string): string => `
  SELECT ${SUMMARY} FROM adverse_event e
   WHERE e.clinic_id = $1 AND ${whose} AND ($3::text IS NULL OR e.status = $3) AND e.id < $4
   ORDER BY e.id DESC LIMIT $5`;
const LIST = sql(list('$2::uuid IS NULL'));
const LIST_OF_PATIENT = sql(list('e.patient_id = ANY ((SELECT person_records($2))::uuid[])'));
const ADD = sql(`
  INSERT INTO adverse_event (clinic_id, id, patient_id, treatment_id, term, other_term, catalogue_version, onset_on, severity,
                             seriousness, serious, outcome, resolved_on, description, notes, status, recorded_at, recorded_by,
                             updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $17)`);
const SUSPECT = sql(`
  INSERT INTO adverse_event_injection (clinic_id, adverse_event_id, injection_id) SELECT $1, $2, unnest($3::uuid[])`);
const CHANGE = sql(`
  UPDATE adverse_event SET term = $3, other_term = $4, catalogue_version = $5, onset_on = $6, severity = $7, seriousness = $8,
         serious = $9, outcome = $10, resolved_on = $11, description = $12, notes = $13, status = $14, updated_at = $15,
         version = version + 1
   WHERE clinic_id = $1 AND id = $2`);
const REMEMBER = sql(`
  INSERT INTO adverse_event_change (clinic_id, adverse_event_id, version, verb, content, reason, at, staff_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`);

@Injectable()
export class AdverseEventsRepository {
  treated(tx: Tx, treatmentId: string): Promise<TreatedPatient | null> {
    return tx.maybe<TreatedPatient>(TREATED, [tx.clinicId, treatmentId]);
  }

  read(tx: Tx, id: string): Promise<AdverseEventRow | null> {
    return tx.maybe<AdverseEventRow>(READ, [tx.clinicId, id]);
  }

  /** Reads it and keeps others from changing it until the transaction ends; null when there is none. */
  async lock(tx: Tx, id: string): Promise<AdverseEventRow | null> {
    return (await tx.maybe(LOCK, [tx.clinicId, id])) ? this.read(tx, id) : null;
  }

  /** Newest first. */
  list(
    tx: Tx,
    { patientId, status }: { readonly patientId?: string | undefined; readonly status?: string | undefined },
    before: string,
    limit: number,
  ): Promise<AdverseEventSummary[]> {
    const values = [tx.clinicId, patientId ?? null, status ?? null, before, limit + 1];
    return tx.rows<AdverseEventSummary>(patientId === undefined ? LIST : LIST_OF_PATIENT, values);
  }

  async add(
    tx: Tx,
    of: { readonly patientId: string; readonly treatmentId: string },
    content: AdverseEventContent,
    injectionIds: readonly string[],
  ): Promise<string> {
    const id = newId();
    const whose = [tx.clinicId, id, of.patientId, of.treatmentId];
    await tx.run(ADD, [...whose, ...valuesOf(content), tx.now, tx.actor.staffId]);
    await tx.run(SUSPECT, [tx.clinicId, id, injectionIds]);
    await this.#remember(tx, id, 1, 'record', content, null);
    return id;
  }

  async change(
    tx: Tx,
    { id, version }: Pick<AdverseEventRow, 'id' | 'version'>,
    verb: string,
    content: AdverseEventContent,
    reason: string | null,
  ): Promise<void> {
    await tx.run(CHANGE, [tx.clinicId, id, ...valuesOf(content), tx.now]);
    await this.#remember(tx, id, version + 1, verb, content, reason);
  }

  async #remember(
    tx: Tx,
    id: string,
    version: number,
    verb: string,
    content: AdverseEventContent,
    reason: string | null,
  ): Promise<void> {
    const what = [tx.clinicId, id, version, verb, JSON.stringify(content), reason];
    await tx.run(REMEMBER, [...what, tx.now, tx.actor.staffId]);
  }
}

const valuesOf = (content: AdverseEventContent): unknown[] => [
  content.term,
  content.otherTerm,
  content.catalogueVersion,
  content.onsetOn,
  content.severity,
  content.seriousness,
  content.serious,
  content.outcome,
  content.resolvedOn,
  content.description,
  JSON.stringify(content.notes),
  content.status,
];
