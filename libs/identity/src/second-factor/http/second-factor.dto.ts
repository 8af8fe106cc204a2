import { IsFilled } from '#http';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';

export class BeginSecondFactor {
  /** One's own; needed by whoever has one. */
  @IsOptional()
  @IsString()
  @IsFilled()
  @MaxLength(200)
  password?: string;
}

export class NewSecondFactor {
  /** For typing it into the app; told this once. @example JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP */
  secret!: string;

  /** For a QR code. @example otpauth://totp/Revisit:desk%40harley.example?secret=JBSWY3DPEHPK3PXP */
  uri!: string;
}

export class ConfirmSecondFactor {
  /** The code the app shows. @example 123456 */
  @Matches(/^\d{3} ?\d{3}$/)
  code!: string;
}

export class UseSecondFactor {
  /** Of the app, or a recovery code. @example 123456 */
  @IsString()
  @IsFilled()
  @MaxLength(40)
  code!: string;
}

export class NewRecoveryCodes {
  /** Each works once; told this once. @example ["abcd-efgh-jkmn-pqrs"] */
  recoveryCodes!: string[];
}

export class SecondFactorView {
  setUpAt!: Date | null;
  recoveryCodesLeft!: number;

  /** Whether the clinic asks for one. */
  obligatory!: boolean;
}
