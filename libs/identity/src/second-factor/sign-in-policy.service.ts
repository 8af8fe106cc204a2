import { record } from '#audit';
import { Database } from '#database';
import { Injectable } from '@nestjs/common';

import { ClinicsService, type SignInPolicy } from '../clinics.service.js';
import type { RequestActor } from '../request-actor.js';
import { SecondFactorMissing } from './domain/second-factor.errors.js';
import { SecondFactors } from './second-factors.js';

/** The clinic's switches for signing in. */
@Injectable()
export class SignInPolicyService {
  constructor(
    private readonly database: Database,
    private readonly clinics: ClinicsService,
    private readonly factors: SecondFactors,
  ) {}

  read(actor: RequestActor): Promise<SignInPolicy> {
    return this.database.read(actor, (tx) => this.clinics.signInPolicy(tx));
  }

  /** Whoever asks a second factor of everybody has one: nobody locks the office out by a click. @throws SecondFactorMissing */
  change(actor: RequestActor, wanted: SignInPolicy): Promise<SignInPolicy> {
    return this.database.write(actor, async (tx) => {
      const before = await this.clinics.signInPolicy(tx);
      const turnsOn = wanted.requireSecondFactor && !before.requireSecondFactor;
      if (turnsOn && !(await this.factors.isSetUp(tx, actor.staffId))) throw new SecondFactorMissing();
      const after = {
        requireSecondFactor: wanted.requireSecondFactor,
        deskReadsCharts: wanted.deskReadsCharts,
      };
      await this.clinics.setSignInPolicy(tx, after);
      const detail = { before, after };
      await record(tx, {
        action: 'sign-in-policy.change',
        entityId: actor.clinicId,
        patientId: null,
        detail,
      });
      return after;
    });
  }
}
