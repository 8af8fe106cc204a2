import type { Tx } from '#database';

import { keepEntry } from './audit.repository.js';

/** What was done to or seen of which record. `detail` holds nothing of a patient's: names of changed fields, ids, and of the clinic's own affairs what was set. */
export interface AuditEntry {
  /** `<entity>.<verb>`, e.g. `patient.read`, `appointment.cancel`. */
  readonly action: `${string}.${string}`;
  readonly entityId: string | null;
  readonly patientId: string | null;
  readonly outcome?: 'done' | 'refused';
  readonly detail?: Readonly<Record<string, unknown>>;
}

/**
 * Leaves one audit row in the transaction that does the work: both come to be, or neither. It is sent at once and
 * answered before the commit counts, so that no request waits a round trip for it.
 */
export function record(tx: Tx, entry: AuditEntry): Promise<void> {
  keepEntry(tx, { ...entry, entity: entry.action.slice(0, entry.action.lastIndexOf('.')) });
  return Promise.resolve();
}
