import { record } from '#audit';
import { type Actor, Database, sql, type Tx } from '#database';
import { assertFresh } from '#http';
import { dateIn } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { ChangeClinicSettings, ClinicSettingsView } from './http/clinic-settings.dto.js';

const COLUMNS = `market, touch_ups_allowed AS "touchUpsAllowed", late_cancel_hours AS "lateCancelHours",
  booking_horizon_days AS "bookingHorizonDays", booking_notice_minutes AS "bookingNoticeMinutes", hold_minutes AS "holdMinutes",
  waitlist_offer_minutes AS "waitlistOfferMinutes", clearance_days AS "clearanceDays", personal_intervals AS "personalIntervals",
  quiet_from AS "quietFrom", quiet_to AS "quietTo", contact_gap_days AS "contactGapDays", claim_minutes AS "claimMinutes",
  message_language AS "messageLanguage", automatic_recall_from IS NOT NULL AS "automaticRecall", settings_version AS version`;
const READ = sql(`SELECT ${COLUMNS} FROM clinic WHERE id = $1`);
const LOCK = sql(`SELECT ${COLUMNS} FROM clinic WHERE id = $1 FOR NO KEY UPDATE`);
const CHANGE = sql(`
  UPDATE clinic SET touch_ups_allowed = $2, late_cancel_hours = $3, booking_horizon_days = $4, booking_notice_minutes = $5,
         hold_minutes = $6, waitlist_offer_minutes = $7, clearance_days = $8, quiet_from = $9, quiet_to = $10,
         contact_gap_days = $11, claim_minutes = $12, message_language = $13,
         automatic_recall_from = CASE WHEN $14 THEN coalesce(automatic_recall_from, $15::date) END,
         settings_version = settings_version + 1
   WHERE id = $1`);

/** The clinic's own choices, in one place for whoever runs it; the rules that use them are the contexts'. */
@Injectable()
export class ClinicSettingsService {
  constructor(private readonly database: Database) {}

  read(actor: Actor): Promise<ClinicSettingsView> {
    return this.database.read(actor, (tx) => this.#present(tx));
  }

  /** Old and new values are in the audit: what a rule decided on a day can be explained. @throws StaleVersion */
  change(actor: Actor, change: ChangeClinicSettings, read: number | undefined): Promise<ClinicSettingsView> {
    return this.database.write(actor, async (tx) => {
      const before = await tx.one<ClinicSettingsView>(LOCK, [tx.clinicId]);
      assertFresh(before.version, read);
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const after: ClinicSettingsView = { ...before, ...given };
      const changed = changesOf(before, after);
      if (Object.keys(changed).length === 0) return before;
      await tx.run(CHANGE, [
        tx.clinicId,
        after.touchUpsAllowed,
        after.lateCancelHours,
        after.bookingHorizonDays,
        after.bookingNoticeMinutes,
        after.holdMinutes,
        after.waitlistOfferMinutes,
        after.clearanceDays,
        after.quietFrom,
        after.quietTo,
        after.contactGapDays,
        after.claimMinutes,
        after.messageLanguage,
        after.automaticRecall,
        dateIn(tx.now, 'UTC'),
      ]);
      await record(tx, {
        action: 'clinic-settings.change',
        entityId: tx.clinicId,
        patientId: null,
        detail: changed,
      });
      return this.#present(tx);
    });
  }

  #present(tx: Tx): Promise<ClinicSettingsView> {
    return tx.one<ClinicSettingsView>(READ, [tx.clinicId]);
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
