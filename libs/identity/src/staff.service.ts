import { Database, type Actor, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { StaffNotFound } from './domain/identity.errors.js';
import type { StaffList, StaffView } from './http/staff.dto.js';
import { staffByIds, staffOfRole } from './staff.queries.js';

/** Who works in the clinic. */
@Injectable()
export class StaffService {
  constructor(private readonly database: Database) {}

  list(actor: Actor, role: string | undefined): Promise<StaffList> {
    return this.database.read(actor, async (tx) => ({
      items: await staffOfRole(tx, role),
    }));
  }

  /** For other contexts: the people by id, in any order; absent and foreign ones are simply missing. */
  find(tx: Tx, ids: readonly string[]): Promise<StaffView[]> {
    return staffByIds(tx, ids);
  }

  /** For other contexts: an active practitioner. @throws StaffNotFound */
  async requirePractitioner(tx: Tx, id: string): Promise<StaffView> {
    const [person] = await this.find(tx, [id]);
    if (!person?.active || !person.roles.includes('practitioner')) throw new StaffNotFound();
    return person;
  }
}
