import type { Chance } from '../chance.js';
import type { Clinic } from '../clinic/clinic.js';
import type { AppointmentKind, Place } from './diary.js';
import type { Records } from '../rows.js';

const MINUTE = 60_000;
const DAY = 86_400_000;

export type Ending = 'kept' | 'cancelled' | 'cancelled-late' | 'no-show';

export interface Booking {
  readonly id: string;
  readonly status: string;
  readonly place: Place;
  readonly bookedAt: Date;
}

interface Change {
  readonly verb: string;
  readonly status: string;
  readonly at: number;
  readonly reason?: string;
}

/** Writes an appointment as it stands now, with every step that led there; `agreedAt` when it was booked, if that is known. */
export function book(
  { chance, records, clinic, now }: { chance: Chance; records: Records; clinic: Clinic; now: Date },
  patientId: string,
  type: AppointmentKind,
  place: Place,
  ending: Ending,
  areas: readonly string[],
  agreedAt?: Date,
): Booking {
  const start = place.startsAt.getTime();
  const usually = Math.min(start - chance.whole(3, 30) * DAY, now.getTime() - chance.whole(1, 5) * DAY);
  const bookedAt = agreedAt?.getTime() ?? usually;
  const steps: Change[] = [{ verb: 'book', status: 'booked', at: bookedAt }];
  const step = (verb: string, status: string, at: number, reason?: string): void => {
    if (at <= now.getTime()) steps.push({ verb, status, at, ...(reason === undefined ? {} : { reason }) });
  };
  if (ending.startsWith('cancelled')) {
    const cancelledAt = start - (ending === 'cancelled-late' ? 5 / 24 : 2) * DAY;
    step(
      'cancel',
      'cancelled',
      Math.max(cancelledAt, bookedAt + MINUTE),
      chance.one(['Unwell', 'Work', 'Travel']),
    );
  } else {
    if (chance.happens(0.75)) step('confirm', 'confirmed', Math.max(start - 2 * DAY, bookedAt + MINUTE));
    if (ending === 'no-show') step('no-show', 'no-show', start + 20 * MINUTE);
    else {
      step('check-in', 'arrived', start - 7 * MINUTE);
      step('start', 'in-progress', start);
      step('complete', 'fulfilled', place.endsAt.getTime());
    }
  }
  const last = steps.at(-1);
  const status = last?.status ?? 'booked';
  const at = (verb: string): Date | null => {
    const found = steps.find((one) => one.verb === verb);
    return found ? new Date(found.at) : null;
  };
  const id = chance.id(new Date(bookedAt));
  records.add('appointment', {
    id,
    patient_id: patientId,
    practitioner_id: place.practitionerId,
    room_id: place.roomId,
    location_id: place.locationId,
    type_id: type.id,
    starts_at: place.startsAt,
    ends_at: place.endsAt,
    busy_from: place.startsAt,
    busy_to: place.busyTo,
    status,
    area_ids: areas,
    late_cancel: status === 'cancelled' ? ending === 'cancelled-late' : null,
    arrived_at: at('check-in'),
    started_at: at('start'),
    completed_at: at('complete'),
    booked_by: clinic.desk,
    version: steps.length,
    created_at: new Date(bookedAt),
    updated_at: new Date(last?.at ?? bookedAt),
  });
  for (const [index, { verb, status: became, at: when, reason }] of steps.entries()) {
    const clinical = verb === 'start' || verb === 'complete';
    records.add('appointment_change', {
      appointment_id: id,
      version: index + 1,
      verb,
      status: became,
      at: new Date(when),
      staff_id: clinical ? place.practitionerId : clinic.desk,
      reason: reason ?? null,
    });
  }
  return { id, status, place, bookedAt: new Date(bookedAt) };
}
