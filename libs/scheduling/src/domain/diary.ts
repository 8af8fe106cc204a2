import type { CalendarDate, Interval } from '#kernel';
import {
  localDays,
  openIntervals,
  type OpeningHours,
  workingIntervals,
  type WorkingPattern,
} from './working-time.js';

/** What is set up for a practitioner at one location. */
export interface PractitionerSetUp extends WorkingPattern {
  readonly id: string;
  readonly name: string;
  readonly isPrescriber: boolean;
}

/** What is set up at a location. */
export interface LocationSetUp extends OpeningHours {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly closedDates: readonly CalendarDate[];
  readonly rooms: readonly {
    readonly id: string;
    readonly name: string;
    readonly kind: string;
    readonly equipment: readonly string[];
  }[];
}

/** Practitioners by id with the spans they can be booked in, and when the location is open, within the range. */
export function diariesOf(
  location: OpeningHours & Pick<LocationSetUp, 'zone'>,
  practitioners: readonly (WorkingPattern & { readonly id: string })[],
  range: Interval,
): { readonly open: Interval[]; readonly working: ReadonlyMap<string, readonly Interval[]> } {
  const calendar = localDays(range, location.zone);
  const open = openIntervals(location, calendar);
  return {
    open,
    working: new Map(practitioners.map((one) => [one.id, workingIntervals(one, open, calendar)])),
  };
}

/** Whether someone may be asked for this type at all: not named, everyone is; and prescribing where it is needed. */
export const offers = (
  practitioner: Pick<PractitionerSetUp, 'id' | 'isPrescriber'>,
  type: { readonly practitionerIds: readonly string[]; readonly needsPrescriber: boolean },
): boolean =>
  (type.practitionerIds.length === 0 || type.practitionerIds.includes(practitioner.id)) &&
  (!type.needsPrescriber || practitioner.isPrescriber);
