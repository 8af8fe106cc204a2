import { dateIn } from '#kernel';
import { AppointmentStillAhead, AppointmentTransitionRefused } from './scheduling.errors.js';

/**
 * FHIR R4 Appointment.status in the clinic's words; glossary has the mapping. A slot kept while the patient decides is
 * `held` and then booked or `released`: the holds' own verbs do that, and none of those below.
 */
export const APPOINTMENT_STATUSES = [
  'held',
  'booked',
  'confirmed',
  'arrived',
  'in-progress',
  'fulfilled',
  'cancelled',
  'no-show',
  'entered-in-error',
  'released',
] as const;
export type AppointmentStatus = (typeof APPOINTMENT_STATUSES)[number];

export const APPOINTMENT_VERBS = [
  'confirm',
  'check-in',
  'start',
  'complete',
  'cancel',
  'no-show',
  'reinstate',
  'enter-in-error',
] as const;
export type AppointmentVerb = (typeof APPOINTMENT_VERBS)[number];

interface Transition {
  readonly from: readonly AppointmentStatus[];
  readonly to: AppointmentStatus;
}

/** A patient who leaves before being seen is cancelled, not a no-show; a late no-show is reinstated, then checked in. */
const TRANSITIONS: Readonly<Record<AppointmentVerb, Transition>> = {
  confirm: { from: ['booked'], to: 'confirmed' },
  'check-in': { from: ['booked', 'confirmed'], to: 'arrived' },
  start: { from: ['arrived'], to: 'in-progress' },
  complete: { from: ['in-progress'], to: 'fulfilled' },
  cancel: { from: ['booked', 'confirmed', 'arrived'], to: 'cancelled' },
  'no-show': { from: ['booked', 'confirmed'], to: 'no-show' },
  reinstate: { from: ['cancelled', 'no-show'], to: 'booked' },
  'enter-in-error': {
    from: ['booked', 'confirmed', 'arrived', 'in-progress', 'fulfilled', 'cancelled', 'no-show'],
    to: 'entered-in-error',
  },
};

const MOVE: Transition = { from: ['booked', 'confirmed', 'arrived'], to: 'booked' };

/** All that can happen to an appointment, moving it to another time and the verbs of a hold too. */
export const LIFE_CYCLE = {
  ...TRANSITIONS,
  reschedule: MOVE,
  'confirm-hold': { from: ['held'], to: 'booked' },
  'release-hold': { from: ['held', 'released'], to: 'released' },
} as const satisfies Readonly<Record<string, Transition>>;

/**
 * The status after moving: at another time the patient has neither confirmed nor arrived any more; another room or
 * practitioner changes nothing for them.
 * @throws AppointmentTransitionRefused
 */
export function afterMoving(status: AppointmentStatus, timeChanges: boolean): AppointmentStatus {
  if (!MOVE.from.includes(status))
    throw new AppointmentTransitionRefused({ status, verb: 'reschedule', allowed: verbsFrom(status) });
  return timeChanges ? MOVE.to : status;
}

const allows = (status: AppointmentStatus, verb: AppointmentVerb): boolean =>
  TRANSITIONS[verb].from.includes(status);

/** What can still be done with an appointment in this status. */
export const verbsFrom = (status: AppointmentStatus): AppointmentVerb[] =>
  APPOINTMENT_VERBS.filter((verb) => allows(status, verb));

/**
 * The status after the verb.
 * @throws AppointmentTransitionRefused with facts `{ status, verb, allowed }`
 */
export function next(status: AppointmentStatus, verb: AppointmentVerb): AppointmentStatus {
  if (!allows(status, verb))
    throw new AppointmentTransitionRefused({ status, verb, allowed: verbsFrom(status) });
  return TRANSITIONS[verb].to;
}

/**
 * Refuses to note what cannot have happened yet: nobody comes before the day of the visit at its location, nor has
 * stayed away before it begins. Noting late is fine. @throws AppointmentStillAhead
 */
export function assertTimely(
  verb: AppointmentVerb,
  now: Date,
  { startsAt, zone }: { readonly startsAt: Date; readonly zone: string },
): void {
  const isAhead =
    verb === 'no-show' ? now < startsAt : verb === 'check-in' && dateIn(now, zone) < dateIn(startsAt, zone);
  if (isAhead) throw new AppointmentStillAhead({ verb, startsAt, visitOn: dateIn(startsAt, zone) });
}

/**
 * The statuses that keep practitioner, room and patient taken; the overlap constraints use the same list. A fulfilled
 * visit still blocks, so that a no-show cannot be reinstated on top of the walk-in who took its place; a hold blocks
 * until it expires.
 */
const BLOCKING_STATUSES = ['held', 'booked', 'confirmed', 'arrived', 'in-progress', 'fulfilled'] as const;

const blocking: ReadonlySet<AppointmentStatus> = new Set(BLOCKING_STATUSES);
export const blocksTime = (status: AppointmentStatus): boolean => blocking.has(status);

/** Whether the change takes a span that was free until now, and so must take the resource locks first. */
export const takesTime = (from: AppointmentStatus, to: AppointmentStatus): boolean =>
  !blocksTime(from) && blocksTime(to);

/** When the patient came, was seen, and was done; and whether a cancellation came late. */
export interface AppointmentStamps {
  readonly arrivedAt: Date | null;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
  readonly lateCancel: boolean | null;
}

/** The stamps after a verb. A reinstated appointment starts afresh: nobody came and nothing was cancelled. */
export function stampsAfter(verb: AppointmentVerb, at: Date, before: AppointmentStamps): AppointmentStamps {
  switch (verb) {
    case 'check-in':
      return { ...before, arrivedAt: at };
    case 'start':
      return { ...before, startedAt: at };
    case 'complete':
      return { ...before, completedAt: at };
    case 'reinstate':
      return { arrivedAt: null, startedAt: null, completedAt: null, lateCancel: null };
    default:
      return before;
  }
}
