import { TimelinePort } from '#patients';
import { Injectable } from '@nestjs/common';

const CONSULTATIONS = `
  SELECT 'consultation' AS kind, id, created_at AS at, held_on AS day, 'Consultation' AS title, status
    FROM consultation WHERE clinic_id = $1 AND patient_id = ANY ($2::uuid[])`;

/** Tells a patient's timeline of consultations. */
@Injectable()
export class ConsultationsTimeline {
  constructor(timeline: TimelinePort) {
    timeline.offer({ permission: 'charts:read', select: CONSULTATIONS });
  }
}
