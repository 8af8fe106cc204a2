import { addOffsets, type CalendarDate, type DomainError } from '#kernel';
import {
  ADULT_AGE,
  type BookingRequest,
  patientReasonsOn,
  type TreatmentWindow,
} from '../../domain/booking-rules.js';
import {
  PatientUnderAge,
  ReinjectionTooEarly,
  TreatmentBeforeEarliest,
} from '../../domain/scheduling.errors.js';

/** Why a visit of this patient would be refused on the first of the days searched, though there is time. */
export interface BookingHint {
  /** The code the booking would be refused with. */
  readonly code: string;
  readonly title: string;
  /** The first day it no longer holds; null when nobody can say. */
  readonly until: CalendarDate | null;
}

/** In order of weight; empty when nothing speaks against a booking on `on`. */
export function bookingHints({
  on,
  ...asked
}: Pick<BookingRequest, 'market' | 'patient' | 'windows'> & {
  readonly type: Pick<BookingRequest['type'], 'kind'>;
  readonly on: CalendarDate;
}): BookingHint[] {
  return patientReasonsOn(on, asked).map((reason) => ({
    code: reason.spec.code,
    title: reason.spec.title,
    until: endOf(reason, asked.patient.birthDate, asked.windows),
  }));
}

function endOf(
  reason: DomainError,
  birthDate: CalendarDate,
  windows: readonly TreatmentWindow[],
): CalendarDate | null {
  if (reason instanceof PatientUnderAge) return addOffsets(birthDate, { n: ADULT_AGE, unit: 'year' });
  const resting = reason instanceof ReinjectionTooEarly;
  if (!resting && !(reason instanceof TreatmentBeforeEarliest)) return null;
  const held = windows.filter(({ withoutResponse = false }) => withoutResponse === resting);
  if (resting && held.some(({ earliest }) => earliest === null)) return null;
  return (
    held
      .flatMap(({ earliest }) => earliest ?? [])
      .toSorted()
      .at(-1) ?? null
  );
}
