import { IsBoolean, IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { MESSAGE_LANGUAGES, type MessageLanguage } from '#messages';

const WALL_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** What is left out stays as it is. */
export class ChangeClinicSettings {
  /** Whether touch-ups are offered at all. */
  @IsOptional()
  @IsBoolean()
  touchUpsAllowed?: boolean;

  /** A visit cancelled later than this before it counts as late. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(336)
  lateCancelHours?: number;

  /** How far ahead visits can be booked. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1095)
  bookingHorizonDays?: number;

  /** How long before a visit it can be booked at the latest. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(20_160)
  bookingNoticeMinutes?: number;

  /** How long a slot is kept while the patient decides. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(120)
  holdMinutes?: number;

  /** How long a patient of the waitlist may think about an offer. */
  @IsOptional()
  @IsInt()
  @Min(5)
  @Max(1440)
  waitlistOfferMinutes?: number;

  /** How long a clearance holds. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(730)
  clearanceDays?: number;

  /** On the clock of each location nobody is contacted from this time … @example 20:00 */
  @IsOptional()
  @Matches(WALL_TIME)
  quietFrom?: string;

  /** … to this one, over midnight where it comes before; both alike: no quiet hours. @example 08:00 */
  @IsOptional()
  @Matches(WALL_TIME)
  quietTo?: string;

  /** Days between two attempts of the clinic to reach a patient about coming back; 0: no gap. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(365)
  contactGapDays?: number;

  /** How long nobody else calls a patient somebody is calling. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(120)
  claimMinutes?: number;

  /** en, de, fr, it, es: of messages to patients whose own language they are not written in. */
  @IsOptional()
  @IsIn(MESSAGE_LANGUAGES)
  messageLanguage?: MessageLanguage;

  /** Whether whoever becomes due from now on gets a recall message without anybody asking for it; off to begin with. */
  @IsOptional()
  @IsBoolean()
  automaticRecall?: boolean;
}

export class ClinicSettingsView {
  /** Set by the operator. */
  market!: string;
  touchUpsAllowed!: boolean;
  lateCancelHours!: number;
  bookingHorizonDays!: number;
  bookingNoticeMinutes!: number;
  holdMinutes!: number;
  waitlistOfferMinutes!: number;
  clearanceDays!: number;

  /** Changed at PUT /v1/repeat-visits/personal-interval, because every window is recomputed with it. */
  personalIntervals!: boolean;

  /** @example 20:00 */
  quietFrom!: string;

  /** @example 08:00 */
  quietTo!: string;
  contactGapDays!: number;
  claimMinutes!: number;

  /** @example en */
  messageLanguage!: string;
  automaticRecall!: boolean;

  /** Also the ETag. */
  version!: number;
}
