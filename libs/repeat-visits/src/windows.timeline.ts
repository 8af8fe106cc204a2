import { TimelinePort } from '#patients';
import { Injectable } from '@nestjs/common';

const WINDOWS = `
  SELECT 'repeat-visit-window' AS kind, w.id, w.issued_at AS at, (w.issued_at AT TIME ZONE l.zone)::date AS day,
         concat_ws(' ', 'Repeat visit', w.area_id, 'from ' || w.recommended_from, 'to ' || w.recommended_to) AS title, w.status
    FROM repeat_visit_window w
    JOIN location l ON l.clinic_id = w.clinic_id AND l.id = w.location_id
   WHERE w.clinic_id = $1 AND w.patient_id = ANY ($2::uuid[])`;

/** Tells a patient's timeline when they were asked to come back, and for what. */
@Injectable()
export class WindowsTimeline {
  constructor(timeline: TimelinePort) {
    timeline.offer({ permission: 'repeat-visits:read', select: WINDOWS });
  }
}
