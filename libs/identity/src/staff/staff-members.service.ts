import { record } from '#audit';
import { Database, type Tx } from '#database';
import { assertFresh, pageOf, readCursor } from '#http';
import { Jobs } from '#jobs';
import { isId, newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { RequestActor } from '../request-actor.js';
import { AccountEnd } from './account-end.js';
import { StaffMemberNotFound, StaffStatusRefused } from './domain/staff.errors.js';
import type {
  InviteStaff,
  ListStaffMembers,
  StaffMemberPage,
  StaffMemberView,
} from './http/staff-member.dto.js';
import { StaffEvents } from './staff-events.port.js';
import { StaffMembersRepository } from './staff-members.repository.js';

const isText = (part: unknown): boolean => typeof part === 'string';

/** Who belongs to the clinic: inviting, letting go, taking back. */
@Injectable()
export class StaffMembersService {
  constructor(
    private readonly database: Database,
    private readonly members: StaffMembersRepository,
    private readonly accountEnd: AccountEnd,
    private readonly jobs: Jobs,
    private readonly events: StaffEvents,
  ) {}

  list(actor: RequestActor, { status, limit, after }: ListStaffMembers): Promise<StaffMemberPage> {
    const key = readCursor(after, [isText, isId]) ?? [];
    return this.database.read(actor, async (tx) => {
      const rows = await this.members.list(tx, { status: status ?? null, after: key, limit: limit + 1 });
      return pageOf(rows, limit, ({ displayName, id }) => [displayName, id]);
    });
  }

  /** @throws StaffMemberNotFound */
  read(actor: RequestActor, id: string): Promise<StaffMemberView> {
    return this.database.read(actor, (tx) => this.#present(tx, id));
  }

  /** Makes the account and sends the link that sets its password. @throws StaffEmailTaken, WorkplaceNotFound */
  invite(
    actor: RequestActor,
    { email, displayName, roles, locationIds = [] }: InviteStaff,
  ): Promise<StaffMemberView> {
    return this.database.write(actor, async (tx) => {
      const id = newId(tx.now.getTime());
      await this.members.add(tx, { id, email: email.toLowerCase(), displayName, roles });
      if (locationIds.length > 0) await this.members.setLocations(tx, id, locationIds);
      await this.jobs.enqueue(tx, 'account-mail', {
        clinicId: tx.clinicId,
        staffId: id,
        purpose: 'invitation',
      });
      await record(tx, {
        action: 'staff.invite',
        entityId: id,
        patientId: null,
        detail: { roles, locationIds },
      });
      return this.#present(tx, id);
    });
  }

  /** Sends another link; the one before is worthless then. @throws StaffMemberNotFound, StaffStatusRefused */
  inviteAgain(actor: RequestActor, id: string): Promise<void> {
    return this.database.write(actor, async (tx) => {
      const { status } = await this.#locked(tx, id);
      if (status !== 'invited') throw new StaffStatusRefused({ status });
      await this.jobs.enqueue(tx, 'account-mail', {
        clinicId: tx.clinicId,
        staffId: id,
        purpose: 'invitation',
      });
      await record(tx, { action: 'staff.invite-again', entityId: id, patientId: null });
    });
  }

  /** Every session, API key and calendar address of the person ends with this. @throws StaffMemberNotFound, LastAdmin, StaleVersion */
  deactivate(actor: RequestActor, id: string, read: number | undefined): Promise<StaffMemberView> {
    return this.database.write(actor, async (tx) => {
      const { status, version } = await this.#locked(tx, id);
      assertFresh(version, read);
      if (status === 'deactivated') throw new StaffStatusRefused({ status });
      await this.members.setActive(tx, id, false);
      const detail = await this.accountEnd.end(tx, id);
      await record(tx, { action: 'staff.deactivate', entityId: id, patientId: null, detail });
      return this.#present(tx, id);
    });
  }

  /** Nothing that ended comes back: the person signs in anew. @throws StaffMemberNotFound, StaffStatusRefused, StaleVersion */
  reactivate(actor: RequestActor, id: string, read: number | undefined): Promise<StaffMemberView> {
    return this.database.write(actor, async (tx) => {
      const { status, version } = await this.#locked(tx, id);
      assertFresh(version, read);
      if (status !== 'deactivated') throw new StaffStatusRefused({ status });
      await this.members.setActive(tx, id, true);
      await this.events.publish(tx, { what: 'reactivated', staffId: id });
      await record(tx, { action: 'staff.reactivate', entityId: id, patientId: null });
      return this.#present(tx, id);
    });
  }

  async #present(tx: Tx, id: string): Promise<StaffMemberView> {
    const member = await this.members.read(tx, id);
    if (!member) throw new StaffMemberNotFound();
    return member;
  }

  async #locked(tx: Tx, id: string): Promise<StaffMemberView> {
    const member = await this.members.lock(tx, id);
    if (!member) throw new StaffMemberNotFound();
    return member;
  }
}
