import type { Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { Sealing } from '../sealing.js';
import { sha256 } from '../secrets.js';
import { isAppCode, plainRecoveryCode } from './domain/recovery-code.js';
import { SecondFactorsRepository } from './second-factors.repository.js';
import { totpStep } from './totp.js';

/** What a sealed secret of an authenticator belongs to. */
export const sealedFor = (clinicId: string, staffId: string): string =>
  `second-factor ${clinicId} ${staffId}`;

export const recoveryHash = (code: string): Buffer => sha256(`recovery ${plainRecoveryCode(code)}`);

/** Takes codes: each works once, whoever sends it first. */
@Injectable()
export class SecondFactors {
  constructor(
    private readonly factors: SecondFactorsRepository,
    private readonly sealing: Sealing,
  ) {}

  async isSetUp(tx: Tx, staffId: string): Promise<boolean> {
    return ((await this.factors.read(tx, staffId))?.confirmedAt ?? null) !== null;
  }

  /** Whether the code, of the app or of the recovery sheet, is right and was not used before. */
  async take(tx: Tx, staffId: string, code: string): Promise<boolean> {
    if (isAppCode(code)) return this.takeAppCode(tx, staffId, code);
    return this.factors.takeRecoveryCode(tx, staffId, recoveryHash(code));
  }

  async takeAppCode(tx: Tx, staffId: string, code: string): Promise<boolean> {
    const row = await this.factors.read(tx, staffId);
    if (!row) return false;
    const secret = this.sealing.open(row.sealedSecret, sealedFor(tx.clinicId, staffId));
    const step = totpStep(secret, code, tx.now);
    return step !== null && this.factors.takeStep(tx, staffId, step);
  }
}
