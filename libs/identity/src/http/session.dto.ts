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

  /**
   * Of the authenticator app, or one of the recovery codes; needed by whoever has set a second factor up.
   * @example 123456
   */
  @IsOptional()
  @IsString()
  @IsFilled()
  @MaxLength(40)
  code?: string;

  /**
   * What signing in on this device gave the last time (`deviceToken`): guesses of strangers then do not lock this device out.
   * One that is over or of another account counts as none.
   */
  @IsOptional()
  @IsString()
  @IsFilled()
  @MaxLength(500)
  deviceToken?: string;
}

export class SessionView {
  /** Send as `Authorization: Bearer <token>`; shown this once, stored only as a hash. */
  token!: string;

  /** It ends earlier when nobody uses it. @example 2026-11-23T20:00:00.000Z */
  expiresAt!: string;

  staffId!: string;

  /** @example harley */
  clinic!: string;

  /** The clinic asks for a second factor: until one is set up the session can do nothing else. */
  secondFactorDue!: boolean;

  /**
   * Keep it on the device and send it with the next sign-in by password; it opens nothing by itself. Null when the person signed
   * in elsewhere.
   */
  deviceToken!: string | null;
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

  /** Where they work; none named is everywhere. */
  locationIds!: string[];

  secondFactorDue!: boolean;
}

export class OwnSessionView {
  id!: string;
  createdAt!: Date;

  /** To five minutes. */
  lastSeenAt!: Date;

  expiresAt!: Date;

  /** @example 203.0.113.7 */
  address!: string | null;

  /** @example Mozilla/5.0 */
  userAgent!: string | null;

  /** Whether a second factor was shown. */
  secondFactor!: boolean;

  isCurrent!: boolean;
}

export class OwnSessionList {
  items!: OwnSessionView[];
}
