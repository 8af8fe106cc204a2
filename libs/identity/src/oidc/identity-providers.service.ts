import { record } from '#audit';
import { Database, type Tx } from '#database';
import { Outbound } from '#outbound';
import { Injectable } from '@nestjs/common';

import { ClinicsService } from '../clinics.service.js';
import type { RequestActor } from '../request-actor.js';
import { Sealing } from '../sealing.js';
import {
  IdentityProviderNeeded,
  IdentityProviderNotFound,
  IdentityProviderUnusable,
} from './domain/oidc.errors.js';
import type { IdentityProviderView, SetIdentityProvider } from './http/oidc.dto.js';
import { IdentityProvidersRepository, type IdentityProviderRow } from './identity-providers.repository.js';
import { OpenId, type Client } from './openid.js';

/** What a sealed secret of a clinic's client belongs to. */
export const sealedFor = (clinicId: string): string => `identity-provider ${clinicId}`;

/** Where the clinic's people sign in instead. */
@Injectable()
export class IdentityProvidersService {
  constructor(
    private readonly database: Database,
    private readonly providers: IdentityProvidersRepository,
    private readonly openId: OpenId,
    private readonly outbound: Outbound,
    private readonly sealing: Sealing,
    private readonly clinics: ClinicsService,
  ) {}

  /** @throws IdentityProviderNotFound */
  read(actor: RequestActor): Promise<IdentityProviderView> {
    return this.database.read(actor, async (tx) => viewOf(await this.#present(tx)));
  }

  /** Asks the provider about itself first. @throws AddressRefused, IdentityProviderNeeded, IdentityProviderUnusable, SealingNotSetUp */
  async set(actor: RequestActor, wanted: SetIdentityProvider): Promise<IdentityProviderView> {
    const { issuer, clientId, clientSecret = null, redirectUri, vouchesSecondFactor } = wanted;
    this.outbound.assertAddress(issuer);
    await this.openId.discover({ issuer, clientId, clientSecret, redirectUri }).catch(() => {
      throw new IdentityProviderUnusable();
    });
    const sealedClientSecret =
      clientSecret === null ? null : this.sealing.seal(clientSecret, sealedFor(actor.clinicId));
    return this.database.write(actor, async (tx) => {
      await this.#assertNotNeeded(tx);
      await this.providers.set(tx, {
        issuer,
        clientId,
        sealedClientSecret,
        redirectUri,
        vouchesSecondFactor,
      });
      const detail = { issuer, clientId, redirectUri, vouchesSecondFactor };
      await record(tx, { action: 'identity-provider.set', entityId: null, patientId: null, detail });
      return viewOf(await this.#present(tx));
    });
  }

  /** @throws IdentityProviderNotFound, IdentityProviderNeeded */
  remove(actor: RequestActor): Promise<void> {
    return this.database.write(actor, async (tx) => {
      await this.#assertNotNeeded(tx);
      if (!(await this.providers.remove(tx))) throw new IdentityProviderNotFound();
      await record(tx, { action: 'identity-provider.remove', entityId: null, patientId: null });
    });
  }

  /** With its secret, for signing in. @throws IdentityProviderNotFound */
  async client(tx: Tx): Promise<Client & { readonly vouchesSecondFactor: boolean }> {
    const { sealedClientSecret, ...provider } = await this.#present(tx);
    const clientSecret =
      sealedClientSecret === null ? null : this.sealing.open(sealedClientSecret, sealedFor(tx.clinicId));
    return { ...provider, clientSecret };
  }

  /** Changed wrongly or gone, it would lock everybody out where passwords are forbidden. */
  async #assertNotNeeded(tx: Tx): Promise<void> {
    const { passwordsAllowed } = await this.clinics.signInPolicyToChange(tx);
    if (!passwordsAllowed) throw new IdentityProviderNeeded();
  }

  async #present(tx: Tx): Promise<IdentityProviderRow> {
    const row = await this.providers.read(tx);
    if (!row) throw new IdentityProviderNotFound();
    return row;
  }
}

const viewOf = ({ sealedClientSecret, ...provider }: IdentityProviderRow): IdentityProviderView => ({
  ...provider,
  hasClientSecret: sealedClientSecret !== null,
});
