import type { Tx } from '#database';
import { ClinicsService, type ClinicSettings } from '#identity';
import { type CalendarDate, dateIn, isWallTime } from '#kernel';
import { type PatientContact, PatientsService } from '#patients';
import type { QuietHours } from '#scheduling';
import { Injectable } from '@nestjs/common';

import type { Reason } from '../domain/suppression.js';
import { stateOn } from '../domain/window-status.js';
import { type CardOfPatient, SuppressionFactsReader } from '../suppression-facts.js';
import { type OpenWindow, WindowsRepository } from '../windows.repository.js';
import type { ContactChannel } from './domain/answers.js';
import { assertMayContact } from './domain/contact-rules.js';
import { DUE_STATES } from './due-windows.queries.js';
import { type Asked, inOrder } from './recall-page.js';

/** Everything that bears on whether the clinic may contact one patient now. */
export interface Bearing {
  readonly contact: PatientContact;
  /** Of the place the patient was last treated at; UTC when nowhere. */
  readonly zone: string;
  /** The day it is there. */
  readonly on: CalendarDate;
  /** All open windows, with the reasons of each. */
  readonly windows: ReadonlyMap<OpenWindow, readonly Reason[]>;
  /** Those that are due, past due or lapsed, the most pressing first. */
  readonly due: readonly (Asked & { readonly reasons: readonly Reason[] })[];
  /** The clinic's and the patient's own. */
  readonly quiet: readonly QuietHours[];
  readonly card: CardOfPatient;
}

/** Loads what the contact rules ask for and lets them decide. */
@Injectable()
export class ContactChecks {
  constructor(
    private readonly patients: PatientsService,
    private readonly windows: WindowsRepository,
    private readonly facts: SuppressionFactsReader,
    private readonly clinics: ClinicsService,
  ) {}

  /** The day it is for the patient: where they were last treated, in UTC when nowhere. @throws PatientNotFound */
  async today(tx: Tx, patientId: string): Promise<CalendarDate> {
    await this.patients.require(tx, patientId);
    return dateIn(tx.now, zoneOf(await this.windows.open(tx, [patientId])));
  }

  /** Of many patients in as many queries as of one, for each day it is where they are. Absent and foreign ones are missing. */
  async bearing(
    tx: Tx,
    patientIds: readonly string[],
    { quietFrom, quietTo }: ClinicSettings,
  ): Promise<ReadonlyMap<string, Bearing>> {
    const open = Map.groupBy(await this.windows.open(tx, patientIds), ({ patientId }) => patientId);
    const byDay = Map.groupBy(patientIds, (id) => dateIn(tx.now, zoneOf(open.get(id))));
    const found = new Map<string, Bearing>();
    for (const [on, ids] of byDay) {
      const known = await this.facts.of(tx, ids, on);
      for (const id of ids) {
        const contact = known.contact(id);
        if (!contact) continue;
        const windows = new Map((open.get(id) ?? []).map((window) => [window, known.reasons(window)]));
        const due = [...windows.keys()].flatMap((window): Asked[] => {
          const state = DUE_STATES.find((one) => one === stateOn(window, on));
          return state === undefined ? [] : [{ window, state }];
        });
        found.set(id, {
          contact,
          zone: zoneOf(open.get(id)),
          on,
          windows,
          due: due.toSorted(inOrder).map((one) => ({ ...one, reasons: windows.get(one.window) ?? [] })),
          quiet: [{ from: quietFrom, to: quietTo }, ...quietOf(contact)],
          card: known.card(id),
        });
      }
    }
    return found;
  }

  /**
   * Whether the clinic may call the patient, whose card is locked, now, by the channel or, at a claim, by any.
   * @throws PatientNotFound, and what assertMayContact throws
   */
  async assertMayContact(tx: Tx, patientId: string, channel: ContactChannel | null): Promise<void> {
    await this.patients.require(tx, patientId);
    const settings = await this.clinics.settings(tx);
    const bearing = (await this.bearing(tx, [patientId], settings)).get(patientId);
    assertMayContact({
      now: tx.now,
      zone: bearing?.zone ?? 'UTC',
      channel,
      agreed: bearing?.contact.contactChannels ?? [],
      due: bearing?.due ?? [],
      lastContactOn: bearing?.card.card.lastContactOn ?? null,
      gapDays: settings.contactGapDays,
      quiet: bearing?.quiet ?? [],
    });
  }
}

/** Of the place the patient was last treated at; UTC for whoever was never treated. */
function zoneOf(windows: readonly OpenWindow[] = []): string {
  const [last] = windows.toSorted((a, b) => ((a.lastTreatedOn ?? '') < (b.lastTreatedOn ?? '') ? 1 : -1));
  return last?.zone ?? 'UTC';
}

/** The patient's own wish, where there is one. */
function quietOf(contact: PatientContact | undefined): QuietHours[] {
  const { from, to } = contact?.quietHours ?? {};
  return isWallTime(from) && isWallTime(to) ? [{ from, to }] : [];
}
