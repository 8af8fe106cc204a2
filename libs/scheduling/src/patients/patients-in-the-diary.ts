import { FutureVisitsPort, TimelinePort } from '#patients';
import { Injectable } from '@nestjs/common';

import { AppointmentsService } from '../appointments.service.js';
import { FutureVisitsQueries } from './future-visits.queries.js';

const TIMELINE = `
  SELECT 'appointment' AS kind, a.id, a.starts_at AS at, (a.starts_at AT TIME ZONE l.zone)::date AS day, t.name AS title, a.status
    FROM appointment a
    JOIN appointment_type t ON t.clinic_id = a.clinic_id AND t.id = a.type_id
    JOIN location l ON l.clinic_id = a.clinic_id AND l.id = a.location_id
   WHERE a.clinic_id = $1 AND a.patient_id = ANY ($2::uuid[]) AND a.status NOT IN ('held', 'released')`;

/** Answers the register for the diary: what is still to come for a patient, and what has been. */
@Injectable()
export class PatientsInTheDiary {
  constructor(
    visits: FutureVisitsPort,
    timeline: TimelinePort,
    queries: FutureVisitsQueries,
    appointments: AppointmentsService,
  ) {
    timeline.offer({ permission: 'appointments:read', select: TIMELINE });
    visits.subscribe({
      list: (tx, patientIds) => queries.toCome(tx, patientIds),
      cancel: async (tx, appointmentIds, reason) => {
        // In one order, so that two who cancel the same visits never wait for each other.
        for (const id of appointmentIds.toSorted()) await appointments.cancelIfAhead(tx, id, reason);
      },
    });
  }
}
