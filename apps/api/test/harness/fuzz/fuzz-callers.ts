import { createHash } from 'node:crypto';

import { SCOPES } from '#identity';

import { joinKey, joinPerson, openSession } from '../callers.js';
import type { TestApi } from '../test-api.js';
import type { Caller } from './malformed-requests.js';
import type { KnownIds } from './plausible-values.js';

const PEOPLE: Readonly<
  Record<Exclude<Caller, 'nobody' | 'key'>, { roles: string[]; isPrescriber: boolean }>
> = {
  everything: { roles: ['receptionist', 'practitioner', 'admin'], isPrescriber: true },
  receptionist: { roles: ['receptionist'], isPrescriber: false },
  practitioner: { roles: ['practitioner'], isPrescriber: false },
  prescriber: { roles: ['practitioner'], isPrescriber: true },
  admin: { roles: ['admin'], isPrescriber: false },
};
/** Of each table and status. */
const IDS = 6;

/** One caller of each kind in a clinic; what a request took from them is given back by `restore`. */
export class FuzzCallers {
  private constructor(
    readonly api: TestApi,
    readonly clinicId: string,
    readonly token: Readonly<Partial<Record<Caller, string>>>,
    readonly staffIds: readonly string[],
  ) {}

  static async join(api: TestApi, clinicId: string): Promise<FuzzCallers> {
    const { admin } = api.db;
    const token: Partial<Record<Caller, string>> = {};
    const staffIds: string[] = [];
    for (const [caller, person] of Object.entries(PEOPLE)) {
      const staffId = await joinPerson(admin, clinicId, person);
      staffIds.push(staffId);
      token[caller as Caller] = await openSession(admin, clinicId, staffId, secretOf(caller));
    }
    const robot = await joinKey(admin, clinicId, SCOPES, secretOf('key'));
    staffIds.push(robot.staffId);
    token.key = robot.token;
    // Beside the schema, which the export of a patient and the erasures walk.
    await admin.query('CREATE SCHEMA fuzz');
    await admin.query('CREATE TABLE fuzz.staff AS SELECT * FROM staff WHERE clinic_id = $1', [clinicId]);
    return new FuzzCallers(api, clinicId, token, staffIds);
  }

  /** Signs everybody in again, gives the clinic its staff back, and lets sign-ins be guessed anew. */
  async restore(): Promise<void> {
    const { admin } = this.api.db;
    await admin.query(
      `UPDATE staff s SET roles = f.roles, is_prescriber = f.is_prescriber, active = f.active, deactivated_at = f.deactivated_at
         FROM fuzz.staff f
        WHERE s.clinic_id = f.clinic_id AND s.id = f.id AND (s.roles, s.is_prescriber, s.active) <> (f.roles, f.is_prescriber, f.active)`,
    );
    const ours = [this.clinicId, this.staffIds];
    await admin.query('DELETE FROM staff_location WHERE clinic_id = $1 AND staff_id = ANY ($2)', ours);
    await admin.query('DELETE FROM second_factor WHERE clinic_id = $1 AND staff_id = ANY ($2)', ours);
    await admin.query(
      `UPDATE session SET revoked_at = NULL, last_seen_at = now() WHERE clinic_id = $1 AND staff_id = ANY ($2)`,
      ours,
    );
    await admin.query(
      'UPDATE api_key SET revoked_at = NULL WHERE clinic_id = $1 AND staff_id = ANY ($2)',
      ours,
    );
    await admin.query('UPDATE clinic SET require_second_factor = false WHERE id = $1', [this.clinicId]);
    await admin.query('DELETE FROM rate_limit');
  }

  /** Some ids of each table of the clinic, those of the callers not among them: who would deactivate them would end the run. */
  async knownIds(): Promise<KnownIds> {
    const { admin } = this.api.db;
    const { rows: tables } = await admin.query<{ name: string }>(`
      SELECT table_name AS name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
       WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND column_name IN ('clinic_id', 'id') AND udt_name = 'uuid'
       GROUP BY table_name HAVING count(*) = 2 ORDER BY table_name`);
    const { rows: columns } = await admin.query<{ table: string; column: string }>(
      `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name IN ('staff_id', 'status')`,
    );
    const has = (table: string, column: string): boolean =>
      columns.some((one) => one.table === table && one.column === column);
    /** Of each status some, the newest first: an old one mostly takes no more. */
    const some = async (table: string, where = ''): Promise<string[]> => {
      const { rows } = await admin.query<{ id: string }>(
        `SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY ${has(table, 'status') ? 'status' : 'true'} ORDER BY id DESC) AS nth
                           FROM "${table}" WHERE clinic_id = $1 AND id <> ALL ($2)
                                           ${has(table, 'staff_id') ? 'AND staff_id <> ALL ($2)' : ''} ${where}) ranked
          WHERE nth <= ${IDS} ORDER BY id LIMIT 40`,
        [this.clinicId, this.staffIds],
      );
      return rows.map(({ id }) => id);
    };
    const found: Record<string, string[]> = {};
    for (const { name } of tables) {
      const ids = await some(name);
      if (ids.length > 0) found[name.replaceAll('_', '-')] = ids;
    }
    const practitioners = await some('staff', `AND 'practitioner' = ANY (roles)`);
    return {
      ...found,
      // What addresses and fields call by other words than the table.
      practitioner: practitioners,
      'staff-member': practitioners,
      type: found['appointment-type'] ?? practitioners,
      hold: found['appointment'] ?? practitioners,
    };
  }
}

const secretOf = (caller: string): string =>
  createHash('sha256').update(`fuzz ${caller}`).digest('base64url').slice(0, 43);
