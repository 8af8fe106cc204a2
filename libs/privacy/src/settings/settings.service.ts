import { record } from '#audit';
import { Database, type Actor } from '#database';
import { assertFresh } from '#http';
import { Injectable } from '@nestjs/common';

import type { ChangePrivacySettings, PrivacySettingsView } from './http/settings.dto.js';
import { SettingsRepository } from './settings.repository.js';

/** What a clinic chose about keeping, erasing and opening in an emergency. */
@Injectable()
export class SettingsService {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsRepository,
  ) {}

  read(actor: Actor): Promise<PrivacySettingsView> {
    return this.database.read(actor, (tx) => this.settings.read(tx));
  }

  /** @throws StaleVersion */
  change(
    actor: Actor,
    change: ChangePrivacySettings,
    read: number | undefined,
  ): Promise<PrivacySettingsView> {
    return this.database.write(actor, async (tx) => {
      const before = await this.settings.hold(tx);
      assertFresh(before.version, read);
      const after: PrivacySettingsView = { ...before, ...given(change), version: before.version + 1 };
      await this.settings.keep(tx, after);
      await record(tx, {
        action: 'privacy-settings.change',
        entityId: tx.clinicId,
        patientId: null,
        detail: { before, after },
      });
      return after;
    });
  }
}

const given = (change: ChangePrivacySettings): Partial<PrivacySettingsView> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
