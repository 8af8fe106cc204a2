import type { Tx } from '#database';
import { ClinicsService } from '#identity';
import { type CalendarDate, dateIn, isWallTime } from '#kernel';
import { type PatientContact, PatientsService } from '#patients';
import { AppointmentsService, type QuietHours } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { stateOn } from '../domain/window-status.js';
import { SuppressionFactsReader } from '../suppression-facts.js';
import { WindowsRepository } from '../windows.repository.js';
import type { RecallCard } from './cards.repository.js';
import type { ContactChannel } from './domain/answers.js';
import { assertMayContact } from './domain/contact-rules.js';
import { DUE_STATES } from './due-windows.queries.js';

/** Loads what the contact rules ask for and lets them decide. */
@Injectable()
export class ContactChecks {
  constructor(
    private readonly patients: PatientsService,
    private readonly windows: WindowsRepository,
    private readonly facts: SuppressionFactsReader,
    private readonly appointments: AppointmentsService,
    private readonly clinics: ClinicsService,
  ) {}

  /** The day it is for the patient: where they were last treated, in UTC when nowhere. @throws PatientNotFound */
  async today(tx: Tx, patientId: string): Promise<CalendarDate> {
    await this.patients.require(tx, patientId);
    return dateIn(tx.now, await this.#zoneOf(tx, await this.windows.open(tx, [patientId])));
  }

  /**
   * Whether the clinic may call the patient now, by the channel or, at a claim, by any.
   * @throws PatientNotFound, and what assertMayContact throws
   */
  async assertMayContact(
    tx: Tx,
    patientId: string,
    card: Pick<RecallCard, 'lastContactOn'>,
    channel: ContactChannel | null,
  ): Promise<void> {
    await this.patients.require(tx, patientId);
    const windows = await this.windows.open(tx, [patientId]);
    const zone = await this.#zoneOf(tx, windows);
    const on = dateIn(tx.now, zone);
    const known = await this.facts.of(tx, [patientId], on);
    const contact = known.contact(patientId);
    const { contactGapDays, quietFrom, quietTo } = await this.clinics.settings(tx);
    const due = windows
      .filter((window) => DUE_STATES.some((state) => state === stateOn(window, on)))
      .map((window) => ({ reasons: known.reasons(window) }));
    assertMayContact({
      now: tx.now,
      zone,
      channel,
      agreed: contact?.contactChannels ?? [],
      due,
      lastContactOn: card.lastContactOn,
      gapDays: contactGapDays,
      quiet: [{ from: quietFrom, to: quietTo }, ...quietOf(contact)],
    });
  }

  async #zoneOf(
    tx: Tx,
    windows: readonly { locationId: string; lastTreatedOn: string | null }[],
  ): Promise<string> {
    const [last] = windows.toSorted((a, b) => ((a.lastTreatedOn ?? '') < (b.lastTreatedOn ?? '') ? 1 : -1));
    if (!last) return 'UTC';
    return this.appointments.locationOf(tx, last.locationId).then(
      ({ zone }) => zone,
      () => 'UTC',
    );
  }
}

/** The patient's own wish, where there is one. */
function quietOf(contact: PatientContact | undefined): QuietHours[] {
  const { from, to } = contact?.quietHours ?? {};
  return isWallTime(from) && isWallTime(to) ? [{ from, to }] : [];
}
