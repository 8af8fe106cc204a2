import { record } from '#audit';
import { Database, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { ClinicsService, type SignInPolicy } from '../clinics.service.js';
import { PasswordsNeeded } from '../oidc/domain/oidc.errors.js';
import { IdentityProvidersRepository } from '../oidc/identity-providers.repository.js';
import type { RequestActor } from '../request-actor.js';
import { SecondFactorMissing } from './domain/second-factor.errors.js';
import type { ChangeSignInPolicy } from './http/sign-in-policy.dto.js';
import { SecondFactors } from './second-factors.js';

/** The clinic's switches for signing in. */
@Injectable()
export class SignInPolicyService {
  constructor(
    private readonly database: Database,
    private readonly clinics: ClinicsService,
    private readonly factors: SecondFactors,
    private readonly providers: IdentityProvidersRepository,
  ) {}

  read(actor: RequestActor): Promise<SignInPolicy> {
    return this.database.read(actor, (tx) => this.clinics.signInPolicy(tx));
  }

  /**
   * Whoever asks a second factor of everybody has one, and whoever forbids passwords has signed in without: nobody locks the
   * office out by a click. @throws SecondFactorMissing, PasswordsNeeded
   */
  change(actor: RequestActor, wanted: ChangeSignInPolicy): Promise<SignInPolicy> {
    return this.database.write(actor, async (tx) => {
      const before = await this.clinics.signInPolicyToChange(tx);
      const turnsOn = wanted.requireSecondFactor && !before.requireSecondFactor;
      if (turnsOn && !(await this.factors.isSetUp(tx, actor.staffId))) throw new SecondFactorMissing();
      const { requireSecondFactor, deskReadsCharts, passwordsAllowed = before.passwordsAllowed } = wanted;
      if (before.passwordsAllowed && !passwordsAllowed) await this.#assertPasswordsNotNeeded(tx, actor);
      const after = { requireSecondFactor, deskReadsCharts, passwordsAllowed };
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

  async #assertPasswordsNotNeeded(tx: Tx, { staffId }: RequestActor): Promise<void> {
    if (!(await this.providers.read(tx))) throw new PasswordsNeeded({ because: 'no-identity-provider' });
    if (!(await this.providers.hasSignedIn(tx, staffId)))
      throw new PasswordsNeeded({ because: 'not-signed-in-there' });
  }
}
