import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { defaultRetentionYears, type Retention } from '../domain/retention.js';
import type { PrivacySettingsView } from './http/settings.dto.js';

const READ = sql(`
  SELECT c.market, s.retention_years AS "retentionYears", coalesce(s.retention_automatic, false) AS "retentionAutomatic",
         coalesce(s.emergency_access, false) AS "emergencyAccess", coalesce(s.emergency_minutes, 30) AS "emergencyMinutes",
         coalesce(s.version, 0) AS version
    FROM clinic c LEFT JOIN privacy_setting s ON s.clinic_id = c.id WHERE c.id = $1`);
const ALONE = sql(`SELECT pg_advisory_xact_lock(hashtextextended('privacy-setting ' || $1, 43))`);
const KEEP = sql(`
  INSERT INTO privacy_setting (clinic_id, retention_years, retention_automatic, emergency_access, emergency_minutes, version, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (clinic_id) DO UPDATE SET retention_years = $2, retention_automatic = $3, emergency_access = $4,
    emergency_minutes = $5, version = $6, updated_at = $7`);

@Injectable()
export class SettingsRepository {
  async read(tx: Tx): Promise<PrivacySettingsView> {
    const { market, retentionYears, ...row } = await tx.one<
      Omit<PrivacySettingsView, 'retentionYears'> & { market: string; retentionYears: number | null }
    >(READ, [tx.clinicId]);
    return { ...row, retentionYears: retentionYears ?? defaultRetentionYears(market) };
  }

  async retention(tx: Tx): Promise<Retention> {
    const { market, retentionYears } = await tx.one<{ market: string; retentionYears: number | null }>(READ, [
      tx.clinicId,
    ]);
    return { market, years: retentionYears ?? defaultRetentionYears(market) };
  }

  /** The same, and until this transaction ends nobody else changes them. */
  async hold(tx: Tx): Promise<PrivacySettingsView> {
    await tx.run(ALONE, [tx.clinicId]);
    return this.read(tx);
  }

  async keep(tx: Tx, settings: PrivacySettingsView): Promise<void> {
    const { retentionYears, retentionAutomatic, emergencyAccess, emergencyMinutes, version } = settings;
    await tx.run(KEEP, [
      tx.clinicId,
      retentionYears,
      retentionAutomatic,
      emergencyAccess,
      emergencyMinutes,
      version,
      tx.now,
    ]);
  }
}
