import { record } from '#audit';
import { CONFIG, type Config } from '#config';
import { Database, type Tx } from '#database';
import { newId } from '#kernel';
import { Inject, Injectable } from '@nestjs/common';

import { NotSignedIn, SessionNotFound } from './domain/identity.errors.js';
import { permissionsOf } from './domain/permissions.js';
import type { OwnSessionList, SessionView } from './http/session.dto.js';
import type { RequestActor } from './request-actor.js';
import { newSecret, sha256 } from './secrets.js';
import { SessionsRepository } from './sessions.repository.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const LONGEST_USER_AGENT = 200;

/** Where a request comes from, for the audit trail and the person's own list of sessions. */
export interface From {
  readonly requestId: string;
  readonly address: string;
  readonly userAgent?: string | undefined;
}

/** Someone who has proved who they are. */
export interface Proved {
  readonly clinicId: string;
  readonly staffId: string;
  readonly how: 'password' | 'oidc';
  readonly secondFactor: boolean;
  /** What the device they signed in on is known by from now on; null where it needs none. */
  readonly deviceToken: string | null;
}

/** Sessions, and the person behind a token. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Opens a session for someone proved, in the transaction that proved them and has entered their clinic. */
  async open(
    tx: Tx,
    { clinicId, staffId, how, secondFactor, deviceToken }: Proved,
    clinic: { readonly slug: string; readonly requiresSecondFactor: boolean },
    { requestId, address, userAgent }: From,
  ): Promise<SessionView> {
    const [id, token] = [newId(tx.now.getTime()), newSecret()];
    const expiresAt = new Date(tx.now.getTime() + this.config.sessionHours * HOUR_MS);
    const entered = tx.as({ clinicId, staffId, sessionId: id, requestId, address });
    await this.sessions.open(entered, {
      id,
      staffId,
      hash: sha256(token),
      expiresAt,
      address,
      userAgent: userAgent?.slice(0, LONGEST_USER_AGENT) ?? null,
      secondFactor,
    });
    const detail = { how, secondFactor };
    await record(entered, { action: 'session.begin', entityId: id, patientId: null, detail });
    const secondFactorDue = clinic.requiresSecondFactor && !secondFactor;
    const view = { token, expiresAt: expiresAt.toISOString(), staffId, clinic: clinic.slug };
    return { ...view, secondFactorDue, deviceToken };
  }

  /** Ends the session at once; one that ended meanwhile has ended. */
  signOut(actor: RequestActor): Promise<void> {
    const id = sessionOf(actor);
    return this.database.write(actor, async (tx) => {
      if ((await this.sessions.revoke(tx, actor.staffId, { only: id })) === 0) return;
      await record(tx, { action: 'session.end', entityId: id, patientId: null });
    });
  }

  /** One's own open sessions, the one used last first. */
  list(actor: RequestActor): Promise<OwnSessionList> {
    return this.database.read(actor, async (tx) => {
      const seenSince = new Date(tx.now.getTime() - this.config.sessionIdleMinutes * MINUTE_MS);
      return { items: await this.sessions.own(tx, actor.staffId, sessionOf(actor), seenSince) };
    });
  }

  /** Ends one of one's own sessions. @throws SessionNotFound */
  end(actor: RequestActor, id: string): Promise<void> {
    return this.database.write(actor, async (tx) => {
      if ((await this.sessions.revoke(tx, actor.staffId, { only: id })) === 0) throw new SessionNotFound();
      await record(tx, { action: 'session.end', entityId: id, patientId: null });
    });
  }

  /** Ends all of one's own sessions but this one. */
  endOthers(actor: RequestActor): Promise<void> {
    return this.database.write(actor, async (tx) => {
      const ended = await this.sessions.revoke(tx, actor.staffId, { except: sessionOf(actor) });
      await record(tx, { action: 'session.end-others', entityId: null, patientId: null, detail: { ended } });
    });
  }

  /** @throws NotSignedIn when the token is unknown, expired, left idle, revoked, or its owner was deactivated. */
  async actorOf(token: string, { requestId, address }: From): Promise<RequestActor> {
    const row = await this.sessions.actor(sha256(token), this.config.sessionIdleMinutes);
    if (!row) throw new NotSignedIn();
    const { deskReadsCharts, ...person } = row;
    return { ...person, requestId, address, permissions: permissionsOf(row.roles, { deskReadsCharts }) };
  }
}

export function sessionOf({ sessionId }: RequestActor): string {
  if (sessionId === undefined) throw new NotSignedIn();
  return sessionId;
}
