import { IsCalendarDate, IsFilled } from '#http';
import { ChartInjection } from '#treatments';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  ValidateNested,
} from 'class-validator';

export class ApproveTouchUp {
  /** Among those the review advised it in. @example ["glabella"] */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(50, { each: true })
  areas!: string[];

  /** A day of the protocol, 14 to 21 days after the treatment when not otherwise decided. @example 2026-02-16 */
  @IsCalendarDate()
  plannedOn!: string;

  @IsOptional()
  @IsFilled()
  @MaxLength(2000)
  note?: string;
}

export class BeginTouchUp {
  @IsUUID()
  locationId!: string;

  /** Left out for a walk-in. */
  @IsOptional()
  @IsUUID()
  appointmentId?: string;

  @IsUUID()
  clearanceId!: string;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => ChartInjection)
  injections?: ChartInjection[];
}

export class TouchUpView {
  followUpId!: string;
  patientId!: string;

  /** The full treatment it completes, in the version that counted when it was approved. */
  treatmentId!: string;
  areas!: string[];
  plannedOn!: string;

  /** The rule that set the days. */
  ruleId!: string;
  note!: string | null;

  /** The prescriber. */
  approvedBy!: string;
  approvedAt!: Date;

  /** The treatment it led to; null until somebody began it. */
  draftId!: string | null;
  version!: number;
}
