import { indicationOf } from '#catalogue';
import { addDays, dateIn, daysBetween, type CalendarDate } from '#kernel';

import { book, type Booking, type Ending } from './appointments.js';
import { consult, type Charting, type Session } from './consultations.js';
import { treat } from './treatments.js';
import type { AppointmentKind, Diary } from './diary.js';
import { planReviews, type Review } from './follow-ups.js';
import { known } from '../clinic/clinic.js';
import type { Person } from '../clinic/people.js';

export interface Year extends Charting {
  readonly diary: Diary;
  readonly now: Date;
  readonly today: CalendarDate;
}

/** How one person comes: where, to whom, with what, on which days. */
interface Habit {
  readonly locationId: string;
  readonly practitionerIds: readonly string[];
  readonly product: string;
  readonly areas: readonly string[];
  /** The days treatments were or are meant for, ascending; at most one in the future. */
  readonly days: readonly CalendarDate[];
  /** Those of them that were booked at the till the time before. */
  readonly rebooked: ReadonlySet<CalendarDate>;
}

/** Half of treated patients are back after about five months; a label interval is never undercut. */
const MEDIAN_GAP = 150;
const GAP_SPREAD = 0.27;
const RETURN_PROBABILITY = 0.84;
const SHORTEST_GAP = 95;
/** How many book their next treatment on the way out, and how many of the others were called before they did. */
const REBOOKING = 0.36;
const CALLED = 0.4;

/** Plays one patient's months at the clinic; the first dozen have their visit today. */
export function course(year: Year, person: Person, index: number): void {
  const habit = habitOf(year, person, index);
  let firstVisit = true;
  let last: Booking | null = null;
  for (const day of habit.days) {
    if (person.gone && day >= person.gone.on) return;
    if (firstVisit && day <= year.today) talk(year, person, habit, addDays(day, -year.chance.whole(2, 9)));
    firstVisit = false;
    detours(year, person, habit, day);
    // At the till, five minutes after the treatment.
    const agreedAt: Date | undefined =
      last !== null && habit.rebooked.has(day)
        ? new Date(last.place.endsAt.getTime() + 5 * 60_000)
        : undefined;
    const booking = visit(
      year,
      person,
      habit,
      year.clinic.types.treatment,
      day,
      6,
      'kept',
      habit.areas,
      agreedAt,
    );
    if (booking && last !== null && agreedAt === undefined && year.chance.happens(CALLED))
      call(year, person, booking);
    if (booking) last = booking;
    if (booking?.status !== 'fulfilled') continue;
    const on = dateOf(year, booking);
    const session: Session = { product: habit.product, areas: habit.areas, on, completesId: null };
    const clearanceId = consult(year, person, booking, session);
    if (clearanceId === null) continue;
    const treatmentId = treat(year, person, booking, session, clearanceId);
    const review = reviewed(year, person, habit, booking, on, treatmentId);
    planReviews(year, person, habit, { treatmentId, on, by: booking.place.practitionerId }, review);
  }
}

function habitOf({ chance, clinic, catalogue, today }: Year, person: Person, index: number): Habit {
  const { plan } = clinic;
  const [main, ...others] = [...clinic.locations.keys()];
  const locationId = others.length > 0 && chance.happens(0.32) ? chance.one(others) : (main ?? '');
  const staff = [
    ...new Set(
      clinic.shifts.filter((shift) => shift.locationId === locationId).map((shift) => shift.practitionerId),
    ),
  ];
  const favourite = chance.one(staff);
  const practitionerIds = chance.happens(0.8) ? [favourite] : staff;
  const drawn = chance.weighted(plan.products);
  const product = person.milkAllergy && drawn === 'abo' ? 'ona' : drawn;
  const onLabel = (area: string): boolean =>
    indicationOf(catalogue, product, area)?.markets.includes(plan.market) ?? false;
  const areas = [
    'glabella',
    ...(onLabel('forehead') && chance.happens(0.55) ? ['forehead'] : []),
    ...(onLabel('lateral_canthal') && chance.happens(0.6) ? ['lateral_canthal'] : []),
  ];
  const gap = (): number => Math.max(SHORTEST_GAP, chance.gap(MEDIAN_GAP, GAP_SPREAD));
  const days: CalendarDate[] = [];
  if (index < 12) {
    for (
      let day = today;
      days.length === 0 || (day > addDays(today, -plan.days) && days.length < 4);
      day = addDays(day, -gap())
    )
      days.unshift(day);
    const rebooked = new Set(days.slice(1).filter(() => chance.happens(REBOOKING)));
    return { locationId, practitionerIds: staff, product, areas, days, rebooked };
  }
  // Who left care was treated here before.
  const latestStart = person.gone ? daysBetween(person.gone.on, today) + 20 : 4;
  let day = addDays(today, -chance.whole(latestStart, plan.days));
  const rebooked = new Set<CalendarDate>();
  while (day < today) {
    days.push(day);
    if (!chance.happens(RETURN_PROBABILITY)) break;
    day = addDays(day, gap());
    if (chance.happens(REBOOKING)) rebooked.add(day);
  }
  // Those who would come in the next weeks have mostly booked already; the others are for the desk to call.
  const isNear = daysBetween(today, day) < 56 && chance.happens(0.6);
  if (day > today && days.length > 0 && (rebooked.has(day) || isNear)) days.push(day);
  return { locationId, practitionerIds, product, areas, days, rebooked };
}

