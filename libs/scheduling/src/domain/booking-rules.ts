import { addDays, ageOn, type CalendarDate, dateIn, type DomainError } from '#kernel';
import { MINUTE } from './appointment.js';
import { AT_THE_DESK, type Resources, resourceReasons } from './resource-rules.js';
import {
  AppointmentInThePast,
  BeyondBookingHorizon,
  BookingNoticeTooShort,
  OutsideOpeningHours,
  OverrideRefused,
  PatientNotBookable,
  PatientUnderAge,
  PractitionerNotWorking,
  ReinjectionTooEarly,
  SlotTaken,
  TreatmentBeforeEarliest,
} from './scheduling.errors.js';

export { type Room, roomFits, type RoomNeeds } from './resource-rules.js';

/** What a visit is for. Reviews and complication checks are never held back by age or interval. */
export type AppointmentKind = 'consultation' | 'treatment' | 'review' | 'complication-check';

/** The window of one area as far as booking needs it; a date the protocol cannot give is null, never guessed. */
export interface TreatmentWindow {
  readonly areaId: string;
  readonly earliest: CalendarDate | null;
  readonly recommendedFrom: CalendarDate | null;
  readonly recommendedTo: CalendarDate | null;
  /** The last treatment showed nothing and nobody has said why yet: nobody may set `earliest` aside. */
  readonly withoutResponse?: boolean;
}

/** The rules a person may set aside, and who: it is stamped on the appointment and shown. */
const OVERRIDABLE: ReadonlyMap<string, 'prescriber' | 'booking-override'> = new Map([
  [TreatmentBeforeEarliest.spec.code, 'prescriber'],
  [OutsideOpeningHours.spec.code, 'booking-override'],
  [PractitionerNotWorking.spec.code, 'booking-override'],
  [BookingNoticeTooShort.spec.code, 'booking-override'],
  [BeyondBookingHorizon.spec.code, 'booking-override'],
  [SlotTaken.spec.code, 'booking-override'],
]);

export const OVERRIDABLE_RULES: readonly string[] = [...OVERRIDABLE.keys()];

export interface BookingOverride {
  /** Codes of the refusals to set aside. */
  readonly codes: readonly string[];
  readonly reason: string;
  readonly by: { readonly id: string; readonly isPrescriber: boolean; readonly mayOverrideBooking: boolean };
}

export interface BookingRequest extends Resources {
  readonly now: Date;
  readonly market: 'US' | 'EU' | 'UK' | 'CH';
  /** Days ahead, by the location's calendar; null = no limit. */
  readonly horizonDays: number | null;
  /** Asked of a start that is chosen now; a kept one has had its notice. */
  readonly noticeMinutes: number;
  readonly type: Resources['type'] & { readonly kind: AppointmentKind };
  readonly patient: {
    readonly id: string;
    readonly birthDate: CalendarDate;
    readonly standing: 'active' | 'deceased' | 'merged' | 'transferred';
    /** Whom a merged record was merged into. */
    readonly survivor?: Omit<BookingRequest['patient'], 'survivor'> | null;
  };
  /** The patient's open windows of the areas meant; only looked at for treatments. */
  readonly windows: readonly TreatmentWindow[];
  readonly override?: BookingOverride;
}

/** What was set aside, to be kept with the appointment. */
export interface OverriddenRule {
  readonly code: string;
  readonly facts: DomainError['facts'];
  readonly reason: string;
  readonly by: string;
}

export const ADULT_AGE = 18;

/**
 * Every reason against this booking, the weightiest first; empty = bookable. Taken spans are not looked at here: the
 * overlap constraints answer that with SlotTaken.
 */
export function reasonsAgainst(request: BookingRequest): DomainError[] {
  return [...patientReasons(request), ...dateReasons(request), ...resourceReasons(request)];
}

/**
 * Lets a booking through or throws the weightiest refusal that is not overridden. Of the refusals thrown,
 * an overridable one says in `overridableBy` who may set it aside.
 *
 * @returns the rules that were overridden, to be kept with the appointment
 * @throws the refusals of scheduling.errors, OverrideRefused for an override without authority or reason
 */
export function decideBooking(request: BookingRequest): OverriddenRule[] {
  const { override } = request;
  const overridden: OverriddenRule[] = [];
  for (const reason of reasonsAgainst(request)) {
    const { code } = reason.spec;
    if (!OVERRIDABLE.has(code) || !override?.codes.includes(code)) throw reason;
    checkAuthority(code, override);
    overridden.push({ code, facts: reason.facts, reason: override.reason.trim(), by: override.by.id });
  }
  return overridden;
}

