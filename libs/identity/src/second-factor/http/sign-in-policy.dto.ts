import { IsBoolean, IsOptional } from 'class-validator';

export class ChangeSignInPolicy {
  /** Everybody sets up a second factor; a session without it can do nothing else. */
  @IsBoolean()
  requireSecondFactor!: boolean;

  /** Receptionists may read charts: injections, doses, findings. */
  @IsBoolean()
  deskReadsCharts!: boolean;

  /**
   * False: people sign in at the clinic’s identity provider only, where whoever says so has signed in since it was last set. Left
   * out: as it is.
   */
  @IsOptional()
  @IsBoolean()
  passwordsAllowed?: boolean;
}

export class SignInPolicyView {
  requireSecondFactor!: boolean;
  deskReadsCharts!: boolean;

  /** False: people sign in at the clinic’s identity provider only. */
  passwordsAllowed!: boolean;
}
