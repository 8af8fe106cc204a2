import type { Tx } from '#database';

import type { PatientRows } from '../rows/patient-rows.repository.js';

/** Where a patient's photos and documents are read from; `content` is null for one that cannot be read. */
export abstract class PatientFilesPort {
  abstract read(
    tx: Tx,
    found: PatientRows,
  ): Promise<readonly { readonly name: string; readonly content: Uint8Array | null }[]>;
}

/** Where no store of files is wired: each file the rows tell of is named as not included. */
export class NoPatientFiles extends PatientFilesPort {
  read(_: Tx, { rows }: PatientRows): Promise<{ name: string; content: null }[]> {
    const files = (rows.get('stored_file') ?? []).map(({ id }) => ({ name: String(id), content: null }));
    return Promise.resolve(files);
  }
}
