import { TimelinePort } from '#patients';
import { Injectable } from '@nestjs/common';

const CONSULTATIONS = `
  SELECT 'consultation' AS kind, c.id, c.created_at AS at, c.held_on AS day, 'Consultation' AS title,
         coalesce(w.cause, c.status) AS status
    FROM consultation c
    LEFT JOIN consultation_withdrawal w ON w.clinic_id = c.clinic_id AND w.consultation_id = c.id
   WHERE c.clinic_id = $1 AND c.patient_id = ANY ($2::uuid[])`;

/** Tells a patient's timeline of consultations. */
@Injectable()
export class ConsultationsTimeline {
  constructor(timeline: TimelinePort) {
    timeline.offer({ permission: 'charts:read', select: CONSULTATIONS });
  }
}