/** A visit on the day, or on the next one with a free time; null when there is none. */
function visit(
  year: Year,
  person: Person,
  { locationId, practitionerIds }: Pick<Habit, 'locationId' | 'practitionerIds'>,
  type: AppointmentKind,
  day: CalendarDate,
  patience: number,
  ending: Ending,
  areas: readonly string[],
  agreedAt?: Date,
): Booking | null {
  const wish = { patientId: person.id, locationId, practitionerIds };
  for (let late = 0; late <= patience; late += 1) {
    const on = addDays(day, late);
    // A past visit that slips never slips past today, or it would still be to come.
    if (day < year.today && on >= year.today) return null;
    const place = year.diary.take(on, type, wish);
    if (place) return book(year, person.id, type, place, ending, areas, agreedAt);
  }
  return null;
}

/** The desk rang before the visit was booked, sometimes twice. */
function call({ chance, records, clinic }: Year, person: Person, { id, bookedAt }: Booking): void {
  const attempt = (at: Date, outcome: 'booked' | 'no-answer'): void => {
    records.add('contact_attempt', {
      id: chance.id(at),
      patient_id: person.id,
      initiated_by: 'clinic',
      channel: 'phone',
      outcome,
      area_ids: [],
      appointment_id: outcome === 'booked' ? id : null,
      on_day: dateIn(at, 'UTC'),
      at,
      staff_id: clinic.desk,
    });
  };
  if (chance.happens(0.35)) attempt(new Date(bookedAt.getTime() - 2 * 86_400_000), 'no-answer');
  attempt(bookedAt, 'booked');
}

/** The first talk before the first treatment. */
function talk(year: Year, person: Person, habit: Habit, day: CalendarDate): void {
  const booking = visit(year, person, habit, year.clinic.types.consultation, day, 2, 'kept', habit.areas);
  if (booking?.status !== 'fulfilled') return;
  const session = {
    product: habit.product,
    areas: habit.areas,
    on: dateOf(year, booking),
    completesId: null,
  };
  consult(year, person, booking, session);
}

/** What went wrong before the visit that took place. */
function detours(year: Year, person: Person, habit: Habit, day: CalendarDate): void {
  const { chance, clinic, today } = year;
  const before = addDays(day, -chance.whole(2, 12));
  const ending = chance.weighted<Ending>([
    ['kept', 84],
    ['cancelled', 7],
    ['cancelled-late', 4],
    ['no-show', 5],
  ]);
  if (ending === 'kept' || before >= today) return;
  visit(year, person, habit, clinic.types.treatment, before, 0, ending, habit.areas);
}

/** The review two to three weeks later, with a touch-up now and then. */
function reviewed(
  year: Year,
  person: Person,
  habit: Habit,
  { place }: Booking,
  on: CalendarDate,
  treatmentId: string,
): Review {
  const { chance, clinic, today } = year;
  const none: Review = { booking: null, on: null, touchUp: [] };
  if (!chance.happens(0.84)) return none;
  const ending = chance.weighted<Ending>([
    ['kept', 86],
    ['no-show', 8],
    ['cancelled', 6],
  ]);
  const day = addDays(on, chance.whole(14, 18));
  if (ending !== 'kept' && day >= today) return none;
  const atHand = {
    locationId: place.locationId,
    practitionerIds: chance.happens(0.7) ? habit.practitionerIds : [place.practitionerId],
  };
  const booking = visit(year, person, atHand, clinic.types.review, day, 3, ending, habit.areas);
  if (!booking) return none;
  const reviewedOn = dateOf(year, booking);
  if (booking.status !== 'fulfilled') return { booking, on: reviewedOn, touchUp: [] };
  const [area] = habit.areas;
  if (!area || !chance.happens(0.09)) return { booking, on: reviewedOn, touchUp: [] };
  const prescribers = { locationId: place.locationId, practitionerIds: clinic.prescribers };
  const room = 21 - daysBetween(on, reviewedOn) - 1;
  if (room < 0) return { booking, on: reviewedOn, touchUp: [] };
  const visitForMore = visit(
    year,
    person,
    prescribers,
    clinic.types.treatment,
    addDays(reviewedOn, 1),
    room - 1,
    'kept',
    [area],
  );
  if (visitForMore?.status === 'fulfilled') {
    const session = {
      product: habit.product,
      areas: [area],
      on: dateOf(year, visitForMore),
      completesId: treatmentId,
    };
    const clearanceId = consult(year, person, visitForMore, session);
    if (clearanceId !== null) treat(year, person, visitForMore, session, clearanceId);
  }
  return { booking, on: reviewedOn, touchUp: [area] };
}

const dateOf = ({ clinic }: Year, { place }: Booking): CalendarDate =>
  dateIn(place.startsAt, known(clinic.locations, place.locationId).zone);
