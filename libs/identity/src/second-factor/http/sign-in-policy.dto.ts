import { IsBoolean } from 'class-validator';

export class SignInPolicyView {
  /** Everybody sets up a second factor; a session without it can do nothing else. */
  @IsBoolean()
  requireSecondFactor!: boolean;

  /** Receptionists may read charts: injections, doses, findings. */
  @IsBoolean()
  deskReadsCharts!: boolean;
}
