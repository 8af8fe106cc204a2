import { randomBytes } from 'node:crypto';

import { record } from '#audit';
import { Database, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { PasswordCheck } from '../account/password-check.js';
import { ClinicsService } from '../clinics.service.js';
import type { RequestActor } from '../request-actor.js';
import { Sealing } from '../sealing.js';
import { sessionOf } from '../sessions.service.js';
import { recoveryCodeOf } from './domain/recovery-code.js';
import {
  SecondFactorCodeWrong,
  SecondFactorMissing,
  SecondFactorObligatory,
  SecondFactorSetUp,
} from './domain/second-factor.errors.js';
import type { NewRecoveryCodes, NewSecondFactor, SecondFactorView } from './http/second-factor.dto.js';
import { recoveryHash, sealedFor, SecondFactors } from './second-factors.js';
import { SecondFactorsRepository } from './second-factors.repository.js';
import { newTotpSecret, totpUri } from './totp.js';

const RECOVERY_CODES = 10;

/** One's own second factor. */
@Injectable()
export class SecondFactorService {
  constructor(
    private readonly database: Database,
    private readonly factors: SecondFactorsRepository,
    private readonly codes: SecondFactors,
    private readonly passwords: PasswordCheck,
    private readonly clinics: ClinicsService,
    private readonly sealing: Sealing,
  ) {}

  read(actor: RequestActor): Promise<SecondFactorView> {
    return this.database.read(actor, async (tx) => {
      const row = await this.factors.read(tx, actor.staffId);
      const recoveryCodesLeft = await this.factors.recoveryCodesLeft(tx, actor.staffId);
      const { requireSecondFactor } = await this.clinics.signInPolicy(tx);
      return { setUpAt: row?.confirmedAt ?? null, recoveryCodesLeft, obligatory: requireSecondFactor };
    });
  }

  /** A secret for the app, to be confirmed by a first code. @throws PasswordWrong, SecondFactorSetUp, SealingNotSetUp */
  async begin(actor: RequestActor, password: string | undefined): Promise<NewSecondFactor> {
    const { email } = await this.passwords.assertOwn(actor, password);
    const secret = newTotpSecret();
    const sealed = this.sealing.seal(secret, sealedFor(actor.clinicId, actor.staffId));
    await this.database.write(actor, async (tx) => {
      if (!(await this.factors.begin(tx, actor.staffId, sealed))) throw new SecondFactorSetUp();
      await record(tx, { action: 'second-factor.begin', entityId: actor.staffId, patientId: null });
    });
    return { secret, uri: totpUri(secret, email) };
  }

  /** From now on signing in asks for it; this session counts as having shown it. @throws SecondFactorMissing, SecondFactorCodeWrong */
  confirm(actor: RequestActor, code: string): Promise<NewRecoveryCodes> {
    return this.database.write(actor, async (tx) => {
      const row = await this.factors.read(tx, actor.staffId);
      if (!row) throw new SecondFactorMissing();
      if (row.confirmedAt !== null) throw new SecondFactorSetUp();
      if (!(await this.codes.takeAppCode(tx, actor.staffId, code))) throw new SecondFactorCodeWrong();
      if (!(await this.factors.confirm(tx, actor.staffId))) throw new SecondFactorSetUp();
      await this.factors.noteShown(tx, sessionOf(actor));
      await record(tx, { action: 'second-factor.confirm', entityId: actor.staffId, patientId: null });
      return this.#newRecoveryCodes(tx, actor.staffId);
    });
  }

  /** For a session opened without it, at an identity provider say. @throws SecondFactorMissing, SecondFactorCodeWrong, TooManyRequests */
  async show(actor: RequestActor, code: string): Promise<void> {
    const account = await this.passwords.countGuess(actor);
    return this.database.write(actor, async (tx) => {
      await this.#assertCode(tx, actor.staffId, code);
      await this.passwords.forgive(tx, actor, account);
      await this.factors.noteShown(tx, sessionOf(actor));
      await record(tx, { action: 'second-factor.show', entityId: actor.staffId, patientId: null });
    });
  }

  /** Makes the old sheet worthless. @throws SecondFactorMissing, SecondFactorCodeWrong, TooManyRequests */
  async renewRecoveryCodes(actor: RequestActor, code: string): Promise<NewRecoveryCodes> {
    const account = await this.passwords.countGuess(actor);
    return this.database.write(actor, async (tx) => {
      await this.#assertCode(tx, actor.staffId, code);
      await this.passwords.forgive(tx, actor, account);
      await record(tx, {
        action: 'second-factor.renew-recovery-codes',
        entityId: actor.staffId,
        patientId: null,
      });
      return this.#newRecoveryCodes(tx, actor.staffId);
    });
  }

  /** @throws SecondFactorObligatory, SecondFactorMissing, SecondFactorCodeWrong, TooManyRequests */
  async remove(actor: RequestActor, code: string): Promise<void> {
    const account = await this.passwords.countGuess(actor);
    return this.database.write(actor, async (tx) => {
      if ((await this.clinics.signInPolicy(tx)).requireSecondFactor) throw new SecondFactorObligatory();
      await this.#assertCode(tx, actor.staffId, code);
      await this.passwords.forgive(tx, actor, account);
      await this.factors.remove(tx, actor.staffId);
      await record(tx, { action: 'second-factor.remove', entityId: actor.staffId, patientId: null });
    });
  }

  async #assertCode(tx: Tx, staffId: string, code: string): Promise<void> {
    if (!(await this.codes.isSetUp(tx, staffId))) throw new SecondFactorMissing();
    if (!(await this.codes.take(tx, staffId, code))) throw new SecondFactorCodeWrong();
  }

  async #newRecoveryCodes(tx: Tx, staffId: string): Promise<NewRecoveryCodes> {
    const recoveryCodes = Array.from({ length: RECOVERY_CODES }, () => recoveryCodeOf(randomBytes(16)));
    await this.factors.replaceRecoveryCodes(tx, staffId, recoveryCodes.map(recoveryHash));
    return { recoveryCodes };
  }
}
