import { record } from '#audit';
import { Database, type Tx } from '#database';
import { Injectable, Logger } from '@nestjs/common';

import { PasswordsForbidden } from './account/domain/account.errors.js';
import { ClinicNeeded, SignInRefused } from './domain/identity.errors.js';
import { Guesses, type Guesser } from './guesses/guesses.js';
import { KnownDevices } from './guesses/known-devices.js';
import type { SessionView, SignIn } from './http/session.dto.js';
import { anyPasswordHash, passwordMatches } from './passwords.js';
import { SecondFactorNeeded, SecondFactorRefused } from './second-factor/domain/second-factor.errors.js';
import { SecondFactors } from './second-factor/second-factors.js';
import { SessionsRepository, type Account } from './sessions.repository.js';
import { type From, SessionsService } from './sessions.service.js';

/** Signing in with a password, and with a second factor where there is one. */
@Injectable()
export class SignInService {
  readonly #log = new Logger('SignIn');

  constructor(
    private readonly database: Database,
    private readonly accounts: SessionsRepository,
    private readonly sessions: SessionsService,
    private readonly factors: SecondFactors,
    private readonly guesses: Guesses,
    private readonly devices: KnownDevices,
  ) {}

  /**
   * Opens a session. An unknown account costs the same time and gives the same answer as a wrong password.
   * @throws SignInRefused, ClinicNeeded, PasswordsForbidden, SecondFactorNeeded, SecondFactorRefused, TooManyRequests
   */
  async signIn({ email, password, clinic, code, deviceToken }: SignIn, from: From): Promise<SessionView> {
    const name = email.toLowerCase();
    const { guesser, accounts } = await this.database.withoutClinic(async (tx) => {
      const known = this.devices.deviceOf(deviceToken, name, tx.now);
      const who: Guesser = { email: name, address: from.address, known };
      await this.guesses.count(tx, who);
      return { guesser: who, accounts: await this.accounts.accounts(tx, name) };
    });
    const proved: Account[] = [];
    for (const account of accounts)
      if (await passwordMatches(account.passwordHash, password)) proved.push(account);
    if (accounts.length === 0) await passwordMatches(await anyPasswordHash(), password);
    // Not awaited: a known account must not take longer to answer than an unknown one.
    if (proved.length === 0) void this.#noteRefusal(accounts, from);
    const opened = await this.database.withoutClinic((tx) =>
      this.#open(tx, proved, { clinic, code, guesser, from }),
    );
    if (opened !== null) return opened;
    void this.#noteRefusal(proved, from);
    throw new SecondFactorRefused();
  }

  /** A wrong password leaves its row with the clinic of the account it was tried on. */
  async #noteRefusal(accounts: readonly Account[], { requestId, address }: From): Promise<void> {
    try {
      for (const { clinicId, staffId } of accounts) {
        await this.database.read({ clinicId, staffId, requestId, address }, (tx) =>
          record(tx, { action: 'session.begin', entityId: null, patientId: null, outcome: 'refused' }),
        );
      }
    } catch (error) {
      this.#log.error(
        `A refused sign-in was not recorded · ${error instanceof Error ? error.name : 'unknown'}`,
      );
    }
  }

  /** The session; null when the second factor was wrong. */
  async #open(
    tx: Tx,
    proved: readonly Account[],
    asked: { clinic: string | undefined; code: string | undefined; guesser: Guesser; from: From },
  ): Promise<SessionView | null> {
    const fitting: { account: Account; slug: string }[] = [];
    for (const account of proved) {
      const { slug } = await this.accounts.enter(tx, account.clinicId);
      if (asked.clinic === undefined || asked.clinic === slug) fitting.push({ account, slug });
    }
    const [only, another] = fitting;
    if (!only) throw new SignInRefused();
    if (another) throw new ClinicNeeded({ clinics: fitting.map(({ slug }) => slug) });
    const { clinicId, staffId } = only.account;
    const clinic = await this.accounts.enter(tx, clinicId);
    if (!clinic.allowsPasswords) throw new PasswordsForbidden();
    const person = tx.as({ clinicId, staffId, requestId: asked.from.requestId, address: asked.from.address });
    const secondFactor = await this.factors.isSetUp(person, staffId);
    if (secondFactor) {
      if (asked.code === undefined) throw new SecondFactorNeeded();
      if (!(await this.factors.take(person, staffId, asked.code))) return null;
    }
    await this.guesses.forgive(tx, asked.guesser);
    const deviceToken = this.devices.tokenFor(asked.guesser.known, asked.guesser.email, tx.now);
    const shown = { clinicId, staffId, how: 'password' as const, secondFactor, deviceToken };
    return this.sessions.open(tx, shown, clinic, asked.from);
  }
}
