import { Database, systemActor } from '#database';
import { fileFolder, FileStore } from '#files';
import { type JobData, JobHandler } from '#jobs';
import { addDays, Clock, dateIn } from '#kernel';
import { Injectable } from '@nestjs/common';

import { StoredFilesRepository } from './stored-files.repository.js';

const FIRST_DAY_BACK = 2;
const LAST_DAY_BACK = 32;
const AT_A_TIME = 500;

/**
 * Removes files no record came to name: a transaction failed, or the process died in between. Only days that are over are
 * looked at, since a record may still be on its way; and a month of them, should the job have stood still.
 */
@Injectable()
export class RemoveOrphanFiles extends JobHandler {
  readonly queue = 'remove-orphan-files';

  constructor(
    private readonly database: Database,
    private readonly files: StoredFilesRepository,
    private readonly store: FileStore,
    private readonly clock: Clock,
  ) {
    super();
  }

  async work({ clinicId }: JobData): Promise<void> {
    const today = dateIn(this.clock.now(), 'UTC');
    for (let back = FIRST_DAY_BACK; back <= LAST_DAY_BACK; back += 1) {
      let some: string[] = [];
      for await (const key of this.store.list(fileFolder(clinicId, addDays(today, -back)))) {
        some.push(key);
        if (some.length < AT_A_TIME) continue;
        await this.#removeUnknown(clinicId, some);
        some = [];
      }
      await this.#removeUnknown(clinicId, some);
    }
  }

  async #removeUnknown(clinicId: string, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const wholes = [...new Set(keys.map(wholeOf))];
    const known = await this.database.read(systemActor(clinicId), (tx) => this.files.known(tx, wholes));
    for (const key of keys) if (!known.has(wholeOf(key))) await this.store.remove(key);
  }
}

const wholeOf = (key: string): string => key.replace(/\.thumb$/, '');
