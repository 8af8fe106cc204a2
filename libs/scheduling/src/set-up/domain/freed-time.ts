import { type Interval, subtract } from '#kernel';
import { diariesOf } from '../../domain/diary.js';
import { practitionersAt, type StandingSetUp } from '../../misfits/domain/misfits.js';

/** The spans one practitioner works at one location, epoch ms. */
export interface Worked {
  readonly practitionerId: string;
  readonly locationId: string;
  readonly spans: readonly Interval[];
}

/** A room with the devices in it, and whether it can be booked. */
interface OwnRoom {
  readonly active: boolean;
  readonly kind: string;
  readonly equipment: readonly string[];
}

/** Who works where and when within the range; nobody who left, and nowhere that was given up. */
export function workedIn(
  { locations, practitioners }: Pick<StandingSetUp, 'locations' | 'practitioners'>,
  range: Interval,
): Worked[] {
  const present = practitioners.filter(({ active }) => active);
  return locations
    .filter(({ active }) => active)
    .flatMap((location) => {
      const { working } = diariesOf(location, practitionersAt(location.id, present), range);
      return [...working].map(([practitionerId, spans]) => ({
        practitionerId,
        locationId: location.id,
        spans,
      }));
    });
}

/** The spans worked after a change and not before, the soonest first. */
export function freedBetween(
  before: readonly Worked[],
  after: readonly Worked[],
): (Interval & Omit<Worked, 'spans'>)[] {
  const known = new Map(before.map((one) => [keyOf(one), one.spans]));
  return after
    .flatMap(({ spans, ...where }) =>
      subtract(spans, known.get(keyOf(where)) ?? []).map((span) => ({ ...where, ...span })),
    )
    .toSorted((a, b) => a.start - b.start);
}

/** Whether something can be done in a room that could not be done in it before; null: there was no such room. */
export const servesMore = (before: OwnRoom | null, after: OwnRoom): boolean =>
  after.active &&
  (!before?.active ||
    after.kind !== before.kind ||
    after.equipment.some((item) => !before.equipment.includes(item)));

const keyOf = ({ practitionerId, locationId }: Omit<Worked, 'spans'>): string =>
  `${practitionerId} ${locationId}`;
