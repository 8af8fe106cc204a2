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

  /** @throws AggregateError with what the store said of those it did not remove; the others are gone and noted */
  async work({ clinicId }: JobData): Promise<void> {
    const system = systemActor(clinicId);
    const failures: unknown[] = [];
    for (let after = ''; ;) {
      const from = after;
      const keys = await this.database.read(system, (tx) => this.erasures.filesToRemove(tx, from, AT_A_TIME));
      const removed: string[] = [];
      for (const key of keys) {
        await this.store.remove(key).then(
          () => removed.push(key),
          (error: unknown) => failures.push(error),
        );
      }
      if (removed.length > 0)
        await this.database.write(system, (tx) => this.erasures.filesRemoved(tx, removed));
      after = keys.at(-1) ?? after;
      // A store that takes none of a page is away.
      if (keys.length < AT_A_TIME || removed.length === 0) break;
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Some files were not removed');
  }
}
