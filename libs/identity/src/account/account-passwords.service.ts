import { record } from '#audit';
import { Database } from '#database';
import { Jobs } from '#jobs';
import { Injectable, Logger } from '@nestjs/common';

import { Guesses } from '../guesses/guesses.js';
import { hashPassword } from '../passwords.js';
import { sha256 } from '../secrets.js';
import { type From } from '../sessions.service.js';
import { SessionsRepository } from '../sessions.repository.js';
import { AccountsRepository, type LinkOwner } from './accounts.repository.js';
import { AccountLinkOver, PasswordsForbidden } from './domain/account.errors.js';
import { contextWords } from './domain/password-rules.js';
import { assertStrong } from './password-strength.js';

/** Setting a password by a link that came by mail: of an invitation, or because it was forgotten. */
@Injectable()
export class AccountPasswordsService {
  readonly #log = new Logger('AccountPasswords');

  constructor(
    private readonly database: Database,
    private readonly accounts: AccountsRepository,
    private readonly sessions: SessionsRepository,
    private readonly guesses: Guesses,
    private readonly jobs: Jobs,
  ) {}

  /** Known or not, the answer is the same and comes before anything is looked for. @throws TooManyRequests */
  async askForLink(email: string, { requestId, address }: From): Promise<void> {
    const name = email.toLowerCase();
    await this.database.withoutClinic((tx) => this.guesses.countReset(tx, name, address));
    void this.#sendLinks(name, { requestId, address });
  }

  /** Ends every session of the person and opens a locked account. @throws AccountLinkOver, PasswordsForbidden, PasswordRefused, TooManyRequests */
  async setByLink(token: string, password: string, from: From): Promise<void> {
    await this.database.withoutClinic((tx) => this.guesses.countAddress(tx, from.address));
    const owner = await this.accounts.linkOwner(sha256(token));
    if (!owner) throw new AccountLinkOver();
    const { clinicId, staffId } = owner;
    const actor = { clinicId, staffId, requestId: from.requestId, address: from.address };
    const account = await this.database.read(actor, (tx) => this.accounts.read(tx, staffId));
    if (!account.passwordsAllowed) throw new PasswordsForbidden();
    await assertStrong(password, contextWords(account));
    const hash = await hashPassword(password);
    await this.database.write(actor, async (tx) => {
      if (!(await this.accounts.useLink(tx, owner.tokenId))) throw new AccountLinkOver();
      await this.accounts.setPassword(tx, staffId, hash);
      await this.accounts.forgetLinks(tx, staffId);
      await this.sessions.revoke(tx, staffId);
      await this.guesses.unlock(tx, account.email);
      await this.guesses.forgiveAddress(tx, from.address);
      await record(tx, { action: actionOf(owner), entityId: staffId, patientId: null });
    });
  }

  async #sendLinks(email: string, from: From): Promise<void> {
    try {
      const accounts = await this.database.withoutClinic((tx) => this.sessions.accounts(tx, email));
      for (const { clinicId, staffId } of accounts) {
        await this.database.write({ clinicId, staffId, ...from }, async (tx) => {
          await this.jobs.enqueue(tx, 'account-mail', { clinicId, staffId, purpose: 'reset' });
          await record(tx, { action: 'password.ask-for-reset', entityId: staffId, patientId: null });
        });
      }
    } catch (error) {
      this.#log.error(`A reset was not sent · ${error instanceof Error ? error.name : 'unknown'}`);
    }
  }
}

const actionOf = ({ purpose }: LinkOwner) =>
  purpose === 'invitation' ? ('invitation.take-up' as const) : ('password.reset' as const);
