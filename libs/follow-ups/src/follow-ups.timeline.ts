import { TimelinePort } from '#patients';
import { Injectable } from '@nestjs/common';

const FOLLOW_UPS = `
  SELECT 'follow-up' AS kind, id, created_at AS at, coalesce(completed_on, booked_for, due_from) AS day,
         CASE kind WHEN 'review' THEN 'Review' ELSE 'Non-response check' END || ' due ' || due_from || ' to ' || due_to AS title, status
    FROM follow_up WHERE clinic_id = $1 AND patient_id = ANY ($2::uuid[])`;

/** Tells a patient's timeline of reviews and non-response checks. */
@Injectable()
export class FollowUpsTimeline {
  constructor(timeline: TimelinePort) {
    timeline.offer({ permission: 'follow-ups:read', select: FOLLOW_UPS });
  }
}
