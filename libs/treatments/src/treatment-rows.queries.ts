import { isoText } from '#database';
import type { CalendarDate } from '#kernel';

import type { DoseFindingView, InjectionView, TreatmentView, WithdrawalView } from './http/treatment.view.js';

/** A treatment with its points, as it is kept. */
export type TreatmentRow = Pick<
  TreatmentView,
  | 'id'
  | 'patientId'
  | 'practitionerId'
  | 'locationId'
  | 'appointmentId'
  | 'clearanceId'
  | 'kind'
  | 'completesId'
  | 'status'
  | 'version'
  | 'amendsId'
  | 'amendReason'
  | 'note'
  | 'record'
  | 'catalogueVersion'
> & {
  readonly treatedOn: CalendarDate;
  readonly doseFindings: DoseFindingView[];
  readonly injections: InjectionView[];
  readonly begunAt: Date;
  readonly signedAt: Date | null;
  readonly signedBy: string | null;
  readonly signedName: string | null;
  readonly signedMeaning: string | null;
  readonly contentHash: string | null;
  readonly withdrawal: WithdrawalView | null;
};

/** What became of a treatment: a withdrawal says more than the row. */
export const STATUS = 'coalesce(w.cause, t.status)';

export const WITHDRAWN =
  'LEFT JOIN treatment_withdrawal w ON w.clinic_id = t.clinic_id AND w.treatment_id = t.id';

/** Reads it; the table is `t`. */
export const TREATMENT_ROWS = `
  SELECT t.id, t.patient_id AS "patientId", t.practitioner_id AS "practitionerId", t.location_id AS "locationId",
         t.appointment_id AS "appointmentId", t.clearance_id AS "clearanceId", t.treated_on AS "treatedOn", t.kind,
         t.completes_id AS "completesId", ${STATUS} AS status, t.version, t.amends_id AS "amendsId",
         t.amend_reason AS "amendReason", t.note,
         json_build_object('identityChecked', t.identity_checked, 'historyConfirmed', t.history_confirmed, 'supervisorId', t.supervisor_id,
           'anaesthesia', t.anaesthesia, 'immediateReaction', t.immediate_reaction, 'aftercareVersion', t.aftercare_version,
           'reviewChoice', t.review_choice, 'photosBefore', t.photos_before, 'windowShown', t.window_shown,
           'gpLetter', t.gp_letter) AS record, t.catalogue_version AS "catalogueVersion", t.dose_findings AS "doseFindings", t.created_at AS "begunAt", t.signed_at AS "signedAt",
         t.signed_by AS "signedBy", t.signed_name AS "signedName", t.signed_meaning AS "signedMeaning",
         t.content_hash AS "contentHash",
         CASE WHEN w.cause IS NULL THEN NULL ELSE json_build_object('cause', w.cause, 'reason', w.reason, 'by', w.staff_id,
           'at', ${isoText('w.at')}, 'replacedById', w.replaced_by_id) END AS withdrawal,
         (SELECT coalesce(json_agg(json_build_object('id', i.id, 'area', i.area_id, 'muscle', i.muscle, 'side', i.side, 'x', i.x,
                   'y', i.y, 'depth', i.depth, 'needle', i.needle, 'product', i.product_id, 'lotId', i.lot_id, 'lotNumber', l.number,
                   'vialId', i.vial_id,
                   'units', i.units, 'volumeMl', i.volume_ml) ORDER BY i.id), '[]')
            FROM injection i JOIN lot l ON l.clinic_id = i.clinic_id AND l.id = i.lot_id
           WHERE i.clinic_id = t.clinic_id AND i.treatment_id = t.id) AS injections
    FROM treatment t ${WITHDRAWN}`;
