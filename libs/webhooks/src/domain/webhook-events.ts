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
  'webhook.ping',
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

/** The JSON text that is signed and sent; `data` holds ids and nothing else. */
export const payloadOf = ({ type, data }: WebhookEvent, clinicId: string, at: Date): string =>
  JSON.stringify({ type, timestamp: at.toISOString(), data: { clinicId, ...data } });
