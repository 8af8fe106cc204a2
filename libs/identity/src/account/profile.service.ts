import { record } from '#audit';
import { Database, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { hashPassword } from '../passwords.js';
import type { RequestActor } from '../request-actor.js';
import { SessionsRepository } from '../sessions.repository.js';
import { sessionOf } from '../sessions.service.js';
import { AccountsRepository } from './accounts.repository.js';
import { PasswordsForbidden } from './domain/account.errors.js';
import { contextWords } from './domain/password-rules.js';
import type { ProfileView } from './http/account.dto.js';
import { PasswordCheck } from './password-check.js';
import { assertStrong } from './password-strength.js';

/** What people see and change of their own account. */
@Injectable()
export class ProfileService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountsRepository,
    private readonly sessions: SessionsRepository,
    private readonly passwords: PasswordCheck,
  ) {}

  read(actor: RequestActor): Promise<ProfileView> {
    return this.database.read(actor, (tx) => this.#view(tx, actor));
  }

  rename(actor: RequestActor, displayName: string): Promise<ProfileView> {
    return this.database.write(actor, async (tx) => {
      await this.accounts.rename(tx, actor.staffId, displayName);
      const detail = { changed: ['displayName'] };
      await record(tx, { action: 'staff.rename', entityId: actor.staffId, patientId: null, detail });
      return this.#view(tx, actor);
    });
  }

  /** Ends all other sessions. @throws PasswordWrong, PasswordsForbidden, PasswordRefused, TooManyRequests */
  async changePassword(actor: RequestActor, present: string, next: string): Promise<void> {
    const account = await this.passwords.assertOwn(actor, present);
    if (!account.passwordsAllowed) throw new PasswordsForbidden();
    await assertStrong(next, contextWords(account));
    const hash = await hashPassword(next);
    await this.database.write(actor, async (tx) => {
      await this.accounts.setPassword(tx, actor.staffId, hash);
      await this.accounts.forgetLinks(tx, actor.staffId);
      await this.sessions.revoke(tx, actor.staffId, { except: sessionOf(actor) });
      await record(tx, { action: 'password.change', entityId: actor.staffId, patientId: null });
    });
  }

  async #view(tx: Tx, { staffId, roles, locationIds = [] }: RequestActor): Promise<ProfileView> {
    const { email, displayName, passwordHash } = await this.accounts.read(tx, staffId);
    const hasPassword = passwordHash !== null;
    return { staffId, email, displayName, roles: [...roles], locationIds: [...locationIds], hasPassword };
  }
}
