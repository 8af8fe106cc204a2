import { record } from '#audit';
import { type Actor, Database } from '#database';
import { assertFresh } from '#http';
import { Injectable } from '@nestjs/common';

import { ClinicsRepository } from './clinics.repository.js';
import type { ChangeClinicSettings, ClinicSettingsView } from './http/clinic-settings.dto.js';

/** The clinic's own choices, in one place for whoever runs it; the rules that use them are the contexts'. */
@Injectable()
export class ClinicSettingsService {
  constructor(
    private readonly database: Database,
    private readonly clinics: ClinicsRepository,
  ) {}

  read(actor: Actor): Promise<ClinicSettingsView> {
    return this.database.read(actor, (tx) => this.clinics.choices(tx));
  }

  /** Old and new values are in the audit: what a rule decided on a day can be explained. @throws StaleVersion */
  change(actor: Actor, change: ChangeClinicSettings, read: number | undefined): Promise<ClinicSettingsView> {
    return this.database.write(actor, async (tx) => {
      const before = await this.clinics.choicesLocked(tx);
      assertFresh(before.version, read);
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const after: ClinicSettingsView = { ...before, ...given };
      const changed = changesOf(before, after);
      if (Object.keys(changed).length === 0) return before;
      await this.clinics.setChoices(tx, after);
      await record(tx, {
        action: 'clinic-settings.change',
        entityId: tx.clinicId,
        patientId: null,
        detail: changed,
      });
      return this.clinics.choices(tx);
    });
  }
}

/** What differs, by field: from which value to which. */
function changesOf(before: object, after: object): Record<string, { from: unknown; to: unknown }> {
  const old = new Map<string, unknown>(Object.entries(before));
  return Object.fromEntries(
    Object.entries(after)
      .filter(([field, to]) => old.get(field) !== to)
      .map(([field, to]) => [field, { from: old.get(field), to }]),
  );
}
