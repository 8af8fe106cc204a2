import { UnknownArea } from '#catalogue';
import { NotYourLocation, StaffNotFound } from '#identity';
import { LocalTimeDoesNotExist, LocalTimeIsAmbiguous, NotACalendarDate } from '#kernel';
import { PatientNotFound } from '#patients';

import {
  AppointmentInThePast,
  AppointmentSpanInvalid,
  AppointmentTypeNotFound,
  BeyondBookingHorizon,
  BookingNoticeTooShort,
  LocationNotFound,
  OutsideOpeningHours,
  OverrideRefused,
  PatientNotBookable,
  PatientUnderAge,
  PractitionerNotWorking,
  PrescriberNeeded,
  RoomNotFound,
  RoomNotSuitable,
  SlotTaken,
  ReinjectionTooEarly,
  TreatmentBeforeEarliest,
  TypeNotOffered,
} from './domain/scheduling.errors.js';

/** What this clinic does not have. */
export const ABSENT = [LocationNotFound, AppointmentTypeNotFound, StaffNotFound, PatientNotFound];

export const BARS_THE_PATIENT = [
  PatientNotBookable,
  PatientUnderAge,
  ReinjectionTooEarly,
  TreatmentBeforeEarliest,
];

/** Every verb that takes a time anew can answer with these. */
export const BOOKING_REFUSALS = [
  NotYourLocation,
  SlotTaken,
  ...ABSENT,
  RoomNotFound,
  UnknownArea,
  ...BARS_THE_PATIENT,
  AppointmentInThePast,
  BeyondBookingHorizon,
  BookingNoticeTooShort,
  TypeNotOffered,
  PrescriberNeeded,
  RoomNotSuitable,
  OutsideOpeningHours,
  PractitionerNotWorking,
  OverrideRefused,
  AppointmentSpanInvalid,
  LocalTimeDoesNotExist,
  LocalTimeIsAmbiguous,
  NotACalendarDate,
];
