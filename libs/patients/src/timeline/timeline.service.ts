import { record } from '#audit';
import { Database } from '#database';
import { pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { isCalendarDate, isId, isInstant } from '#kernel';
import { Injectable } from '@nestjs/common';

import { PatientRecords } from '../patient-records.js';
import type { ReadTimeline, TimelinePage } from './http/timeline.dto.js';
import { TimelinePort } from './timeline.port.js';
import { TimelineQueries } from './timeline.queries.js';

/** Everything that happened to a patient in the clinic, newest first, as far as the reader may see it. */
@Injectable()
export class TimelineService {
  constructor(
    private readonly database: Database,
    private readonly records: PatientRecords,
    private readonly port: TimelinePort,
    private readonly queries: TimelineQueries,
  ) {}

  /** @throws PatientNotFound */
  read(actor: RequestActor, id: string, { kinds, limit, after }: ReadTimeline): Promise<TimelinePage> {
    const cursor = readCursor(after, [isCalendarDate, isInstant, isWord, isId]) ?? [null, null, null, null];
    const sources = this.port.sourcesFor(actor.permissions);
    return this.database.read(actor, async (tx) => {
      const ids = await this.records.united(tx, id);
      const asked = { kinds: kinds ?? null, after: cursor, limit };
      const rows = sources.length === 0 ? [] : await this.queries.read(tx, sources, ids, asked);
      await record(tx, { action: 'patient.read-timeline', entityId: id, patientId: id });
      const { items, next } = pageOf(rows, limit, (row) => [row.day, row.at.toISOString(), row.kind, row.id]);
      return { items, next };
    });
  }
}

const isWord = (part: unknown): boolean => typeof part === 'string' && /^[a-z-]{1,40}$/.test(part);
