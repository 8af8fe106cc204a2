import type { TestDatabase } from '#database/testing';
import type { TestClinic } from '#identity/testing';
import { newId } from '#kernel';

interface Booked {
  readonly bookedAt: string;
  readonly kind?: 'treatment' | 'review';
  readonly areas?: readonly string[];
  /** What happened after, in order. */
  readonly later?: readonly {
    readonly verb: string;
    readonly status: string;
    readonly at: string;
    readonly movedFrom?: string;
  }[];
  readonly lateCancel?: boolean;
}

/** Visits, reviews and windows as the contexts below would have written them. */
export function diaryOf(
  { admin }: { readonly admin: Pick<TestDatabase['admin'], 'query'> },
  { clinicId, actor }: TestClinic,
  locationId: string,
) {
  const types = new Map<string, string>();
  const by = actor.prescriber.staffId;
  const typeOf = async (kind: string): Promise<string> => {
    const known = types.get(kind);
    if (known !== undefined) return known;
    const id = newId();
    await admin.query(
      `INSERT INTO appointment_type (clinic_id, id, name, kind, duration_minutes, buffer_after_minutes)
       VALUES ($1, $2, $3, $3, 30, 10)`,
      [clinicId, id, kind],
    );
    types.set(kind, id);
    return id;
  };
  return {
    /** A visit of 30 minutes and 10 of buffer. */
    async visit(patientId: string, startsAt: string, booked: Booked): Promise<string> {
      const { bookedAt, kind = 'treatment', areas = [], later = [], lateCancel = null } = booked;
      const id = newId();
      const status = later.at(-1)?.status ?? 'booked';
      await admin.query(
        `INSERT INTO appointment (clinic_id, id, patient_id, practitioner_id, location_id, type_id, starts_at, ends_at, busy_from,
           busy_to, status, area_ids, late_cancel, booked_by, created_at)
         SELECT $1, $2, $3, $4, $5, $6, s, s + interval '30 minutes', s, s + interval '40 minutes', $8, $9, $10, $4, $11
           FROM (SELECT $7::timestamptz AS s) x`,
        [
          clinicId,
          id,
          patientId,
          by,
          locationId,
          await typeOf(kind),
          startsAt,
          status,
          areas,
          lateCancel,
          bookedAt,
        ],
      );
      const changes = [{ verb: 'book', status: 'booked', at: bookedAt }, ...later];
      for (const [version, change] of changes.entries()) {
        const detail = 'movedFrom' in change ? { from: { startsAt: change.movedFrom } } : null;
        await admin.query(
          `INSERT INTO appointment_change (clinic_id, appointment_id, version, verb, status, at, staff_id, detail)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
          [clinicId, id, version + 1, change.verb, change.status, change.at, by, detail],
        );
      }
      return id;
    },

    async review(
      patientId: string,
      treatmentId: string,
      dueTo: string,
      completedOn: string | null,
    ): Promise<void> {
      await admin.query(
        `INSERT INTO follow_up (clinic_id, id, patient_id, treatment_id, practitioner_id, kind, treated_on, non_response_day, area_ids, due_from, due_to,
           status, outcome, completed_on, completed_by, created_at, updated_at)
         SELECT $1, $2, $3, $4, t.practitioner_id, 'review', t.treated_on, 30, '{glabella}', t.treated_on + 14, $5::date,
                CASE WHEN $6::date IS NULL THEN 'missed' ELSE 'completed' END,
                CASE WHEN $6::date IS NULL THEN NULL ELSE '{}'::jsonb END, $6,
                CASE WHEN $6::date IS NULL THEN NULL ELSE $7::uuid END, t.treated_on, t.treated_on
           FROM treatment t WHERE t.clinic_id = $1 AND t.id = $4`,
        [clinicId, newId(), patientId, treatmentId, dueTo, completedOn, by],
      );
    },

    /** Somebody tried to reach the patient, or was called. */
    async contact(
      patientId: string,
      at: string,
      { outcome = 'later', areas = [] }: { outcome?: 'later' | 'no-answer'; areas?: readonly string[] } = {},
    ): Promise<void> {
      await admin.query(
        `INSERT INTO contact_attempt (clinic_id, id, patient_id, initiated_by, channel, outcome, until, area_ids, on_day, at, staff_id)
         SELECT $1, $2, $3, 'clinic', 'phone', $4, CASE $4 WHEN 'later' THEN d::date + 30 END, $5, d::date, d, $7
           FROM (SELECT $6::timestamptz AS d) x`,
        [clinicId, newId(), patientId, outcome, areas, at, by],
      );
    },

    /** Sealed vials of a lot; the id of the lot. */
    async stock(product: string, expiresOn: string, vials: number, unitsEach: number): Promise<string> {
      const lotId = newId();
      await admin.query(
        `INSERT INTO product (id, inn, unit_label) VALUES ($1, $1, 'U') ON CONFLICT DO NOTHING`,
        [product],
      );
      await admin.query(
        `INSERT INTO lot (clinic_id, id, product_id, number, expires_on, vial_units, received_on, received_by)
         VALUES ($1, $2, $3, $4, $5, $6, '2025-01-01', $7)`,
        [clinicId, lotId, product, `${product} ${expiresOn}`, expiresOn, unitsEach, by],
      );
      await admin.query(
        `INSERT INTO vial (clinic_id, id, lot_id, location_id, content)
         SELECT $1, gen_random_uuid(), $2, $3, $4 * 100 FROM generate_series(1, $5)`,
        [clinicId, lotId, locationId, unitsEach, vials],
      );
      return lotId;
    },

    /** Opens one vial of a lot and draws units for a patient. */
    async draw(lotId: string, patientId: string, units: number, at: string): Promise<void> {
      const { rows } = await admin.query<{ id: string }>(
        `UPDATE vial SET status = 'open', opened_at = $3, opened_by = $4, use_by = $3::timestamptz + interval '1 day'
          WHERE id = (SELECT id FROM vial WHERE clinic_id = $1 AND lot_id = $2 AND status = 'sealed' ORDER BY id LIMIT 1) RETURNING id`,
        [clinicId, lotId, at, by],
      );
      // The balance is kept by a trigger that sees one clinic only.
      await admin.query(
        `WITH entered AS MATERIALIZED (SELECT set_config('app.clinic_id', $1::uuid::text, true))
         INSERT INTO vial_movement (clinic_id, id, vial_id, kind, drawn, patient_id, at, staff_id)
         SELECT $1::uuid, $2, $3, 'draw', $4, $5, $6, $7 FROM entered`,
        [clinicId, newId(), rows[0]?.id, units * 100, patientId, at, by],
      );
    },

    /** A window recommended from week 12 to 16 of a treatment of the frown lines, lapsed after week 26. */
    async window(patientId: string, treatmentId: string, status = 'superseded'): Promise<void> {
      await admin.query(
        `INSERT INTO repeat_visit_window (clinic_id, id, patient_id, area_id, treatment_id, location_id, product_id, status, earliest,
           recommended_from, target, recommended_to, lapsed_after, protocol_version, input_hash, input, outcome, issued_at,
           ended_at, ended_by)
         SELECT $1, $2, $3, 'glabella', t.id, t.location_id, 'ona', $5, d + 84, d + 84, d + 98, d + 112, d + 182, 'test', 'test',
                '{}', '{}', t.signed_at, CASE WHEN $5 = 'open' THEN NULL ELSE now() END, CASE WHEN $5 = 'open' THEN NULL ELSE 'recomputed' END
           FROM (SELECT *, treated_on AS d FROM treatment WHERE clinic_id = $1 AND id = $4) t`,
        [clinicId, newId(), patientId, treatmentId, status],
      );
    },

    /** Monday to Friday, 9 to 17, open and worked. */
    async workingWeek(): Promise<void> {
      for (let weekday = 1; weekday <= 5; weekday += 1) {
        await admin.query(
          `INSERT INTO opening_hours (clinic_id, id, location_id, weekday, opens, closes, valid_from) VALUES ($1, $2, $3, $4, '09:00', '17:00', '2020-01-01')`,
          [clinicId, newId(), locationId, weekday],
        );
        await admin.query(
          `INSERT INTO working_hours (clinic_id, id, practitioner_id, location_id, weekday, starts, ends, valid_from)
           VALUES ($1, $2, $3, $4, $5, '09:00', '17:00', '2020-01-01')`,
          [clinicId, newId(), by, locationId, weekday],
        );
      }
    },
  };
}
