import { Database, systemActor } from '#database';
import { FileStore } from '#files';
import { JobHandler, type JobData } from '#jobs';
import { Injectable } from '@nestjs/common';

import { ErasuresRepository } from './erasures.repository.js';

const AT_A_TIME = 100;

/** Removes the bytes of files whose rows an erasure took, small pictures too; what the store refuses is tried again. */
@Injectable()
export class RemoveErasedFiles extends JobHandler {
  readonly queue = 'remove-erased-files';

  constructor(
    private readonly database: Database,
    private readonly erasures: ErasuresRepository,
    private readonly store: FileStore,
  ) {
    super();
  }

  /** @throws FileStoreUnavailable */
  async work({ clinicId }: JobData): Promise<void> {
    const system = systemActor(clinicId);
    for (;;) {
      const keys = await this.database.read(system, (tx) => this.erasures.filesToRemove(tx, AT_A_TIME));
      if (keys.length === 0) return;
      for (const key of keys) await this.store.remove(key);
      await this.database.write(system, (tx) => this.erasures.filesRemoved(tx, keys));
    }
  }
}
