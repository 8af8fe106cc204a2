import { IsCalendarDate, IsFlag, PageQuery } from '#http';
import type { DomainError } from '#kernel';
import { IsOptional, IsUUID } from 'class-validator';

import type { AppointmentStatus } from '../../domain/appointment-status.js';
import type { AppointmentKind } from '../../domain/booking-rules.js';

/** Of a location, a practitioner, both, or the whole clinic; days at the location of each visit. */
export class ReadMisfits extends PageQuery {
  @IsOptional()
  @IsUUID()
  locationId?: string;

  @IsOptional()
  @IsUUID()
  practitionerId?: string;

  /** What began already cannot be resolved, so it starts at this moment at the earliest. @example 2026-12-01 */
  @IsOptional()
  @IsCalendarDate()
  from?: string;

  /** @example 2026-12-31 */
  @IsOptional()
  @IsCalendarDate()
  to?: string;

  /** Whether to list those too that break no rule but what somebody set aside on purpose. @example false */
  @IsOptional()
  @IsFlag()
  overridden?: boolean;
}

/** As a booking would be refused today. */
export class MisfitReason {
  /** @example practitioner_not_working */
  code!: string;

  /** @example The practitioner does not work for part of this time, buffers included */
  title!: string;

  facts!: object;
}

export class MisfitView {
  appointmentId!: string;
  startsAt!: Date;
  endsAt!: Date;

  /** The start on the clock of the location. @example 2026-12-01T09:30 */
  localTime!: string;

  status!: AppointmentStatus;
  locationId!: string;
  locationName!: string;

  /** @example Europe/London */
  zone!: string;

  patientId!: string;
  patientNumber!: number;

  /** @example Zoë Núñez */
  patientName!: string;

  practitionerId!: string;
  practitionerName!: string;
  roomId!: string | null;
  roomName!: string | null;
  typeId!: string;
  typeName!: string;
  kind!: AppointmentKind;

  /** Why it no longer fits; empty only of those listed because a rule was set aside. */
  reasons!: MisfitReason[];

  /** What somebody set aside on purpose. */
  overridden!: MisfitReason[];

  overrideReason!: string | null;
  version!: number;
}

export class MisfitPage {
  items!: MisfitView[];

  /** Send as `after`; null when nothing follows. A page may be short and still have one. */
  next!: string | null;
}

export const reasonView = ({ spec: { code, title }, facts }: DomainError): MisfitReason => ({
  code,
  title,
  facts,
});
