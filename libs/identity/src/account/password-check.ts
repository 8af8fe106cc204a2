import { Database, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { Guesses, type Guesser } from '../guesses/guesses.js';
import { passwordMatches } from '../passwords.js';
import type { RequestActor } from '../request-actor.js';
import { AccountsRepository, type AccountRow } from './accounts.repository.js';
import { PasswordWrong } from './domain/account.errors.js';

/** Asks someone signed in for what they know once more: a screen left open is not its owner. */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountsRepository,
    private readonly guesses: Guesses,
  ) {}

  /** Whoever signs in elsewhere only has none to show. @throws PasswordWrong, TooManyRequests */
  async assertOwn(actor: RequestActor, password: string | undefined): Promise<AccountRow> {
    const account = await this.countGuess(actor);
    if (account.passwordHash === null) return account;
    if (password === undefined || !(await passwordMatches(account.passwordHash, password)))
      throw new PasswordWrong();
    await this.database.read(actor, (tx) => this.forgive(tx, actor, account));
    return account;
  }

  /** It was no guess after all. */
  forgive(tx: Tx, actor: RequestActor, { email }: Pick<AccountRow, 'email'>): Promise<void> {
    return this.guesses.forgive(tx, guesserOf(actor, email));
  }

  /** @throws TooManyRequests */
  countGuess(actor: RequestActor): Promise<AccountRow> {
    return this.database.read(actor, async (tx) => {
      const account = await this.accounts.read(tx, actor.staffId);
      await this.guesses.count(tx, guesserOf(actor, account.email));
      return account;
    });
  }
}

/** Counted by themselves: strangers cannot keep somebody who is signed in from changing a password. */
const guesserOf = ({ staffId, address = '' }: RequestActor, email: string): Guesser => ({
  email,
  address,
  known: `signed-in ${staffId}`,
});
