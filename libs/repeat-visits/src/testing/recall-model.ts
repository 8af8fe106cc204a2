import { addDays, type CalendarDate } from '#kernel';
import * as fc from 'fast-check';

/** What happened to one patient, in the words of the clinic; days are counted back from today. */
export interface Happened {
  readonly left: { readonly how: 'deceased' | 'transferred'; readonly daysAgo: number } | null;
  readonly doNotContact: boolean;
  /** Screening about pregnancy, oldest first: whether the answer holds the patient back. */
  readonly screened: readonly { readonly daysAgo: number; readonly pregnant: boolean }[];
  readonly adverseEvent: { readonly daysAgo: number; readonly active: boolean } | null;
  /** Contacts, oldest first. */
  readonly said: readonly {
    readonly daysAgo: number;
    readonly outcome: 'later' | 'declined' | 'no-answer';
    /** Days from today; null: not said. */
    readonly inDays: number | null;
    readonly areas: readonly string[];
  }[];
  readonly booked: readonly {
    readonly inDays: number;
    readonly areas: readonly string[];
    readonly status: 'booked' | 'confirmed' | 'cancelled' | 'no-show';
  }[];
  /** A clinician's own first day for an area, decided after its last treatment. */
  readonly decided: { readonly area: string; readonly inDays: number } | null;
}

/** An area's window, as far as the model needs it. */
export interface ModelWindow {
  readonly area: string;
  readonly earliest: CalendarDate | null;
  readonly recommendedFrom: CalendarDate | null;
  readonly lastTreatedOn: CalendarDate | null;
}

export const AREAS = ['glabella', 'forehead'] as const;
/** Nothing of the kind happened to most patients, so that some are left whom one may ask. */
const seldom = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: one });
const someAreas = fc.subarray([...AREAS]);

export const happenings: fc.Arbitrary<Happened> = fc.record({
  left: seldom(
    fc.record({ how: fc.constantFrom('deceased', 'transferred'), daysAgo: fc.integer({ min: 0, max: 90 }) }),
  ),
  doNotContact: seldom(fc.constant(true)).map((asked) => asked !== null),
  screened: fc
    .array(
      fc.record({
        daysAgo: fc.integer({ min: 1, max: 300 }),
        pregnant: fc.constantFrom(false, false, false, true),
      }),
      { maxLength: 2 },
    )
    .map((all) => all.toSorted((a, b) => b.daysAgo - a.daysAgo))
    .filter(([a, b]) => a === undefined || a.daysAgo !== b?.daysAgo),
  adverseEvent: seldom(fc.record({ daysAgo: fc.integer({ min: 0, max: 60 }), active: fc.boolean() })),
  said: fc
    .uniqueArray(
      fc.record({
        daysAgo: fc.integer({ min: 0, max: 400 }),
        outcome: fc.constantFrom('later', 'declined', 'no-answer'),
        inDays: fc.option(fc.integer({ min: -20, max: 60 })),
        areas: someAreas,
      }),
      { maxLength: 3, selector: ({ daysAgo }) => daysAgo },
    )
    .map((all) =>
      all
        .toSorted((a, b) => b.daysAgo - a.daysAgo)
        .map((one) => {
          // "Later" says until when, after the day it was said; nobody picking up says nothing.
          if (one.outcome === 'no-answer') return { ...one, inDays: null };
          const inDays = one.inDays === null ? null : Math.max(one.inDays, 1 - one.daysAgo);
          return { ...one, inDays: one.outcome === 'later' ? (inDays ?? 1) : inDays };
        }),
    ),
  booked: fc.uniqueArray(
    fc.record({
      inDays: fc.integer({ min: 1, max: 60 }),
      areas: someAreas,
      status: fc.constantFrom('booked', 'confirmed', 'cancelled', 'no-show'),
    }),
    { maxLength: 2, selector: ({ inDays }) => inDays },
  ),
  decided: seldom(fc.record({ area: fc.constantFrom(...AREAS), inDays: fc.integer({ min: -5, max: 40 }) })),
});

export const dayFrom = (today: CalendarDate, days: number): CalendarDate => addDays(today, days);

/**
 * domain.md section 5 said again, clause by clause and without the words of the rule: whether the desk may ask about an area
 * today, and whether a message may. Areas without a due window: neither.
 */
export function mayAsk(happened: Happened, window: ModelWindow, today: CalendarDate): boolean {
  const { area, earliest, recommendedFrom, lastTreatedOn } = window;
  // "due ≤ recommendedFrom": before it nobody is asked.
  if (earliest === null || recommendedFrom === null || today < recommendedFrom) return false;
  // "deceased, transferred": not any more.
  if (happened.left !== null) return false;
  // "do-not-contact (still computed, never messaged)".
  if (happened.doNotContact) return false;
  // "pregnancy/breastfeeding/active adverse event → on hold": the newest answer counts.
  if (happened.screened.at(-1)?.pregnant === true) return false;
  if (happened.adverseEvent?.active === true) return false;
  // "declined or snoozed until": the last word about this area since it was last treated.
  const words = happened.said.filter(
    ({ outcome, areas, daysAgo }) =>
      outcome !== 'no-answer' &&
      (areas.length === 0 || areas.includes(area)) &&
      (lastTreatedOn === null || dayFrom(today, -daysAgo) >= lastTreatedOn),
  );
  const word = words.at(-1);
  if (word && (word.inDays === null || word.inDays > 0)) return false;
  // "booked (a treatment booking for the same area on/after earliest)"; of another area: still due. Where nobody named the
  // areas it may be for this one (ADR 52).
  const stands = happened.booked.filter(({ status }) => status === 'booked' || status === 'confirmed');
  if (
    stands.some(
      ({ areas, inDays }) =>
        (areas.length === 0 || areas.includes(area)) && dayFrom(today, inDays) >= earliest,
    )
  )
    return false;
  // "clinician override": not before the clinician's own day.
  return happened.decided?.area !== area || happened.decided.inDays <= 0;
}
