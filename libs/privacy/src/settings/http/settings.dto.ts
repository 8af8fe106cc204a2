import { IsBoolean, IsInt, IsOptional, Max, Min } from 'class-validator';

/** Only the fields sent are changed. */
export class ChangePrivacySettings {
  /** How many years a record is kept after its last entry. @example 10 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(40)
  retentionYears?: number;

  /** Whether the night erases records whose time is over; otherwise an admin starts it. */
  @IsOptional()
  @IsBoolean()
  retentionAutomatic?: boolean;

  /** Whether clinical staff may open a record they have no permission for, with a reason. */
  @IsOptional()
  @IsBoolean()
  emergencyAccess?: boolean;

  /** How long a record stays open after that. @example 30 */
  @IsOptional()
  @IsInt()
  @Min(5)
  @Max(240)
  emergencyMinutes?: number;
}

export class PrivacySettingsView {
  /** @example 10 */
  retentionYears!: number;
  retentionAutomatic!: boolean;
  emergencyAccess!: boolean;

  /** @example 30 */
  emergencyMinutes!: number;

  /** Also the ETag; 0 while the clinic chose nothing. */
  version!: number;
}
