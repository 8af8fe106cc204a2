export {
  APPOINTMENT_STATUSES,
  APPOINTMENT_VERBS,
  type AppointmentStatus,
  type AppointmentVerb,
  blocksTime,
} from './domain/appointment-status.js';
export type {
  AppointmentPurpose,
  BookingOverride,
  OverriddenRule,
  ReadTreatmentWindows,
  TreatmentWindow,
} from './domain/booking-rules.js';
export * from './domain/scheduling.errors.js';
export type { Slot } from './domain/slot.js';
