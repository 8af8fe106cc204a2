import type { Tx } from '#database';
import type { CalendarDate, WallTime } from '#kernel';
import { Injectable } from '@nestjs/common';

import { ClinicsRepository } from './clinic-settings/clinics.repository.js';

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
  /** False: only at the clinic's identity provider. */
  readonly passwordsAllowed: boolean;
}

/** The clinic of the running transaction, also where no person asks (jobs, seeds). */
@Injectable()
export class ClinicsService {
  readonly #clinics = new ClinicsRepository();

  settings(tx: Tx): Promise<ClinicSettings> {
    return this.#clinics.settings(tx);
  }

  /** Whether that changed anything; whoever switches has all windows recomputed. */
  switchPersonalIntervals(tx: Tx, enabled: boolean): Promise<boolean> {
    return this.#clinics.switchPersonalIntervals(tx, enabled);
  }

  signInPolicy(tx: Tx): Promise<SignInPolicy> {
    return this.#clinics.signInPolicy(tx);
  }

  /** For whoever changes what it rests on: nobody else changes it until the transaction ends. */
  signInPolicyToChange(tx: Tx): Promise<SignInPolicy> {
    return this.#clinics.signInPolicyLocked(tx);
  }

  setSignInPolicy(tx: Tx, policy: SignInPolicy): Promise<void> {
    return this.#clinics.setSignInPolicy(tx, policy);
  }
}
