import { CONFIG, type Config } from '#config';
import type { Tx } from '#database';
import { Inject, Injectable } from '@nestjs/common';

import { type Permission, permissionsOf, permissionsOfScopes } from './domain/permissions.js';
import type { Workplaces } from './domain/workplace.js';
import { openAccess } from './open-access.queries.js';

const MINUTE_MS = 60_000;

/** What somebody may do whose session or key still stands. */
export interface Access extends Workplaces {
  readonly permissions: ReadonlySet<Permission>;
  readonly locationIds: readonly string[];
}

/** For whoever answers over a long time: what the guard would say now of those who asked then. */
@Injectable()
export class OpenAccess {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** By the id of the session or key; those missing that expired, were left idle or revoked, or whose owner left. */
  async of(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Access>> {
    const seenSince = new Date(tx.now.getTime() - this.config.sessionIdleMinutes * MINUTE_MS);
    const rows = await openAccess(tx, ids, seenSince);
    return new Map(
      rows.map(({ id, roles, scopes, deskReadsCharts, locationIds }) => [
        id,
        {
          permissions: scopes ? permissionsOfScopes(scopes) : permissionsOf(roles, { deskReadsCharts }),
          locationIds,
        },
      ]),
    );
  }
}
