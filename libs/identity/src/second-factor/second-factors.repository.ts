import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

export interface SecondFactorRow {
  readonly sealedSecret: string;
  readonly confirmedAt: Date | null;
}

const READ = sql(`
  SELECT sealed_secret AS "sealedSecret", confirmed_at AS "confirmedAt"
    FROM second_factor WHERE clinic_id = $1 AND staff_id = $2`);
const BEGIN = sql(`
  INSERT INTO second_factor AS f (clinic_id, staff_id, sealed_secret, created_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (clinic_id, staff_id) DO UPDATE SET sealed_secret = $3, created_at = $4, last_step = 0
   WHERE f.confirmed_at IS NULL`);
const CONFIRM = sql(`
  UPDATE second_factor SET confirmed_at = $3 WHERE clinic_id = $1 AND staff_id = $2 AND confirmed_at IS NULL`);
const TAKE_STEP = sql(`
  UPDATE second_factor SET last_step = $3 WHERE clinic_id = $1 AND staff_id = $2 AND last_step < $3`);
const TAKE_RECOVERY = sql(`
  UPDATE recovery_code SET used_at = $4
   WHERE clinic_id = $1 AND staff_id = $2 AND code_hash = $3 AND used_at IS NULL`);
const FORGET_RECOVERY = sql('DELETE FROM recovery_code WHERE clinic_id = $1 AND staff_id = $2');
const KEEP_RECOVERY = sql(`
  INSERT INTO recovery_code (clinic_id, staff_id, code_hash) SELECT $1, $2, unnest($3::bytea[])`);
const COUNT_RECOVERY = sql(`
  SELECT count(*)::int AS left FROM recovery_code WHERE clinic_id = $1 AND staff_id = $2 AND used_at IS NULL`);
const REMOVE = sql('DELETE FROM second_factor WHERE clinic_id = $1 AND staff_id = $2');
const SHOWN = sql('UPDATE session SET second_factor = true WHERE clinic_id = $1 AND id = $2');

@Injectable()
export class SecondFactorsRepository {
  read(tx: Tx, staffId: string): Promise<SecondFactorRow | null> {
    return tx.maybe<SecondFactorRow>(READ, [tx.clinicId, staffId]);
  }

  /** Keeps a secret to be confirmed; false when one is confirmed already. */
  async begin(tx: Tx, staffId: string, sealedSecret: string): Promise<boolean> {
    return (await tx.run(BEGIN, [tx.clinicId, staffId, sealedSecret, tx.now])) === 1;
  }

  async confirm(tx: Tx, staffId: string): Promise<boolean> {
    return (await tx.run(CONFIRM, [tx.clinicId, staffId, tx.now])) === 1;
  }

  /** False when this time step, or a later one, was taken before. */
  async takeStep(tx: Tx, staffId: string, step: number): Promise<boolean> {
    return (await tx.run(TAKE_STEP, [tx.clinicId, staffId, step])) === 1;
  }

  async takeRecoveryCode(tx: Tx, staffId: string, hash: Buffer): Promise<boolean> {
    return (await tx.run(TAKE_RECOVERY, [tx.clinicId, staffId, hash, tx.now])) === 1;
  }

  async replaceRecoveryCodes(tx: Tx, staffId: string, hashes: readonly Buffer[]): Promise<void> {
    await tx.run(FORGET_RECOVERY, [tx.clinicId, staffId]);
    await tx.run(KEEP_RECOVERY, [tx.clinicId, staffId, hashes]);
  }

  async recoveryCodesLeft(tx: Tx, staffId: string): Promise<number> {
    return (await tx.one<{ left: number }>(COUNT_RECOVERY, [tx.clinicId, staffId])).left;
  }

  async remove(tx: Tx, staffId: string): Promise<boolean> {
    await tx.run(FORGET_RECOVERY, [tx.clinicId, staffId]);
    return (await tx.run(REMOVE, [tx.clinicId, staffId])) === 1;
  }

  async noteShown(tx: Tx, sessionId: string): Promise<void> {
    await tx.run(SHOWN, [tx.clinicId, sessionId]);
  }
}
