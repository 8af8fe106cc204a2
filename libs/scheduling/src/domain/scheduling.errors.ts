import { refusal } from '#kernel';
import type { Slot } from './slot.js';

/** What one appointment takes for itself: nobody and no room is booked twice at a time. */
export type BlockedResource = 'practitioner' | 'room' | 'patient';

/** The database has the last word on double booking; its constraint names say which resource was taken. */
export const OVERLAP_CONSTRAINTS: Readonly<Record<string, BlockedResource>> = {
  appointment_practitioner_overlap: 'practitioner',
  appointment_room_overlap: 'room',
  appointment_patient_overlap: 'patient',
};

/** The appointment in the way; the span is its visit including buffers, since buffers block too. */
export interface Blocker {
  readonly resource: BlockedResource;
  readonly resourceId: string;
  readonly appointmentId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/**
 * Those of the blockers that decide: whoever holds the practitioner or the patient; a room only when none of the rooms
 * that would do is free. Empty means the span can be taken.
 */
export function inTheWay(blockers: readonly Blocker[], roomIds: readonly (string | null)[]): Blocker[] {
  const isTaken = (roomId: string | null): boolean =>
    blockers.some(({ resource, resourceId }) => resource === 'room' && resourceId === roomId);
  const noRoom = roomIds.every(isTaken);
  return blockers.filter(({ resource }) => resource !== 'room' || noRoom);
}

/** Facts: `blockedBy`, the appointments in the way, and up to three free `alternatives`, nearest first. */
export class SlotTaken extends refusal({
  code: 'slot_taken',
  kind: 'conflict',
  title: 'The practitioner, the room or the patient is already booked at that time',
}) {
  constructor(facts: {
    readonly blockedBy: readonly Blocker[];
    readonly alternatives: readonly (Slot & { readonly localTime: string })[];
  }) {
    super({ ...facts });
  }
}

export class AppointmentTransitionRefused extends refusal({
  code: 'appointment_transition_refused',
  kind: 'conflict',
  title: 'The appointment is not in a state that allows this',
}) {}

export class AppointmentStillAhead extends refusal({
  code: 'appointment_still_ahead',
  kind: 'rule',
  title: 'This is noted on the day of the visit, a no-show once the visit should have begun',
}) {}

export class AppointmentNotFound extends refusal({
  code: 'appointment_not_found',
  kind: 'not-found',
  title: 'There is no such appointment in this clinic',
}) {}

export class HoldNotFound extends refusal({
  code: 'hold_not_found',
  kind: 'not-found',
  title: 'There is no such hold in this clinic',
}) {}

export class HoldOver extends refusal({
  code: 'hold_over',
  kind: 'conflict',
  title: 'The hold has expired, was released, or is a booking already',
}) {}

export class PatientNotHere extends refusal({
  code: 'patient_not_here',
  kind: 'conflict',
  title: 'The patient of this appointment has not checked in, or has left already',
}) {}

/** The context that keeps treatments says so, through AppointmentEventsPort. */
export class VisitTreated extends refusal({
  code: 'visit_treated',
  kind: 'conflict',
  title: 'A signed treatment of this visit stands, so the visit was no mistake: withdraw the treatment first',
}) {}

export class LocationNotFound extends refusal({
  code: 'location_not_found',
  kind: 'not-found',
  title: 'There is no such active location in this clinic',
}) {}

export class RoomNotFound extends refusal({
  code: 'room_not_found',
  kind: 'not-found',
  title: 'There is no such active room at this location',
}) {}

export class AppointmentTypeNotFound extends refusal({
  code: 'appointment_type_not_found',
  kind: 'not-found',
  title: 'There is no such active appointment type in this clinic',
}) {}

export class SetUpEntryNotFound extends refusal({
  code: 'set_up_entry_not_found',
  kind: 'not-found',
  title: 'There is no such entry for this practitioner',
}) {}

export class NameTaken extends refusal({
  code: 'name_taken',
  kind: 'conflict',
  title: 'Another entry of this kind already has this name',
}) {}

export class SpanInverted extends refusal({
  code: 'span_inverted',
  kind: 'bad-input',
  title: 'The end must come after the start',
}) {}

export class AppointmentSpanInvalid extends refusal({
  code: 'appointment_span_invalid',
  kind: 'bad-input',
  title: 'An appointment needs whole minutes, an end after its start, and at most 24 hours including buffers',
}) {}

export class WorkingHoursInvalid extends refusal({
  code: 'working_hours_invalid',
  kind: 'bad-input',
  title:
    'Hours need an ISO weekday (1–7), an end after the start on the same day, validity dates in order, and a Monday to count other than weekly ones from',
}) {}

export class AvailabilityRangeInvalid extends refusal({
  code: 'availability_range_invalid',
  kind: 'bad-input',
  title: 'Availability is searched forward in time, over at most 60 days',
}) {}

export class SlotStepInvalid extends refusal({
  code: 'slot_step_invalid',
  kind: 'bad-input',
  title: 'The step must be whole minutes, at least 5, that divide the day evenly',
}) {}

export class PatientNotBookable extends refusal({
  code: 'patient_not_bookable',
  kind: 'rule',
  title: 'This patient record takes no further appointments',
}) {}

export class AppointmentInThePast extends refusal({
  code: 'appointment_in_the_past',
  kind: 'rule',
  title: 'The appointment would start in the past',
}) {}

export class BeyondBookingHorizon extends refusal({
  code: 'beyond_booking_horizon',
  kind: 'rule',
  title: 'The clinic does not book this far ahead yet',
}) {}

export class BookingNoticeTooShort extends refusal({
  code: 'booking_notice_too_short',
  kind: 'rule',
  title: 'The clinic wants more notice than this before an appointment',
}) {}

/** UK: Botulinum Toxin and Cosmetic Fillers (Children) Act 2021, where arranging is already an offence. */
export class PatientUnderAge extends refusal({
  code: 'patient_under_age',
  kind: 'rule',
  title: 'The patient is under 18 on that day, so a cosmetic treatment cannot be booked',
}) {}

/** Facts: `plannedOn`, and `windows` with the `earliest` of each (null: not known). Nobody may set it aside. */
export class ReinjectionTooEarly extends refusal({
  code: 'reinjection_too_early',
  kind: 'rule',
  title: 'After no response nothing is injected before the earliest permitted date',
}) {}

export class TreatmentBeforeEarliest extends refusal({
  code: 'treatment_before_earliest',
  kind: 'rule',
  title:
    'The treatment would come before the minimum interval has passed: a prescriber may override it with a reason',
}) {}

export class TooManyStreams extends refusal({
  code: 'too_many_streams',
  kind: 'too-many',
  title: 'You follow as many days as one may at a time: close one first',
}) {}

export class TypeNotOffered extends refusal({
  code: 'appointment_type_not_offered',
  kind: 'rule',
  title: 'The practitioner does not offer this appointment type',
}) {}

export class PrescriberNeeded extends refusal({
  code: 'prescriber_needed',
  kind: 'rule',
  title: 'This appointment type needs a practitioner who prescribes',
}) {}

export class RoomNotSuitable extends refusal({
  code: 'room_not_suitable',
  kind: 'rule',
  title: 'The room is missing or lacks the kind or equipment this appointment type needs',
}) {}

export class OutsideOpeningHours extends refusal({
  code: 'outside_opening_hours',
  kind: 'rule',
  title: 'The location is closed for part of this time, buffers included',
}) {}

export class PractitionerNotWorking extends refusal({
  code: 'practitioner_not_working',
  kind: 'rule',
  title: 'The practitioner does not work for part of this time, buffers included',
}) {}

export class OverrideRefused extends refusal({
  code: 'booking_override_refused',
  kind: 'forbidden',
  title: 'This rule may only be overridden by someone with the authority for it, and with a reason',
}) {}
