import { Database } from '#database';
import { isId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { SessionView } from '../http/session.dto.js';
import { SessionsRepository } from '../sessions.repository.js';
import { type From, SessionsService } from '../sessions.service.js';
import {
  IdentityProviderNotFound,
  IdentityProviderRefused,
  IdentityProviderUnusable,
} from './domain/oidc.errors.js';
import type { FinishOidc, OidcBegun } from './http/oidc.dto.js';
import { IdentityProvidersRepository } from './identity-providers.repository.js';
import { IdentityProvidersService } from './identity-providers.service.js';
import { OidcMeans } from './oidc-means.js';
import type { Checks, Client } from './openid.js';

const VALID_MS = 10 * 60_000;
const SEALED_FOR = 'oidc-attempt';

interface Attempt extends Checks {
  readonly clinicId: string;
  readonly until: number;
}

/**
 * Signing in at the clinic's identity provider. What must come back unchanged travels with the caller, sealed: only the
 * program that began can finish, and nothing is kept for those who never come back.
 */
@Injectable()
export class OidcSignInService {
  constructor(
    private readonly database: Database,
    private readonly providers: IdentityProvidersRepository,
    private readonly settings: IdentityProvidersService,
    private readonly sessions: SessionsService,
    private readonly rows: SessionsRepository,
    private readonly means: OidcMeans,
  ) {}

  /** @throws IdentityProviderNotFound (for an unknown clinic too), IdentityProviderUnusable, TooManyRequests */
  async begin(slug: string, from: From): Promise<OidcBegun> {
    await this.database.withoutClinic((tx) => this.means.guesses.countAddress(tx, from.address));
    const { clinicId, client } = await this.database.withoutClinic(async (tx) => {
      const found = await this.providers.clinicOf(tx, slug);
      if (found === null) throw new IdentityProviderNotFound();
      await this.rows.enter(tx, found);
      return {
        clinicId: found,
        client: await this.settings.client(tx.as({ clinicId: found, staffId: null })),
      };
    });
    const { url, checks } = await this.means.openId.begin(client).catch(() => {
      throw new IdentityProviderUnusable();
    });
    const attempt: Attempt = { ...checks, clinicId, until: this.means.clock.now().getTime() + VALID_MS };
    return { url, attempt: this.means.sealing.seal(JSON.stringify(attempt), SEALED_FOR) };
  }

  /** @throws IdentityProviderRefused, IdentityProviderNotFound, TooManyRequests */
  async finish({ attempt, ...answered }: FinishOidc, from: From): Promise<SessionView> {
    const { clinicId, ...checks } = this.#read(attempt);
    const system = { clinicId, staffId: null };
    await this.database.withoutClinic((tx) => this.means.guesses.countAddress(tx, from.address));
    const client = await this.database.read(system, (tx) => this.settings.client(tx));
    const { subject, verifiedEmail } = await this.#prove(client, checks, answered);
    return this.database.read(system, async (tx) => {
      const staffId = await this.providers.personOf(tx, client.issuer, subject, verifiedEmail);
      if (staffId === null) throw new IdentityProviderRefused();
      const clinic = await this.rows.enter(tx, clinicId);
      const proved = { clinicId, staffId, how: 'oidc' as const, secondFactor: client.vouchesSecondFactor };
      return this.sessions.open(tx, { ...proved, deviceToken: null }, clinic, from);
    });
  }

  async #prove(client: Client, checks: Checks, { code, state, iss }: Omit<FinishOidc, 'attempt'>) {
    try {
      return await this.means.openId.finish(client, checks, {
        code,
        state,
        ...(iss === undefined ? {} : { iss }),
      });
    } catch {
      throw new IdentityProviderRefused();
    }
  }

  /** @throws IdentityProviderRefused when it is not ours, or over */
  #read(sealed: string): Attempt {
    try {
      const attempt: unknown = JSON.parse(this.means.sealing.open(sealed, SEALED_FOR));
      if (isAttempt(attempt) && attempt.until > this.means.clock.now().getTime()) return attempt;
    } catch {
      // Falls through: what cannot be opened was not sealed here.
    }
    throw new IdentityProviderRefused();
  }
}

const isAttempt = (value: unknown): value is Attempt =>
  typeof value === 'object' &&
  value !== null &&
  'clinicId' in value &&
  isId(value.clinicId) &&
  'until' in value &&
  typeof value.until === 'number' &&
  ['verifier', 'nonce', 'state'].every((name) => typeof Reflect.get(value, name) === 'string');
