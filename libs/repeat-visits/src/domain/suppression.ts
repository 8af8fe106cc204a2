import { calendarDate, type CalendarDate } from '#kernel';

/** What a reason does to a patient's place: on the recall list, in automatic messages, in the due figures. */
export interface Effect {
  readonly listed: boolean;
  readonly messaged: boolean;
  readonly counted: boolean;
}

/** Every reason is shown; none deletes anything. `counted`: the visit could still come about. */
export const SUPPRESSION_EFFECTS = {
  deceased: { listed: false, messaged: false, counted: false },
  merged: { listed: false, messaged: false, counted: false },
  transferred: { listed: false, messaged: false, counted: false },
  /** Waits for a clinician's review, not for the desk. */
  'on-hold': { listed: false, messaged: false, counted: false },
  /** The last treatment showed nothing: the clinician's pathway first (technique, muscles, antibodies), then a visit. */
  'no-response': { listed: true, messaged: false, counted: true },
  declined: { listed: false, messaged: false, counted: true },
  snoozed: { listed: false, messaged: false, counted: true },
  'do-not-contact': { listed: false, messaged: false, counted: true },
  booked: { listed: false, messaged: false, counted: true },
  /** A treatment of another area is booked when this one may be given too: still due, and worth offering together. */
  combinable: { listed: true, messaged: true, counted: true },
  /** A clinician chose a later day than the calculated one. */
  'override-waiting': { listed: false, messaged: false, counted: true },
  'override-reached': { listed: true, messaged: true, counted: true },
} as const satisfies Record<string, Effect>;
export type ReasonCode = keyof typeof SUPPRESSION_EFFECTS;

export const HOLD_REASONS = ['pregnancy', 'breastfeeding', 'adverse-event'] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

/** From `since` until the day before `until`; open when `until` is null. */
export interface Hold {
  readonly reason: HoldReason;
  readonly since: CalendarDate;
  readonly until: CalendarDate | null;
}

/** Statuses in which an appointment still stands; a cancelled, missed or withdrawn one leaves no trace here. */
const STANDING = ['booked', 'confirmed', 'arrived', 'in-progress', 'fulfilled'] as const;

export interface Booking {
  readonly appointmentId: string;
  readonly on: CalendarDate;
  /** Only a treatment can take the place of a repeat visit; reviews and consultations do not. */
  readonly purpose: 'treatment' | 'other';
  readonly status: (typeof STANDING)[number] | 'cancelled' | 'no-show' | 'entered-in-error';
  /** Empty when the areas were not said. */
  readonly areas: readonly string[];
}

/** A clinician's own date in place of the calculated one. */
export interface Override {
  readonly by: string;
  readonly why: string;
  readonly notBefore: CalendarDate;
  readonly calculated: CalendarDate | null;
  /** The last treatment the clinician decided on: a newer one drops the override. */
  readonly afterTreatmentOn: CalendarDate;
}

/** A review that found nothing a month after the treatment of the area. */
export interface NonResponse {
  readonly treatedOn: CalendarDate;
  readonly foundOn: CalendarDate;
}

/** Declined without saying when to ask again: not before the next treatment. */
export const FOR_GOOD = calendarDate('9999-12-31');

/** What is known of one patient and one area's window on a day. */
export interface SuppressionFacts {
  readonly assessedOn: CalendarDate;
  readonly area: string;
  readonly earliest: CalendarDate | null;
  /** The last dose of the area; null when it is not known. */
  readonly lastTreatedOn: CalendarDate | null;
  readonly deceasedOn: CalendarDate | null;
  readonly transferredOn: CalendarDate | null;
  /** Id of the record this one was merged into. */
  readonly mergedInto: string | null;
  readonly holds: readonly Hold[];
  /** The newest of the area; null without one. A treatment after it answers it. */
  readonly nonResponse: NonResponse | null;
  /** First day on which the patient wants to hear again; both are about this window. */
  readonly declinedUntil: CalendarDate | null;
  readonly snoozedUntil: CalendarDate | null;
  readonly doNotContact: boolean;
  readonly bookings: readonly Booking[];
  readonly override: Override | null;
}

/** A shown reason. `until` is the first day it no longer holds, null when nobody can say. */
export interface Reason {
  readonly code: ReasonCode;
  readonly until: CalendarDate | null;
  readonly because: Readonly<Record<string, string | null>>;
}

