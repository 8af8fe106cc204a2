import { Database, sql, type Actor, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { StaffNotFound } from './domain/identity.errors.js';
import type { StaffList, StaffView } from './http/staff.dto.js';

const LIST = sql(`
  SELECT id, display_name AS "displayName", roles, is_prescriber AS "isPrescriber", active
    FROM staff WHERE clinic_id = $1 AND ($2::text IS NULL OR $2 = ANY (roles)) AND active AND kind = 'person'
   ORDER BY display_name, id LIMIT 500`);
const READ = sql(`
  SELECT id, display_name AS "displayName", roles, is_prescriber AS "isPrescriber", active
    FROM staff WHERE clinic_id = $1 AND id = ANY ($2::uuid[])`);

/** Who works in the clinic. */
@Injectable()
export class StaffService {
  constructor(private readonly database: Database) {}

  list(actor: Actor, role: string | undefined): Promise<StaffList> {
    return this.database.read(actor, async (tx) => ({
      items: await tx.rows<StaffView>(LIST, [tx.clinicId, role ?? null]),
    }));
  }

  /** For other contexts: the people by id, in any order; absent and foreign ones are simply missing. */
  find(tx: Tx, ids: readonly string[]): Promise<StaffView[]> {
    return tx.rows<StaffView>(READ, [tx.clinicId, ids]);
  }

  /** For other contexts: an active practitioner. @throws StaffNotFound */
  async requirePractitioner(tx: Tx, id: string): Promise<StaffView> {
    const [person] = await this.find(tx, [id]);
    if (!person?.active || !person.roles.includes('practitioner')) throw new StaffNotFound();
    return person;
  }
}
