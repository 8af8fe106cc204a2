import { IsFilled, IsMoment, MayBeNull } from '#http';
import { IsOptional, IsUUID, MaxLength } from 'class-validator';

import { AppointmentView } from '../../http/appointment.dto.js';

/** Free time of one practitioner at one location. */
export class FindMatches {
  @IsUUID()
  practitionerId!: string;

  @IsUUID()
  locationId!: string;

  /** An instant, or the wall clock of the location. @example 2026-12-01T09:25 */
  @IsMoment()
  from!: string;

  /** At most a day later; buffers of the visit lie inside. @example 2026-12-01T10:10 */
  @IsMoment()
  to!: string;
}

export class MatchView {
  /** 1 is asked first. */
  rank!: number;

  /** @example Priority soon, inside the recommended window, waiting since 2026-11-02 10:15 */
  why!: string;

  entryId!: string;
  patientId!: string;
  patientName!: string;
  startsAt!: Date;
  endsAt!: Date;
  roomId!: string | null;

  /** Why this patient is not asked by itself: do-not-contact, thinking-about-another-offer, had-it-offered; null: is asked. */
  heldBack!: string | null;
}

export class MatchList {
  zone!: string;

  /** The first 50. */
  items!: MatchView[];
}

export class MakeOffer {
  @IsUUID()
  practitionerId!: string;

  @IsUUID()
  locationId!: string;

  /** An instant, or the wall clock of the location. @example 2026-12-01T09:30 */
  @IsMoment()
  startsAt!: string;

  /** Without one, the first free room that suits the type. */
  @IsOptional()
  @IsUUID()
  roomId?: string;

  /** Needed where others come first, or the time is none the patient asked for. @example Flies out on Friday */
  @IsOptional()
  @IsFilled()
  @MaxLength(500)
  reason?: string;
}

export class DeclineOffer {
  /** @example Works that day */
  @MayBeNull()
  @IsOptional()
  @IsFilled()
  @MaxLength(500)
  reason?: string | null;
}

export class AcceptedOffer {
  entryId!: string;
  appointment!: AppointmentView;

  /** The appointment it took the place of, cancelled with it; null where there was none, or it could not be any more. */
  replacedId!: string | null;
}