/** All reasons that hold on `assessedOn`, in the order of the effects table, independent of the order of the facts. */
export function suppress(facts: SuppressionFacts): Reason[] {
  const on = facts.assessedOn;
  const reasons: Reason[] = [];
  if (facts.deceasedOn !== null && facts.deceasedOn <= on) reasons.push(lasting('deceased'));
  if (facts.mergedInto !== null) reasons.push(lasting('merged', { mergedInto: facts.mergedInto }));
  if (facts.transferredOn !== null && facts.transferredOn <= on) reasons.push(lasting('transferred'));
  for (const reason of HOLD_REASONS) {
    const hold = longest(facts.holds.filter((held) => held.reason === reason && holds(held, on)));
    if (hold) reasons.push({ code: 'on-hold', until: hold.until, because: { reason, since: hold.since } });
  }
  if (facts.nonResponse && !treatedAfter(facts.lastTreatedOn, facts.nonResponse.treatedOn)) {
    const { treatedOn, foundOn } = facts.nonResponse;
    reasons.push(lasting('no-response', { treatedOn, foundOn, notBefore: facts.earliest }));
  }
  for (const [code, until] of [
    ['declined', facts.declinedUntil],
    ['snoozed', facts.snoozedUntil],
  ] as const) {
    if (until !== null && on < until)
      reasons.push({ code, until: until === FOR_GOOD ? null : until, because: {} });
  }
  if (facts.doNotContact) reasons.push(lasting('do-not-contact'));
  return [...reasons, ...bookingReasons(facts), ...overrideReasons(facts)];
}

/** What all reasons together leave: each can only take away. */
export const effectOf = (reasons: readonly Reason[]): Effect => ({
  listed: reasons.every(({ code }) => SUPPRESSION_EFFECTS[code].listed),
  messaged: reasons.every(({ code }) => SUPPRESSION_EFFECTS[code].messaged),
  counted: reasons.every(({ code }) => SUPPRESSION_EFFECTS[code].counted),
});

/** The same for planning a visit: a clinician's later day does not keep it from being planned, it only says when. */
export const effectOnPlan = (reasons: readonly Reason[]): Effect =>
  effectOf(reasons.filter(({ code }) => code !== 'override-waiting'));

/** A clinician's own first day among the reasons, reached or not; null without one. */
export function ownDayOf(reasons: readonly Reason[]): CalendarDate | null {
  const own = reasons.find(({ code }) => code === 'override-waiting' || code === 'override-reached');
  const day = own?.because['notBefore'];
  return day ? calendarDate(day) : null;
}

/** The reason that is said first where somebody is not asked: the first of the table that keeps them off the list. */
export const primaryOf = (reasons: readonly Reason[]): Reason | null =>
  reasons.find(({ code }) => !SUPPRESSION_EFFECTS[code].listed) ?? null;

/** Whether the desk offers the area to a patient who comes anyhow: who wants no contact is not being contacted. */
export const isOfferedAtVisit = (reasons: readonly Reason[]): boolean =>
  effectOf(reasons.filter(({ code }) => code !== 'do-not-contact')).listed;

const treatedAfter = (last: CalendarDate | null, on: CalendarDate): boolean => last !== null && last > on;

const lasting = (code: ReasonCode, because: Reason['because'] = {}): Reason => ({
  code,
  until: null,
  because,
});

const holds = ({ since, until }: Hold, on: CalendarDate): boolean =>
  since <= on && (until === null || on < until);

function longest(found: readonly Hold[]): Hold | undefined {
  const end = (hold: Hold): string => hold.until ?? '9999-12-32';
  return found.toSorted((a, b) => compare(end(b), end(a)) || compare(a.since, b.since))[0];
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** A treatment whose areas nobody named may be of any, so nobody who has one is asked to come. */
function bookingReasons({ bookings, assessedOn, area, earliest }: SuppressionFacts): Reason[] {
  const standing = bookings
    .filter(({ purpose, status, on }) => purpose === 'treatment' && stands(status) && on >= assessedOn)
    .filter(({ on }) => earliest === null || on >= earliest)
    .toSorted((a, b) => compare(a.on, b.on) || compare(a.appointmentId, b.appointmentId));
  const own = standing.find(({ areas }) => areas.length === 0 || areas.includes(area));
  if (own) return [booking('booked', own)];
  const [other] = standing;
  return other ? [booking('combinable', other)] : [];
}

const booking = (code: ReasonCode, { appointmentId, on }: Booking): Reason => ({
  code,
  until: null,
  because: { appointmentId, on },
});

const stands = (status: Booking['status']): boolean => STANDING.some((one) => one === status);

function overrideReasons({ override, assessedOn, lastTreatedOn }: SuppressionFacts): Reason[] {
  if (!override || treatedAfter(lastTreatedOn, override.afterTreatmentOn)) return [];
  const { by, why, notBefore, calculated } = override;
  const waiting = assessedOn < notBefore;
  return [
    {
      code: waiting ? 'override-waiting' : 'override-reached',
      until: waiting ? notBefore : null,
      because: { by, why, notBefore, calculated },
    },
  ];
}
