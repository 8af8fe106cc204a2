import { sql, type Tx } from '#database';
import type { CalendarDate, WallTime } from '#kernel';
import { Injectable } from '@nestjs/common';

/** What a clinic has chosen, as far as rules ask for it. */
export interface ClinicSettings {
  /** US, EU, UK, CH */
  readonly market: string;
  readonly touchUpsAllowed: boolean;
  readonly lateCancelHours: number;
  readonly bookingHorizonDays: number;
  readonly bookingNoticeMinutes: number;
  readonly clearanceDays: number;
  /** Whether repeat-visit windows learn from the patient's own intervals. */
  readonly personalIntervals: boolean;
  /** Days between two attempts of the clinic to reach a patient about coming back; 0: no gap. */
  readonly contactGapDays: number;
  /** How long nobody else calls a patient somebody is calling. */
  readonly claimMinutes: number;
  /** Between these, on the clock of a location, nobody is contacted. */
  readonly quietFrom: WallTime;
  readonly quietTo: WallTime;
  /** What messages to patients are signed with. */
  readonly name: string;
  /** Of messages to patients whose own language they are not written in. */
  readonly messageLanguage: string;
  /** Whoever becomes due from this day on is messaged without anybody asking; null: nobody. */
  readonly automaticRecallFrom: CalendarDate | null;
}

/** How the clinic's people sign in and what the desk may see. */
export interface SignInPolicy {
  readonly requireSecondFactor: boolean;
  readonly deskReadsCharts: boolean;
}

const SETTINGS = sql(`
  SELECT market, touch_ups_allowed AS "touchUpsAllowed", late_cancel_hours AS "lateCancelHours",
         booking_horizon_days AS "bookingHorizonDays", booking_notice_minutes AS "bookingNoticeMinutes",
         clearance_days AS "clearanceDays", personal_intervals AS "personalIntervals",
         contact_gap_days AS "contactGapDays", claim_minutes AS "claimMinutes", quiet_from AS "quietFrom", quiet_to AS "quietTo",
         name, message_language AS "messageLanguage", automatic_recall_from AS "automaticRecallFrom"
    FROM clinic WHERE id = $1`);
const POLICY = sql(`
  SELECT require_second_factor AS "requireSecondFactor", desk_reads_charts AS "deskReadsCharts" FROM clinic WHERE id = $1`);
const SET_POLICY = sql('UPDATE clinic SET require_second_factor = $2, desk_reads_charts = $3 WHERE id = $1');

/** The clinic of the running transaction, also where no person asks (jobs, seeds). */
@Injectable()
export class ClinicsService {
  settings(tx: Tx): Promise<ClinicSettings> {
    return tx.one<ClinicSettings>(SETTINGS, [tx.clinicId]);
  }

  signInPolicy(tx: Tx): Promise<SignInPolicy> {
    return tx.one<SignInPolicy>(POLICY, [tx.clinicId]);
  }

  async setSignInPolicy(tx: Tx, { requireSecondFactor, deskReadsCharts }: SignInPolicy): Promise<void> {
    await tx.run(SET_POLICY, [tx.clinicId, requireSecondFactor, deskReadsCharts]);
  }
}
