import { calendarDate } from '#kernel';
import type { Departure, RecordedTreatment } from '../domain/return-cycles.js';

let made = 0;

/** A full treatment of the frown lines, signed the same day, unless told otherwise. */
export function aTreatment(
  patientId: string,
  treatedOn: string,
  changes: Partial<RecordedTreatment> = {},
): RecordedTreatment {
  made += 1;
  const day = calendarDate(treatedOn);
  return {
    treatmentId: `treatment-${made}`,
    patientId,
    treatedOn: day,
    areas: ['glabella'],
    kind: 'full',
    signedOn: day,
    withdrawnOn: null,
    ...changes,
  };
}

/** A death, recorded the same day, unless told otherwise. */
export function aDeparture(patientId: string, leftOn: string, changes: Partial<Departure> = {}): Departure {
  const day = calendarDate(leftOn);
  return { patientId, reason: 'deceased', leftOn: day, recordedOn: day, takenBackOn: null, ...changes };
}
