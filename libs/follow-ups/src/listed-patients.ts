import type { Tx } from '#database';
import { type PatientContact, PatientsService } from '#patients';
import { Injectable } from '@nestjs/common';

import type { FollowUpPatient } from './http/follow-up.dto.js';

/** Whom to ring: the rows of a list with their patients, as the record that is in use names them. */
@Injectable()
export class ListedPatients {
  constructor(private readonly patients: PatientsService) {}

  /** A row of a merged record goes with the one it went into; one of nobody is left out. Two queries a list at most. */
  async with<Row extends { readonly patientId: string }>(
    tx: Tx,
    rows: readonly Row[],
  ): Promise<(Row & { readonly patient: FollowUpPatient })[]> {
    const found = await this.#contacts(
      tx,
      rows.map(({ patientId }) => patientId),
    );
    const survivors = [...found.values()].flatMap(({ mergedIntoId }) => mergedIntoId ?? []);
    const contacts = new Map([...found, ...(await this.#contacts(tx, survivors))]);
    return rows.flatMap((row) => {
      const own = contacts.get(row.patientId);
      const contact = own?.mergedIntoId ? contacts.get(own.mergedIntoId) : own;
      if (!contact) return [];
      const { id, number, givenName, familyName, phone, doNotContact } = contact;
      return [{ ...row, patientId: id, patient: { number, givenName, familyName, phone, doNotContact } }];
    });
  }

  async #contacts(tx: Tx, ids: readonly string[]): Promise<Map<string, PatientContact>> {
    const asked = [...new Set(ids)];
    const contacts = asked.length === 0 ? [] : await this.patients.contacts(tx, asked);
    return new Map(contacts.map((contact) => [contact.id, contact]));
  }
}
