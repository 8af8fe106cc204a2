import { Database, systemActor } from '#database';
import { JobHandler, type JobData } from '#jobs';
import { Injectable, Logger } from '@nestjs/common';

import { CoursesService } from './courses.service.js';

const PATIENTS_AT_ONCE = 200;

/** Every night: courses are what the records say. One that had to be mended is a fault of ours, so it is told. */
@Injectable()
export class MendReturnCourses extends JobHandler {
  readonly queue = 'return-courses-mend';
  readonly #log = new Logger('MendReturnCourses');

  constructor(
    private readonly database: Database,
    private readonly courses: CoursesService,
  ) {
    super();
  }

  async work({ clinicId }: JobData): Promise<void> {
    let mended = 0;
    for (let after: string | null = null; ;) {
      // A transaction a batch: no patient is held for longer than a moment.
      const batch = await this.database.write(systemActor(clinicId), (tx) =>
        this.courses.mend(tx, after, PATIENTS_AT_ONCE),
      );
      mended += batch.mended;
      if (batch.last === null) break;
      after = batch.last;
    }
    if (mended > 0) this.#log.warn({ clinicId, mended });
  }
}
