import { createHash, randomBytes } from 'node:crypto';

import { record } from '#audit';
import { CONFIG, type Config } from '#config';
import { Database, type Actor, type Tx } from '#database';
import { TooManyRequests } from '#http';
import { newId } from '#kernel';
import { Inject, Injectable, Logger } from '@nestjs/common';

import { ClinicNeeded, NotSignedIn, SignInRefused } from './domain/identity.errors.js';
import { type Permission, permissionsOf } from './domain/permissions.js';
import type { SessionView, SignIn } from './http/session.dto.js';
import { anyPasswordHash, passwordMatches } from './passwords.js';
import type { RequestActor } from './request-actor.js';
import { SessionsRepository, type Account } from './sessions.repository.js';

const WINDOW_MS = 15 * 60 * 1000;
const GUESSES = { account: 10, address: 100 } as const;

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Signing in and out, and the person behind a token. */
@Injectable()
export class SessionsService {
  readonly #log = new Logger('Sessions');

  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Opens a session. An unknown account costs the same time and gives the same answer as a wrong password.
   * @throws SignInRefused, ClinicNeeded, TooManyRequests
   */
  async signIn(
    { email, password, clinic }: SignIn,
    from: { requestId: string; address: string },
  ): Promise<SessionView> {
    const name = email.toLowerCase();
    const accounts = await this.database.withoutClinic(async (tx) => {
      await this.#countGuess(tx, name, from.address);
      return this.sessions.accounts(tx, name);
    });
    const proved: Account[] = [];
    for (const account of accounts)
      if (await passwordMatches(account.passwordHash, password)) proved.push(account);
    if (accounts.length === 0) await passwordMatches(await anyPasswordHash(), password);
    // Not awaited: a known account must not take longer to answer than an unknown one.
    if (proved.length === 0) void this.#noteRefusal(accounts, from);
    return this.database.withoutClinic((tx) => this.#open(tx, proved, { clinic, name, ...from }));
  }

  /** Ends the session at once. */
  async signOut(actor: RequestActor): Promise<void> {
    const { sessionId } = actor;
    if (sessionId === undefined) throw new NotSignedIn();
    await this.database.write(actor, async (tx) => {
      await this.sessions.revoke(tx, sessionId);
      await record(tx, { action: 'session.end', entityId: sessionId, patientId: null });
    });
  }

  /** @throws NotSignedIn when the token is unknown, expired, revoked, or its owner was deactivated. */
  async actorOf(token: string, from: { requestId: string; address: string }): Promise<RequestActor> {
    const row = await this.sessions.actor(sha256(token));
    if (!row) throw new NotSignedIn();
    return { ...row, ...from, permissions: permissionsOf(row.roles) };
  }

  /** For whoever answers over a long time: those of the sessions that still stand, with what their people may do. */
  async stillOpen(tx: Tx, sessionIds: readonly string[]): Promise<Map<string, ReadonlySet<Permission>>> {
    const open = await this.sessions.openOnes(tx, sessionIds);
    return new Map(open.map(({ id, roles }) => [id, permissionsOf(roles)]));
  }

  async #countGuess(tx: Tx, name: string, address: string): Promise<void> {
    for (const [kind, value] of [
      ['account', name],
      ['address', address],
    ] as const) {
      const { hits, windowStart } = await this.sessions.hit(tx, sha256(`${kind} ${value}`), WINDOW_MS);
      if (hits <= GUESSES[kind]) continue;
      const left = windowStart.getTime() + WINDOW_MS - tx.now.getTime();
      throw new TooManyRequests({ retryAfterSeconds: Math.max(1, Math.ceil(left / 1000)) });
    }
  }

  /** A wrong password leaves its row with the clinic of the account it was tried on. */
  async #noteRefusal(
    accounts: readonly Account[],
    from: { requestId: string; address: string },
  ): Promise<void> {
    try {
      for (const { clinicId, staffId } of accounts) {
        await this.database.read({ clinicId, staffId, ...from }, (tx) =>
          record(tx, { action: 'session.begin', entityId: null, patientId: null, outcome: 'refused' }),
        );
      }
    } catch (error) {
      this.#log.error(
        `A refused sign-in was not recorded · ${error instanceof Error ? error.name : 'unknown'}`,
      );
    }
  }

  async #open(
    tx: Tx,
    proved: readonly Account[],
    request: { clinic: string | undefined; name: string; requestId: string; address: string },
  ): Promise<SessionView> {
    const fitting: { account: Account; slug: string }[] = [];
    for (const account of proved) {
      const slug = await this.sessions.enter(tx, account.clinicId);
      if (request.clinic === undefined || request.clinic === slug) fitting.push({ account, slug });
    }
    const [only, another] = fitting;
    if (!only) throw new SignInRefused();
    if (another) throw new ClinicNeeded({ clinics: fitting.map(({ slug }) => slug) });
    const { clinicId, staffId } = only.account;
    await this.sessions.enter(tx, clinicId);
    await this.sessions.forgetHits(tx, sha256(`account ${request.name}`));
    await this.sessions.forgiveHit(tx, sha256(`address ${request.address}`));
    const token = randomBytes(32).toString('base64url');
    const id = newId(tx.now.getTime());
    const expiresAt = new Date(tx.now.getTime() + this.config.sessionHours * 3_600_000);
    await this.sessions.open(tx, { clinicId, id, staffId, hash: sha256(token), expiresAt });
    const actor: Actor = {
      clinicId,
      staffId,
      sessionId: id,
      requestId: request.requestId,
      address: request.address,
    };
    await record(tx.as(actor), { action: 'session.begin', entityId: id, patientId: null });
    return { token, expiresAt: expiresAt.toISOString(), staffId, clinic: only.slug };
  }
}
