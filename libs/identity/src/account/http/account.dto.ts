import { IsFilled } from '#http';
import { IsEmail, IsString, Matches, MaxLength } from 'class-validator';

export class AskForReset {
  /** @example desk@harley.example */
  @IsEmail()
  @MaxLength(254)
  email!: string;
}

export class SetPassword {
  /** What stands behind the `#` of the link. */
  @Matches(/^[\w-]{43}$/)
  token!: string;

  /** At least 15 characters; nothing common, nothing of the clinic's or one's own name. */
  @IsString()
  @IsFilled()
  @MaxLength(200)
  password!: string;
}

export class ChangePassword {
  @IsString()
  @IsFilled()
  @MaxLength(200)
  presentPassword!: string;

  /** At least 15 characters; nothing common, nothing of the clinic's or one's own name. */
  @IsString()
  @IsFilled()
  @MaxLength(200)
  newPassword!: string;
}

export class ChangeProfile {
  /** @example Dr Ada Okafor */
  @IsString()
  @IsFilled()
  @MaxLength(200)
  displayName!: string;
}

export class ProfileView {
  staffId!: string;
  email!: string;

  /** @example Dr Ada Okafor */
  displayName!: string;

  roles!: string[];

  /** Where they work; none named is everywhere. */
  locationIds!: string[];

  /** False for those who sign in with the clinic's identity provider only. */
  hasPassword!: boolean;
}
