export { AppointmentsService, type BookedTreatment, type Visit } from './appointments.service.js';
export { AppointmentVerbsService } from './appointment-verbs.service.js';
export { AppointmentsRepository } from './appointments.repository.js';
export { AvailabilityService } from './availability.service.js';
export { FirstTimes, type PatientDays } from './first-times/first-times.service.js';
export { AvailabilityView, SlotView } from './http/availability.dto.js';
export { BookingService } from './booking.service.js';
export {
  APPOINTMENT_STATUSES,
  APPOINTMENT_VERBS,
  type AppointmentStatus,
  type AppointmentVerb,
  LIFE_CYCLE,
  blocksTime,
} from './domain/appointment-status.js';
export {
  type AppointmentKind,
  mustRest,
  type OverriddenRule,
  type TreatmentWindow,
} from './domain/booking-rules.js';
export * from './domain/scheduling.errors.js';
export type { Slot } from './domain/slot.js';
export { EndExpiredHolds } from './holds/end-expired-holds.job.js';
export { ExpiredHoldsRepository } from './holds/expired-holds.repository.js';
export * from './jobs/booking-confirmation.job.js';
export * from './scheduling.module.js';
export * from './scheduling.ports.js';
export * from './visits-as-known.sql.js';
export { WorkingTimeReader } from './working-time/working-time.reader.js';
export { DaySheetLive } from './live/day-sheet-live.service.js';
export * from './sheets/desk-alerts.port.js';
export { EndWaitlistOffer } from './waitlist/jobs/end-waitlist-offer.job.js';
export { MatchFreedTime } from './waitlist/jobs/match-freed-time.job.js';
export { TidyWaitlist } from './waitlist/jobs/tidy-waitlist.job.js';
export { type QuietHours, quietUntil } from './waitlist/domain/offer-time.js';
export { WaitlistOfferMessage } from './waitlist/jobs/waitlist-offer-message.job.js';
export * from './waitlist/domain/waitlist.errors.js';
export * from './group-move/domain/group-move.errors.js';
export * from './series/domain/series.errors.js';
