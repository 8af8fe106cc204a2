import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { AuditEventView, FindAuditEvents } from './http/trail.dto.js';

const DAY_MS = 86_400_000;
const USUAL_DAYS = 31;

/** Which filter stands on which column; each set of filters asked for becomes one prepared statement. */
const FILTERS = [
  ['staffId', 'e.staff_id = ?'],
  ['patientId', 'e.patient_id = ANY (?::uuid[])'],
  ['action', 'e.action = ?'],
  ['entity', 'e.entity = ?'],
  ['actions', 'e.action = ANY (?::text[])'],
  ['entityId', 'e.entity_id = ?'],
  // As words of the statement: the index of what was refused holds nothing else.
  ['done', `e.outcome = 'done'`],
  ['refused', `e.outcome = 'refused'`],
  ['from', 'e.at >= ?'],
  ['until', 'e.at < ?'],
  ['after', '(e.at, e.id) < (?, ?)'],
] as const;

/** Filters given as the values of their places, however many. */
const MANY: ReadonlySet<string> = new Set(['after', 'done', 'refused']);

// A merged record is the same person's: whoever looked at either looked at this patient.
const RECORDS = sql(`
  WITH one AS (SELECT coalesce(merged_into_id, id) AS id FROM patient WHERE clinic_id = $1 AND id = $2)
  SELECT p.id FROM one JOIN patient p ON p.clinic_id = $1 AND (p.id = one.id OR p.merged_into_id = one.id)`);

// A kind of record has few verbs: each is looked up in the index of actions, whatever there is of it.
const ACTIONS_OF = sql(`
  WITH RECURSIVE known AS (
    (SELECT action FROM audit_event WHERE clinic_id = $1 ORDER BY action LIMIT 1)
    UNION ALL
    SELECT (SELECT e.action FROM audit_event e WHERE e.clinic_id = $1 AND e.action > k.action ORDER BY e.action LIMIT 1)
      FROM known k WHERE k.action IS NOT NULL)
  SELECT action FROM known WHERE starts_with(action, $2 || '.')`);

/** The trail as it is looked through: newest first. */
@Injectable()
export class TrailQueries {
  /** One row more than `limit` when there are more. */
  async find(
    tx: Tx,
    { staffId, patientId, action, entity, entityId, outcome, from, to, limit }: FindAuditEvents,
    cursor: readonly (string | number)[] | null,
  ): Promise<AuditEventView[]> {
    const records = patientId === undefined ? undefined : await this.records(tx, patientId);
    const until = to === undefined ? undefined : new Date(Date.parse(to) + DAY_MS);
    const bounded = from !== undefined || staffId !== undefined || patientId !== undefined;
    const since = new Date((until ?? tx.now).getTime() - USUAL_DAYS * DAY_MS);
    return this.#rows(tx, limit, {
      staffId,
      // Nobody's records: still what was tried on an id that is none here.
      patientId: records && (records.length > 0 ? records : [patientId]),
      action,
      entity,
      actions: entity === undefined || action !== undefined ? undefined : await this.#actionsOf(tx, entity),
      entityId,
      done: outcome === 'done' ? [] : undefined,
      refused: outcome === 'refused' ? [] : undefined,
      from: bounded ? from && new Date(from) : since,
      until,
      after: cursor ?? undefined,
    });
  }

  /** The ids under which a person's rows stand; none when there is no such patient. */
  async records(tx: Tx, patientId: string): Promise<string[]> {
    return (await tx.rows<{ id: string }>(RECORDS, [tx.clinicId, patientId])).map(({ id }) => id);
  }

  async #actionsOf(tx: Tx, entity: string): Promise<string[]> {
    return (await tx.rows<{ action: string }>(ACTIONS_OF, [tx.clinicId, entity])).map(({ action }) => action);
  }

  #rows(
    tx: Tx,
    limit: number,
    given: Readonly<Partial<Record<(typeof FILTERS)[number][0], unknown>>>,
  ): Promise<AuditEventView[]> {
    const values: unknown[] = [tx.clinicId, limit + 1];
    const tests = FILTERS.flatMap(([name, test]) => {
      const value = given[name];
      if (value === undefined) return [];
      const parts: unknown[] = MANY.has(name) && Array.isArray(value) ? value : [value];
      let n = 0;
      const text = test.replaceAll('?', () => `$${values.length + ++n}`);
      values.push(...parts);
      return [`AND ${text}`];
    });
    const statement = sql(`
      SELECT e.id, e.at, e.staff_id AS "staffId", s.display_name AS "staffName", e.action, e.entity, e.entity_id AS "entityId",
             e.patient_id AS "patientId", e.outcome, e.address, e.request_id AS "requestId", e.detail
        FROM (SELECT * FROM audit_event e WHERE e.clinic_id = $1 ${tests.join(' ')} ORDER BY e.at DESC, e.id DESC LIMIT $2) e
        LEFT JOIN staff s ON s.clinic_id = e.clinic_id AND s.id = e.staff_id
       ORDER BY e.at DESC, e.id DESC`);
    return tx.rows<AuditEventView>(statement, values);
  }
}
