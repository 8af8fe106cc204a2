import { CONFIG, type Config } from '#config';
import { Database, systemActor, type Actor, type Tx } from '#database';
import { Inject, Injectable } from '@nestjs/common';

import { BEGINNING, macOf, NO_MAC, RowsHash, type Seal, type SealClaim } from '../domain/seal.js';
import { SealsRepository } from './seals.repository.js';

/** No key is set: nothing can be sealed. A fault of the set-up, not of a caller. */
export class SealKeyMissing extends Error {
  override readonly name = 'SealKeyMissing';
}

const ROWS_A_SEAL = 5000;

/** The newest seal of a clinic, to be kept where the database's keepers cannot reach it. */
export interface Anchor {
  readonly clinicId: string;
  readonly number: number;
  /** Hexadecimal. */
  readonly mac: string;
  readonly keyId: string;
  readonly sealedAt: string;
}

/** Seals what the trail holds, in batches and after the fact, so that no writer waits for it. */
@Injectable()
export class SealsService {
  constructor(
    private readonly database: Database,
    private readonly seals: SealsRepository,
    @Inject(CONFIG) private readonly config: Pick<Config, 'auditKeys'>,
  ) {}

  /**
   * Seals all of a clinic's rows whose order is settled, and tells how many.
   * @throws SealKeyMissing
   */
  async seal(clinicId: string): Promise<number> {
    let sealed = 0;
    for (;;) {
      const rows = await this.database.write(systemActor(clinicId), (tx) => this.#sealBatch(tx));
      sealed += rows;
      if (rows < ROWS_A_SEAL) return sealed;
    }
  }

  /** null while nothing is sealed. */
  anchor(actor: Actor): Promise<Anchor | null> {
    return this.database.read(actor, async (tx) => anchorOf(await this.seals.latest(tx)));
  }

  async #sealBatch(tx: Tx): Promise<number> {
    const [newest] = this.config.auditKeys;
    if (!newest) throw new SealKeyMissing('Set AUDIT_KEYS');
    const [keyId, key] = newest;
    await this.seals.alone(tx);
    const before = await this.seals.latest(tx);
    const after = before?.last ?? BEGINNING;
    const rows = await this.seals.final(tx, after, ROWS_A_SEAL);
    const last = rows.at(-1);
    if (!last) return 0;
    const hash = new RowsHash();
    for (const row of rows) hash.add(row);
    const claim: SealClaim = {
      clinicId: tx.clinicId,
      number: (before?.number ?? 0) + 1,
      after,
      last: { xact: BigInt(last.xact), id: BigInt(last.id) },
      rows: rows.length,
      rowsHash: hash.digest(),
      previousMac: before?.mac ?? NO_MAC,
      keyId,
      sealedAt: tx.now.toISOString(),
    };
    await this.seals.keep(tx, { ...claim, mac: macOf(claim, key) });
    return rows.length;
  }
}

export const anchorOf = (seal: Seal | null): Anchor | null =>
  seal && {
    clinicId: seal.clinicId,
    number: seal.number,
    mac: seal.mac.toString('hex'),
    keyId: seal.keyId,
    sealedAt: seal.sealedAt,
  };
