import { calendarDate, dateIn, timeIn, toEpochDay } from '#kernel';

import type { Slot } from '../../domain/slot.js';

/** A visit a patient came to. */
export interface PastVisit {
  readonly practitionerId: string;
  readonly practitionerName: string;
  readonly startsAt: Date;
  readonly zone: string;
}

interface Wont {
  readonly value: string;
  readonly words: string;
}

/** What most of a patient's visits have in common; null where there is no majority. */
export interface Habits {
  readonly practitioner: Wont | null;
  readonly weekday: Wont | null;
  readonly timeOfDay: Wont | null;
  /** How many visits this rests on. */
  readonly visits: number;
}

const WEEKDAYS = ['Thursdays', 'Fridays', 'Saturdays', 'Sundays', 'Mondays', 'Tuesdays', 'Wednesdays'];
const LEAST_VISITS = 2;
/** One’s own practitioner comes before the day or the hour, but not before both. */
const WEIGHTS = { practitioner: 3, weekday: 2, timeOfDay: 2 } as const;

/** 1970-01-01 was a Thursday. */
const weekdayOf = (at: Date, zone: string): string => {
  const day = toEpochDay(calendarDate(dateIn(at, zone)));
  return WEEKDAYS[((day % 7) + 7) % 7] ?? '';
};

const timeOfDayOf = (at: Date, zone: string): string => {
  const time = timeIn(at, zone);
  return time < '12:00' ? 'before 12:00' : time < '16:00' ? 'between 12:00 and 16:00' : 'after 16:00';
};

/** What more than half of the visits, and at least two, have in common; independent of their order. */
export function habitsOf(visits: readonly PastVisit[]): Habits {
  const most = (values: readonly Wont[]): Wont | null => {
    for (const same of Map.groupBy(values, ({ value }) => value).values()) {
      const [one] = same;
      if (one && same.length >= LEAST_VISITS && same.length * 2 > values.length) return one;
    }
    return null;
  };
  const plain = (words: string): Wont => ({ value: words, words });
  return {
    practitioner: most(
      visits.map(({ practitionerId, practitionerName }) => ({
        value: practitionerId,
        words: `with ${practitionerName}`,
      })),
    ),
    weekday: most(visits.map(({ startsAt, zone }) => plain(weekdayOf(startsAt, zone)))),
    timeOfDay: most(visits.map(({ startsAt, zone }) => plain(timeOfDayOf(startsAt, zone)))),
    visits: visits.length,
  };
}

export interface RankedSlot {
  readonly slot: Slot;
  /** e.g. "usually Thursdays after 16:00 with Dr Ada Okafor": only what this slot has of it; null for none. */
  readonly why: string | null;
}

/** The slots by how much they have of the patient's habits; alike ones stay in the order given (by time). */
export function rankByHabits(slots: readonly Slot[], habits: Habits, zone: string): RankedSlot[] {
  const { practitioner, weekday, timeOfDay } = habits;
  const fits = slots.map((slot) => {
    const has = {
      weekday: weekday?.value === weekdayOf(slot.startsAt, zone) ? weekday : null,
      timeOfDay: timeOfDay?.value === timeOfDayOf(slot.startsAt, zone) ? timeOfDay : null,
      practitioner: practitioner?.value === slot.practitionerId ? practitioner : null,
    };
    const words = [has.weekday, has.timeOfDay, has.practitioner].flatMap((one) => one?.words ?? []);
    const score =
      (has.practitioner ? WEIGHTS.practitioner : 0) +
      (has.weekday ? WEIGHTS.weekday : 0) +
      (has.timeOfDay ? WEIGHTS.timeOfDay : 0);
    return { slot, score, why: words.length > 0 ? `usually ${words.join(' ')}` : null };
  });
  return fits.toSorted((a, b) => b.score - a.score).map(({ slot, why }) => ({ slot, why }));
}

/** Why the slots stand in the order they do, for whoever reads them out. */
export function orderExplained({ practitioner, weekday, timeOfDay, visits }: Habits): string {
  const words = [weekday, timeOfDay, practitioner].flatMap((one) => one?.words ?? []);
  if (words.length > 0) return `By habit, usually ${words.join(' ')} (${visits} past visits), then by time`;
  return visits < LEAST_VISITS
    ? 'By time: too few past visits to know a habit'
    : 'By time: the past visits have nothing in common';
}
