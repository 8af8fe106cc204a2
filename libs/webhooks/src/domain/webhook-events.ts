import type { FollowUpEvent } from '#follow-ups';
import type { PatientEvent } from '#patients';
import type { KeptWindowEvent } from '#repeat-visits';
import type { AppointmentEvent } from '#scheduling';
import type { TreatmentEvent } from '#treatments';

/** What integrators may be told of, in words that stay: `<record>.<what happened>`. */
export const WEBHOOK_EVENTS = [
  'appointment.booked',
  'appointment.rescheduled',
  'appointment.confirmed',
  'appointment.arrived',
  'appointment.started',
  'appointment.completed',
  'appointment.cancelled',
  'appointment.no-show',
  'appointment.reinstated',
  'appointment.entered-in-error',
  'treatment.signed',
  'treatment.amended',
  'treatment.withdrawn',
  'patient.registered',
  'patient.changed',
  'patient.contact-changed',
  'patient.merged',
  'patient.unmerged',
  'patient.deceased',
  'patient.transferred',
  'patient.reactivated',
  'patient.erased',
  'follow-up.planned',
  'follow-up.booked',
  'follow-up.freed',
  'follow-up.completed',
  'follow-up.missed',
  'follow-up.waived',
  'window.issued',
  'window.ended',
  'window.due',
  'window.past-due',
  'window.lapsed',
  'window.recomputed',
  'webhook.ping',
] as const;
/** All of a record. */
export const WEBHOOK_STARS = [
  'appointment.*',
  'treatment.*',
  'patient.*',
  'follow-up.*',
  'window.*',
] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENTS)[number];

/** Ids only: who is told looks the rest up, with a key of their own. */
export interface WebhookEvent {
  readonly type: WebhookEventType;
  readonly data: Readonly<Record<string, string>>;
}

const OF_VERB: Readonly<Record<AppointmentEvent['verb'], WebhookEventType>> = {
  book: 'appointment.booked',
  reschedule: 'appointment.rescheduled',
  confirm: 'appointment.confirmed',
  'check-in': 'appointment.arrived',
  start: 'appointment.started',
  complete: 'appointment.completed',
  cancel: 'appointment.cancelled',
  'no-show': 'appointment.no-show',
  reinstate: 'appointment.reinstated',
  'enter-in-error': 'appointment.entered-in-error',
};

export const ofAppointment = ({ verb, appointmentId, patientId }: AppointmentEvent): WebhookEvent => ({
  type: OF_VERB[verb],
  data: { appointmentId, patientId },
});

export const ofTreatment = ({ what, treatmentId, patientId }: TreatmentEvent): WebhookEvent => ({
  type: `treatment.${what}`,
  data: { treatmentId, patientId },
});

const OF_PATIENT_VERB: Readonly<Record<PatientEvent['verb'], WebhookEventType>> = {
  registered: 'patient.registered',
  changed: 'patient.changed',
  'contact-changed': 'patient.contact-changed',
  merged: 'patient.merged',
  unmerged: 'patient.unmerged',
  died: 'patient.deceased',
  transferred: 'patient.transferred',
  reactivated: 'patient.reactivated',
  erased: 'patient.erased',
};

/** Of a merge and its undoing `patientId` is the record that stays, `mergedPatientId` the one read with it, or no longer. */
export const ofPatient = (event: PatientEvent): WebhookEvent => ({
  type: OF_PATIENT_VERB[event.verb],
  data:
    'fromId' in event
      ? { patientId: event.intoId, mergedPatientId: event.fromId }
      : { patientId: event.patientId },
});

export const ofFollowUp = ({ what, followUpId, patientId }: FollowUpEvent): WebhookEvent => ({
  type: `follow-up.${what}`,
  data: { followUpId, patientId },
});

export const ofWindow = (event: KeptWindowEvent): WebhookEvent =>
  event.what === 'recomputed'
    ? { type: 'window.recomputed', data: { recomputeId: event.recomputeId } }
    : { type: `window.${event.what}`, data: { windowId: event.windowId, patientId: event.patientId } };

/** The JSON text that is signed and sent; `data` holds ids and nothing else. */
export const payloadOf = ({ type, data }: WebhookEvent, clinicId: string, at: Date): string =>
  JSON.stringify({ type, timestamp: at.toISOString(), data: { clinicId, ...data } });
