import { record, SealsService } from '#audit';
import { Database } from '#database';
import { pageOf, readCursor, type PageQuery } from '#http';
import type { RequestActor } from '#identity';
import { isInstant } from '#kernel';
import { Injectable } from '@nestjs/common';

import { PatientNotHere } from '../domain/privacy.errors.js';
import type {
  AnchorAnswer,
  AuditEventPage,
  AuditEventView,
  FindAuditEvents,
  LookPage,
} from './http/trail.dto.js';
import { plainWords } from './plain-words.js';
import { TrailQueries } from './trail.queries.js';

const CURSOR = [isInstant, Number.isSafeInteger];
const keyOf = ({ at, id }: AuditEventView): [string, number] => [new Date(at).toISOString(), id];

/** Looking through the audit trail, which leaves its own row there. */
@Injectable()
export class TrailService {
  constructor(
    private readonly database: Database,
    private readonly trail: TrailQueries,
    private readonly seals: SealsService,
  ) {}

  find(actor: RequestActor, query: FindAuditEvents): Promise<AuditEventPage> {
    const cursor = readCursor(query.after, CURSOR);
    return this.database.read(actor, async (tx) => {
      const rows = await this.trail.find(tx, query, cursor);
      const filters = Object.entries(query).filter(
        ([name, value]) => value !== undefined && name !== 'after',
      );
      await record(tx, {
        action: 'audit.read',
        entityId: null,
        patientId: query.patientId ?? null,
        detail: Object.fromEntries(filters),
      });
      return pageOf(rows, query.limit, keyOf);
    });
  }

  /** Who looked at a patient's record, for the patient. @throws PatientNotHere */
  looks(actor: RequestActor, patientId: string, { limit, after }: PageQuery): Promise<LookPage> {
    const cursor = readCursor(after, CURSOR);
    return this.database.read(actor, async (tx) => {
      if ((await this.trail.records(tx, patientId)).length === 0) throw new PatientNotHere();
      const page = pageOf(await this.trail.find(tx, { patientId, limit }, cursor), limit, keyOf);
      await record(tx, { action: 'audit.read', entityId: patientId, patientId });
      const items = page.items.map(({ at, staffName, action, outcome }) => ({
        at,
        who: staffName ?? 'the clinic’s own system',
        what: plainWords(action, outcome),
      }));
      return { items, next: page.next };
    });
  }

  async anchor(actor: RequestActor): Promise<AnchorAnswer> {
    const anchor = await this.seals.anchor(actor);
    await this.database.write(actor, (tx) =>
      record(tx, {
        action: 'audit.export-anchor',
        entityId: null,
        patientId: null,
        detail: { number: anchor?.number ?? null },
      }),
    );
    return { anchor };
  }
}
