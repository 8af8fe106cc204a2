import { type AuditEntry, record } from '#audit';
import { Database, type Tx } from '#database';
import { assertFresh } from '#http';
import { Injectable } from '@nestjs/common';

import type { RequestActor } from '../request-actor.js';
import { SecondFactorMissing } from '../second-factor/domain/second-factor.errors.js';
import { SecondFactorsRepository } from '../second-factor/second-factors.repository.js';
import { SessionsRepository } from '../sessions.repository.js';
import { PrescriberMustPractise, StaffMemberNotFound } from './domain/staff.errors.js';
import type { RegisterStaff, StaffMemberView } from './http/staff-member.dto.js';
import { StaffMembersRepository } from './staff-members.repository.js';

/** What people may do and where; every change is kept in the audit trail with the old and the new value. */
@Injectable()
export class StaffDutiesService {
  constructor(
    private readonly database: Database,
    private readonly members: StaffMembersRepository,
    private readonly sessions: SessionsRepository,
    private readonly factors: SecondFactorsRepository,
  ) {}

  /** They count from the person's next request on. @throws StaffMemberNotFound, LastAdmin, StaleVersion */
  changeRoles(
    actor: RequestActor,
    id: string,
    roles: readonly string[],
    read: number | undefined,
  ): Promise<StaffMemberView> {
    return this.#change(
      actor,
      id,
      read,
      'staff.change-roles',
      ({ roles: held, isPrescriber }) => ({ roles: held, isPrescriber }),
      (tx) => this.members.setRoles(tx, id, roles),
    );
  }

  /** Whoever records it has checked it with the body named. @throws StaffMemberNotFound, PrescriberMustPractise, StaleVersion */
  register(
    actor: RequestActor,
    id: string,
    { body, number, isPrescriber }: RegisterStaff,
    read: number | undefined,
  ): Promise<StaffMemberView> {
    return this.#change(actor, id, read, 'staff.register', registrationOf, async (tx, { roles }) => {
      if (isPrescriber && !roles.includes('practitioner')) throw new PrescriberMustPractise();
      await this.members.register(tx, id, { body, number }, isPrescriber);
    });
  }

  /** Without a registration nobody prescribes. @throws StaffMemberNotFound, StaleVersion */
  unregister(actor: RequestActor, id: string, read: number | undefined): Promise<StaffMemberView> {
    return this.#change(actor, id, read, 'staff.unregister', registrationOf, (tx) =>
      this.members.register(tx, id, null, false),
    );
  }

  /** None is everywhere. @throws StaffMemberNotFound, WorkplaceNotFound, StaleVersion */
  changeLocations(
    actor: RequestActor,
    id: string,
    locationIds: readonly string[],
    read: number | undefined,
  ): Promise<StaffMemberView> {
    return this.#change(
      actor,
      id,
      read,
      'staff.change-locations',
      ({ locationIds: held }) => ({ locationIds: held }),
      (tx) => this.members.setLocations(tx, id, locationIds),
    );
  }

  /** For a lost telephone and a lost sheet: the person sets up another; all their sessions end. @throws StaffMemberNotFound, SecondFactorMissing */
  removeSecondFactor(actor: RequestActor, id: string): Promise<void> {
    return this.database.write(actor, async (tx) => {
      if (!(await this.members.lock(tx, id))) throw new StaffMemberNotFound();
      if (!(await this.factors.remove(tx, id))) throw new SecondFactorMissing();
      await this.sessions.revoke(tx, id);
      await record(tx, { action: 'staff.remove-second-factor', entityId: id, patientId: null });
    });
  }

  async #change(
    actor: RequestActor,
    id: string,
    read: number | undefined,
    action: AuditEntry['action'],
    what: (member: StaffMemberView) => object,
    change: (tx: Tx, before: StaffMemberView) => Promise<void>,
  ): Promise<StaffMemberView> {
    return this.database.write(actor, async (tx) => {
      const before = await this.members.lock(tx, id);
      if (!before) throw new StaffMemberNotFound();
      assertFresh(before.version, read);
      await change(tx, before);
      const after = await this.members.read(tx, id);
      if (!after) throw new StaffMemberNotFound();
      const detail = { before: what(before), after: what(after) };
      await record(tx, { action, entityId: id, patientId: null, detail });
      return after;
    });
  }
}

const registrationOf = ({ registration, isPrescriber }: StaffMemberView): object => ({
  body: registration?.body ?? null,
  number: registration?.number ?? null,
  isPrescriber,
});
