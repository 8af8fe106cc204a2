import { dateIn, daysBetween, timeIn } from '#kernel';
import { MINUTE } from '../../domain/appointment.js';
import type { Slot } from '../../domain/slot.js';

/** What changes for the patient, in words. */
export function inWords(
  { startsAt, practitionerId }: Slot,
  before: { readonly startsAt: Date; readonly absentId: string; readonly zone: string },
  name: string,
): string {
  const { zone } = before;
  const days = daysBetween(dateIn(before.startsAt, zone), dateIn(startsAt, zone));
  const shift = Math.round((startsAt.getTime() - before.startsAt.getTime()) / MINUTE);
  const withWhom = practitionerId === before.absentId ? `still with ${name}` : `with ${name}`;
  if (shift === 0) return `same time, ${withWhom}`;
  const time = timeIn(startsAt, zone);
  const sameTime = time === timeIn(before.startsAt, zone) ? 'same time' : `at ${time}`;
  const count = Math.abs(days);
  const when =
    days === 0 ? 'same day' : `${count} ${count === 1 ? 'day' : 'days'} ${days > 0 ? 'later' : 'earlier'}`;
  return `${when}, ${sameTime}, ${withWhom}`;
}
