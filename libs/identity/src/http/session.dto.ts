import { IsFilled } from '#http';
import { IsEmail, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

export class SignIn {
  /** @example desk@harley.example */
  @IsEmail()
  @MaxLength(254)
  email!: string;

  /** @example demo-desk-2026 */
  @IsString()
  @IsFilled()
  @MaxLength(200)
  password!: string;

  /**
   * Short name of the clinic; needed only when the same address works in several.
   * @example harley
   */
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9-]{1,62}$/)
  clinic?: string;
}

export class SessionView {
  /** Send as `Authorization: Bearer <token>`; shown this once, stored only as a hash. */
  token!: string;

  /** @example 2026-11-23T20:00:00.000Z */
  expiresAt!: string;

  staffId!: string;

  /** @example harley */
  clinic!: string;
}

export class MeView {
  staffId!: string;

  /** @example Dr Ada Okafor */
  displayName!: string;

  clinicId!: string;

  /** @example UK */
  market!: string;

  roles!: string[];

  isPrescriber!: boolean;

  permissions!: string[];
}
