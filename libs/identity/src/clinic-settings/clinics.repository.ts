import { sql, type Tx } from '#database';
import { dateIn } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { ClinicSettings, SignInPolicy } from '../clinics.service.js';
import type { ClinicSettingsView } from './http/clinic-settings.dto.js';

const SETTINGS = sql(`
  SELECT market, touch_ups_allowed AS "touchUpsAllowed", late_cancel_hours AS "lateCancelHours",
         booking_horizon_days AS "bookingHorizonDays", booking_notice_minutes AS "bookingNoticeMinutes",
         clearance_days AS "clearanceDays", personal_intervals AS "personalIntervals",
         contact_gap_days AS "contactGapDays", claim_minutes AS "claimMinutes", quiet_from AS "quietFrom", quiet_to AS "quietTo",
         name, message_language AS "messageLanguage", automatic_recall_from AS "automaticRecallFrom"
    FROM clinic WHERE id = $1`);
const SWITCH_PERSONAL = sql(
  'UPDATE clinic SET personal_intervals = $2 WHERE id = $1 AND personal_intervals <> $2',
);
const POLICY = `require_second_factor AS "requireSecondFactor", desk_reads_charts AS "deskReadsCharts",
  passwords_allowed AS "passwordsAllowed"`;
const READ_POLICY = sql(`SELECT ${POLICY} FROM clinic WHERE id = $1`);
const LOCK_POLICY = sql(`SELECT ${POLICY} FROM clinic WHERE id = $1 FOR NO KEY UPDATE`);
const SET_POLICY = sql(`
  UPDATE clinic SET require_second_factor = $2, desk_reads_charts = $3, passwords_allowed = $4 WHERE id = $1`);

const CHOICES = `market, touch_ups_allowed AS "touchUpsAllowed", late_cancel_hours AS "lateCancelHours",
  booking_horizon_days AS "bookingHorizonDays", booking_notice_minutes AS "bookingNoticeMinutes", hold_minutes AS "holdMinutes",
  waitlist_offer_minutes AS "waitlistOfferMinutes", clearance_days AS "clearanceDays", personal_intervals AS "personalIntervals",
  quiet_from AS "quietFrom", quiet_to AS "quietTo", contact_gap_days AS "contactGapDays", claim_minutes AS "claimMinutes",
  message_language AS "messageLanguage", automatic_recall_from IS NOT NULL AS "automaticRecall", settings_version AS version`;
const READ_CHOICES = sql(`SELECT ${CHOICES} FROM clinic WHERE id = $1`);
const LOCK_CHOICES = sql(`SELECT ${CHOICES} FROM clinic WHERE id = $1 FOR NO KEY UPDATE`);
const CHANGE_CHOICES = sql(`
  UPDATE clinic SET touch_ups_allowed = $2, late_cancel_hours = $3, booking_horizon_days = $4, booking_notice_minutes = $5,
         hold_minutes = $6, waitlist_offer_minutes = $7, clearance_days = $8, quiet_from = $9, quiet_to = $10,
         contact_gap_days = $11, claim_minutes = $12, message_language = $13,
         automatic_recall_from = CASE WHEN $14 THEN coalesce(automatic_recall_from, $15::date) END,
         settings_version = settings_version + 1
   WHERE id = $1`);

/** The row of the clinic itself: what it has chosen. */
@Injectable()
export class ClinicsRepository {
  settings(tx: Tx): Promise<ClinicSettings> {
    return tx.one<ClinicSettings>(SETTINGS, [tx.clinicId]);
  }

  async switchPersonalIntervals(tx: Tx, enabled: boolean): Promise<boolean> {
    return (await tx.run(SWITCH_PERSONAL, [tx.clinicId, enabled])) > 0;
  }

  signInPolicy(tx: Tx): Promise<SignInPolicy> {
    return tx.one<SignInPolicy>(READ_POLICY, [tx.clinicId]);
  }

  signInPolicyLocked(tx: Tx): Promise<SignInPolicy> {
    return tx.one<SignInPolicy>(LOCK_POLICY, [tx.clinicId]);
  }

  async setSignInPolicy(tx: Tx, policy: SignInPolicy): Promise<void> {
    const { requireSecondFactor, deskReadsCharts, passwordsAllowed } = policy;
    await tx.run(SET_POLICY, [tx.clinicId, requireSecondFactor, deskReadsCharts, passwordsAllowed]);
  }

  choices(tx: Tx): Promise<ClinicSettingsView> {
    return tx.one<ClinicSettingsView>(READ_CHOICES, [tx.clinicId]);
  }

  choicesLocked(tx: Tx): Promise<ClinicSettingsView> {
    return tx.one<ClinicSettingsView>(LOCK_CHOICES, [tx.clinicId]);
  }

  async setChoices(tx: Tx, after: ClinicSettingsView): Promise<void> {
    await tx.run(CHANGE_CHOICES, [
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
  }
}
