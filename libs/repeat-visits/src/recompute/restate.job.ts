import { Database, systemActor, type Tx } from '#database';
import { JobHandler, type JobData } from '#jobs';
import { Injectable } from '@nestjs/common';

import { type KeptWindowEvent, WindowEvents } from '../window-events.port.js';
import { RecomputesService } from './recomputes.service.js';
import { type RestatedWindow, restateWindows } from './restated-windows.repository.js';

/** Where somebody has to do something about it. */
const TOLD: ReadonlySet<string | null> = new Set(['due', 'past-due', 'lapsed']);

export const RESTATE_QUEUE = 'repeat-visits-restate';

/** Every night: says of each window that came to stand elsewhere where it stands now, and since which day. Twice is once. */
@Injectable()
export class RestateWindows extends JobHandler {
  readonly queue = RESTATE_QUEUE;

  constructor(
    private readonly database: Database,
    private readonly recomputes: RecomputesService,
    private readonly events: WindowEvents,
  ) {
    super();
  }

  async work({ clinicId }: JobData): Promise<void> {
    await this.database.write(systemActor(clinicId), async (tx) => {
      await this.restate(tx);
      await this.recomputes.followFigures(tx);
    });
  }

  /** How many windows came to stand elsewhere. */
  async restate(tx: Tx): Promise<number> {
    const restated = await restateWindows(tx, tx.now);
    await this.events.publish(
      tx,
      restated.filter((one): one is RestatedWindow & KeptWindowEvent => TOLD.has(one.what)),
    );
    return restated.length;
  }
}
