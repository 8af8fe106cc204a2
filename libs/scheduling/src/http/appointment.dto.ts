import { CATALOGUE_ID } from '#catalogue';
import { IsFilled, IsMoment } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';

import type { AppointmentStatus } from '../domain/appointment-status.js';
import { type AppointmentKind, OVERRIDABLE_RULES } from '../domain/booking-rules.js';

/** Sets a rule aside on purpose; the reason is kept and shown with the appointment. */
export class OverrideBooking {
  /** @example Patient travels from afar */
  @IsFilled()
  @MaxLength(500)
  reason!: string;

  /** Codes of the refusals to set aside; without, every one that may be but `slot_taken`: a double booking is named. @example ["outside_opening_hours"] */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsIn(OVERRIDABLE_RULES, { each: true })
  rules?: string[];
}

export class BookAppointment {
  @IsUUID()
  patientId!: string;

  @IsUUID()
  typeId!: string;

  @IsUUID()
  locationId!: string;

  @IsUUID()
  practitionerId!: string;

  /** An instant, or the wall clock of the location. @example 2026-12-01T09:30 */
  @IsMoment()
  startsAt!: string;

  /** Without one, the first free room that suits the type. */
  @IsOptional()
  @IsUUID()
  roomId?: string;

  /** Catalogue ids of the areas the visit is meant for. @example ["glabella", "forehead"] */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(30)
  @Matches(CATALOGUE_ID, { each: true })
  areaIds?: string[];

  @IsOptional()
  @IsString()
  @MaxLength(2000)
  note?: string;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => OverrideBooking)
  override?: OverrideBooking;
}

/** Only what is sent changes; without a room the present one is kept where it is free and suits. */
export class RescheduleAppointment {
  /** @example 2026-12-02T14:00 */
  @IsOptional()
  @IsMoment()
  startsAt?: string;

  @IsOptional()
  @IsUUID()
  practitionerId?: string;

  @IsOptional()
  @IsUUID()
  locationId?: string;

  @IsOptional()
  @IsUUID()
  roomId?: string;

  @IsOptional()
  @IsUUID()
  typeId?: string;

  @IsOptional()
  @IsFilled()
  @MaxLength(500)
  reason?: string;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => OverrideBooking)
  override?: OverrideBooking;
}

export class CancelAppointment {
  /** Who cancels: only a patient's cancellation can be late. @example patient */
  @IsIn(['patient', 'clinic'])
  by!: 'patient' | 'clinic';

  /** @example Has a cold */
  @IsFilled()
  @MaxLength(500)
  reason!: string;
}

export class ExplainChange {
  /** @example Booked for the wrong patient */
  @IsFilled()
  @MaxLength(500)
  reason!: string;
}

export class NoteNoShow {
  @IsOptional()
  @IsFilled()
  @MaxLength(500)
  reason?: string;
}

export class AppointmentView {
  id!: string;
  patientId!: string;
  practitionerId!: string;

  /** @example Dr Ada Okafor */
  practitionerName!: string;

  roomId!: string | null;
  roomName!: string | null;
  locationId!: string;
  locationName!: string;

  /** @example Europe/London */
  zone!: string;

  typeId!: string;
  typeName!: string;

  /** consultation, treatment, review, complication-check */
  kind!: AppointmentKind;

  startsAt!: Date;
  endsAt!: Date;

  /** The start on the clock of the location. @example 2026-12-01T09:30 */
  localTime!: string;

  /** With the buffers of the type: this is what blocks practitioner, room and patient. */
  busyFrom!: Date;
  busyTo!: Date;

  /** held, booked, confirmed, arrived, in-progress, fulfilled, cancelled, no-show, entered-in-error, released */
  status!: AppointmentStatus;

  /** What can be done with it now. @example ["confirm", "check-in"] */
  allowed!: string[];

  areaIds!: string[];
  note!: string | null;

  /** Why a booking rule was set aside. */
  overrideReason!: string | null;

  /** On purpose beside another appointment of the practitioner, room or patient; `overrideReason` says why. */
  doubleBooked!: boolean;

  /** Until when a held slot is kept; null for what was booked outright. */
  heldUntil!: Date | null;

  /** Set when cancelled: whether the patient gave less notice than the clinic asks for. */
  lateCancel!: boolean | null;

  arrivedAt!: Date | null;
  startedAt!: Date | null;
  completedAt!: Date | null;

  /** Also the ETag. */
  version!: number;
}

export class AppointmentChangeView {
  version!: number;

  /** @example check-in */
  verb!: string;

  /** The status it made. */
  status!: string;

  at!: Date;
  staffId!: string;
  staffName!: string;
  reason!: string | null;
}

export class AppointmentHistory {
  items!: AppointmentChangeView[];
}
