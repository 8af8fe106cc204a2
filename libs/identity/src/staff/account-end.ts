import type { Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { AccountsRepository } from '../account/accounts.repository.js';
import { ApiKeysRepository } from '../api-keys/api-keys.repository.js';
import { SessionsRepository } from '../sessions.repository.js';
import { StaffEvents } from './staff-events.port.js';

/** What ends with an account: everything by which its owner could still come in. */
@Injectable()
export class AccountEnd {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly keys: ApiKeysRepository,
    private readonly accounts: AccountsRepository,
    private readonly events: StaffEvents,
  ) {}

  /** How much ended: sessions, and API keys the person made. */
  async end(tx: Tx, staffId: string): Promise<{ sessions: number; apiKeys: number }> {
    const sessions = await this.sessions.revoke(tx, staffId);
    const apiKeys = await this.keys.revokeMadeBy(tx, staffId);
    await this.accounts.forgetLinks(tx, staffId);
    await this.events.publish(tx, { what: 'deactivated', staffId });
    return { sessions, apiKeys };
  }
}