/**
 * A double booking is known only when the span is taken: the same authority lets it through, if the override names it.
 * @returns what to keep with the appointment; null where no override names it, so that the refusal stands
 * @throws OverrideRefused
 */
export function overrideTaken(
  taken: SlotTaken,
  override: BookingOverride | undefined,
): OverriddenRule | null {
  const { code } = SlotTaken.spec;
  if (!override?.codes.includes(code)) return null;
  checkAuthority(code, override);
  return { code, facts: taken.facts, reason: override.reason.trim(), by: override.by.id };
}

function checkAuthority(code: string, { by, reason }: BookingOverride): void {
  const needs = OVERRIDABLE.get(code);
  const entitled = needs === 'prescriber' ? by.isPrescriber : by.mayOverrideBooking;
  if (!entitled || reason.trim() === '')
    throw new OverrideRefused({ rule: code, needs, missing: entitled ? 'reason' : 'authority' });
}

/** After no response nothing is injected before `earliest`, and on no day while that is unknown. */
export const mustRest = (
  { withoutResponse, earliest }: Pick<TreatmentWindow, 'withoutResponse' | 'earliest'>,
  on: CalendarDate,
): boolean => withoutResponse === true && (earliest === null || on < earliest);

/** Those of {@link reasonsAgainst} that lie with the patient: a visit taken up again must still be allowed to them. */
export function patientReasons({
  market,
  span,
  location,
  type,
  patient,
  windows,
}: Pick<BookingRequest, 'market' | 'span' | 'patient' | 'windows'> & {
  readonly location: Pick<BookingRequest['location'], 'zone'>;
  readonly type: Pick<BookingRequest['type'], 'kind'>;
}): DomainError[] {
  const reasons: DomainError[] = [];
  const { id: patientId, standing, survivor } = patient;
  const goOnWith = survivor ? { survivorId: survivor.id } : {};
  if (standing !== 'active') reasons.push(new PatientNotBookable({ patientId, standing, ...goOnWith }));
  if (type.kind !== 'treatment') return reasons;
  const visitOn = dateIn(new Date(span.visit.start), location.zone);
  if (market === 'UK' && ageOn(patient.birthDate, visitOn) < ADULT_AGE)
    reasons.push(new PatientUnderAge({ patientId, visitOn, minimumAge: ADULT_AGE }));
  const resting = windows.filter((window) => mustRest(window, visitOn));
  if (resting.length > 0) reasons.push(new ReinjectionTooEarly({ plannedOn: visitOn, windows: resting }));
  const tooEarly = windows.filter(
    (window) => !resting.includes(window) && window.earliest !== null && visitOn < window.earliest,
  );
  if (tooEarly.length > 0)
    reasons.push(
      new TreatmentBeforeEarliest({ patientId, visitOn, windows: tooEarly, overridableBy: 'prescriber' }),
    );
  return reasons;
}

/** The same of a visit on a calendar day of its location, whatever the hour. */
export function patientReasonsOn(
  on: CalendarDate,
  asked: Omit<Parameters<typeof patientReasons>[0], 'span' | 'location'>,
): DomainError[] {
  const start = Date.parse(`${on}T00:00:00Z`);
  const visit = { start, end: start };
  return patientReasons({ ...asked, span: { visit, busy: visit }, location: { zone: 'UTC' } });
}

function dateReasons({ now, span, location, horizonDays, noticeMinutes }: BookingRequest): DomainError[] {
  const startsAt = new Date(span.visit.start);
  // A walk-in booked at 10:03:20 starts at 10:03, the minute that is still running.
  const runningMinute = Math.floor(now.getTime() / MINUTE) * MINUTE;
  if (span.visit.start < runningMinute) return [new AppointmentInThePast({ startsAt, now })];
  if (span.visit.start < runningMinute + noticeMinutes * MINUTE)
    return [new BookingNoticeTooShort({ startsAt, noticeMinutes, ...AT_THE_DESK })];
  if (horizonDays === null) return [];
  const lastDay = addDays(dateIn(now, location.zone), horizonDays);
  return dateIn(startsAt, location.zone) > lastDay
    ? [new BeyondBookingHorizon({ startsAt, lastDay, horizonDays, ...AT_THE_DESK })]
    : [];
}
