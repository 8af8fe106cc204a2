import { IsFilled, IsMoment, PageQuery } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsUUID,
  MaxLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

import { SlotView } from '../../http/availability.dto.js';
import { SINGLY_OVERRIDABLE } from '../domain/chosen-override.js';

export const MOST_AFFECTED = 200;

/** An absence that is set up already, or from when to when somebody is away. */
export class ProposeGroupMove {
  @IsUUID()
  practitionerId!: string;

  @IsOptional()
  @IsUUID()
  absenceId?: string;

  /** Whose clock local times are read by; the appointments at every location are affected. */
  @ValidateIf(({ absenceId }: ProposeGroupMove) => absenceId === undefined)
  @IsUUID()
  locationId?: string;

  /** @example 2026-12-07T08:00 */
  @ValidateIf(({ absenceId }: ProposeGroupMove) => absenceId === undefined)
  @IsMoment()
  startsAt?: string;

  /** At most 31 days later. @example 2026-12-11T18:00 */
  @ValidateIf(({ absenceId }: ProposeGroupMove) => absenceId === undefined)
  @IsMoment()
  endsAt?: string;

  /** Kept in the history of every appointment that is moved. @example Dr Okafor is ill */
  @IsFilled()
  @MaxLength(500)
  reason!: string;
}

export class ListGroupMoves extends PageQuery {}

/** Sets a rule aside for this appointment only; kept with the choice and applied by whoever applies it. */
export class OverrideChoice {
  /** @example Flies home on the 20th */
  @IsFilled()
  @MaxLength(500)
  reason!: string;

  /** Codes of the refusals to set aside; without, every one that may be. A double booking is made by moving it by itself. @example ["treatment_before_earliest"] */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsIn(SINGLY_OVERRIDABLE, { each: true })
  rules?: string[];
}

/** Only what is sent changes against the appointment; the room is found where none is named. */
export class ChooseProposal {
  /** @example 2026-12-14T10:30 */
  @IsOptional()
  @IsMoment()
  startsAt?: string;

  @IsOptional()
  @IsUUID()
  practitionerId?: string;

  @IsOptional()
  @IsUUID()
  roomId?: string;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => OverrideChoice)
  override?: OverrideChoice;
}

export class ApplyGroupMove {
  /** The appointments whose proposals are accepted; without it, all that are proposed. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_AFFECTED)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  appointmentIds?: string[];
}

export class GroupMoveSummary {
  id!: string;
  practitionerId!: string;

  /** Who is away. @example Dr Ada Okafor */
  practitionerName!: string;

  startsAt!: Date;
  endsAt!: Date;
  reason!: string;
  createdAt!: Date;

  /** When somebody said that nothing more is to be moved by it; null: open. */
  closedAt!: Date | null;

  /** Appointments there were when it was proposed. */
  affected!: number;

  /** Moved by this group move. */
  moved!: number;

  /** Still with the absent practitioner at their old time. */
  remaining!: number;

  /** Also the ETag. */
  version!: number;
}

export class GroupMoveItemView {
  appointmentId!: string;
  patientId!: string;
  typeName!: string;
  locationId!: string;

  /** @example Europe/London */
  zone!: string;

  /** Where it was when the move was proposed. */
  fromStartsAt!: Date;

  /** @example 2026-12-07T10:00 */
  fromLocalTime!: string;

  /** proposed, no-slot, left, moved, conflict, gone */
  state!: string;

  /** Where it should go, or has gone. */
  to!: ProposedPlace | null;

  /** What changes for the patient; or why nothing is proposed, or could not be applied. @example same time, with Dr Ada Okafor */
  why!: string | null;

  /** Why a booking rule is set aside where it should go; null: none is. */
  overrideReason!: string | null;

  /** What else was free when this was worked out, by how little it changes. */
  alternatives!: SlotView[];
}

export class ProposedPlace {
  startsAt!: Date;

  /** @example 2026-12-07T10:00 */
  localTime!: string;

  practitionerId!: string;
  practitionerName!: string;
  roomId!: string | null;
  roomName!: string | null;
}

export class GroupMoveView extends GroupMoveSummary {
  items!: GroupMoveItemView[];
}

export class GroupMoveList {
  items!: GroupMoveSummary[];
  next!: string | null;
}
