import { Database, systemActor } from '#database';
import { JobHandler, type JobData } from '#jobs';
import { oldestDay } from '#kernel';
import { Injectable } from '@nestjs/common';

import { FollowUpEvents } from '../follow-up-events.port.js';
import { FollowUpsRepository } from '../follow-ups.repository.js';

/** Every night: what nobody did by its last day is missed, so that the desk sees it. */
@Injectable()
export class MarkMissedFollowUps extends JobHandler {
  readonly queue = 'follow-ups-mark-missed';

  constructor(
    private readonly database: Database,
    private readonly followUps: FollowUpsRepository,
    private readonly events: FollowUpEvents,
  ) {
    super();
  }

  async work({ clinicId }: JobData): Promise<void> {
    await this.database.write(systemActor(clinicId), async (tx) => {
      const missed = await this.followUps.markMissed(tx, oldestDay(tx.now));
      await this.events.publish(
        tx,
        missed.map(({ id, patientId }) => ({ what: 'missed', followUpId: id, patientId })),
      );
    });
  }
}
