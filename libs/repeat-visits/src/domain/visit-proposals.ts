import { calendarDate, type CalendarDate, fromEpochDay, latest, toEpochDay } from '#kernel';
import type { WindowDates } from './window-status.js';

/** One area's days to come, as `forecast` gives them. */
export interface AreaToVisit extends Pick<
  WindowDates,
  'earliest' | 'recommendedFrom' | 'target' | 'recommendedTo'
> {
  readonly area: string;
  /** A clinician's own first day, no earlier than which the area is proposed; null without one. */
  readonly notBefore: CalendarDate | null;
}

export interface ProposedVisit {
  /** The day of the common span nearest the mean of the targets; of two, the earlier. */
  readonly date: CalendarDate;
  /** First and last day on which every area of the visit is inside its window; `to` null: no area has an end. */
  readonly from: CalendarDate;
  readonly to: CalendarDate | null;
  /** In order of id. */
  readonly areas: readonly string[];
  /** Those among them whose window has ended already: sooner is better, inside is no longer possible. */
  readonly overdue: readonly string[];
}

/** Why two areas are not in one visit: the first ends before the second opens. */
export interface VisitConflict {
  readonly area: string;
  readonly until: CalendarDate;
  readonly other: string;
  readonly from: CalendarDate;
}

export interface VisitProposals {
  /** The fewest visits, in order of their days. */
  readonly visits: readonly ProposedVisit[];
  /** One for each two neighbouring visits. */
  readonly conflicts: readonly VisitConflict[];
  /** Areas no visit can be proposed for, because a date is missing; in order of id. */
  readonly withoutDates: readonly string[];
}

interface Span {
  readonly area: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate | null;
  readonly target: CalendarDate | null;
}

const NEVER = '9999-12-31';
const endOf = ({ to }: Pick<Span, 'to'>): string => to ?? NEVER;
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/**
 * The fewest visits on or after `today` such that every area is inside [recommendedFrom, recommendedTo] (interval
 * stabbing: take the window that ends first, and with it every window open on that last day). An area past its end
 * cannot be inside any more: it joins the first visit if that can be today, and makes a visit from today on otherwise.
 * Independent of the order of `areas`.
 */
export function proposeVisits(areas: readonly AreaToVisit[], today: CalendarDate): VisitProposals {
  const withoutDates = areas
    .filter(({ recommendedFrom }) => recommendedFrom === null)
    .map(({ area }) => area)
    .toSorted();
  const spans = areas.flatMap((area) => spanOf(area, today));
  const overdue = spans.filter((span) => endOf(span) < today);
  const groups = stab(spans.filter((span) => endOf(span) >= today));
  const [first] = groups;
  if (overdue.length > 0 && first?.every(({ from }) => from <= today)) first.push(...overdue);
  else if (overdue.length > 0) groups.unshift(overdue);
  const visits = groups.map((group) => visitOf(group, today));
  return { visits, conflicts: groups.flatMap((group, i) => conflictOf(groups[i - 1], group)), withoutDates };
}

function spanOf(
  { area, recommendedFrom, recommendedTo, target, notBefore }: AreaToVisit,
  today: CalendarDate,
): Span[] {
  if (recommendedFrom === null) return [];
  const opens = latest(recommendedFrom, notBefore ?? recommendedFrom);
  const to = recommendedTo === null || notBefore === null ? recommendedTo : latest(recommendedTo, notBefore);
  return [{ area, from: to !== null && to < today ? opens : latest(opens, today), to, target }];
}

/** The last days of the windows that must be hit apart; each area goes to the one of them nearest its target. */
function stab(spans: readonly Span[]): Span[][] {
  const visits: { readonly last: string; readonly group: Span[] }[] = [];
  const sorted = spans.toSorted(byEnd);
  for (const span of sorted) {
    if (span.from > (visits.at(-1)?.last ?? '')) visits.push({ last: endOf(span), group: [] });
  }
  for (const span of sorted) {
    const possible = visits.filter(({ last }) => span.from <= last && last <= endOf(span));
    const [best] = possible.toSorted((a, b) => distance(span, a.last) - distance(span, b.last));
    best?.group.push(span);
  }
  return visits.map(({ group }) => group);
}

const byEnd = (a: Span, b: Span): number => compare(endOf(a), endOf(b)) || compare(a.area, b.area);

/** Days between the target and a visit that can be as late as `last`; none known counts as near the first. */
const distance = ({ target }: Span, last: string): number =>
  target === null ? 0 : Math.abs(toEpochDay(target) - toEpochDay(calendarDate(last)));

function visitOf(group: readonly Span[], today: CalendarDate): ProposedVisit {
  const inside = group.filter((span) => endOf(span) >= today);
  const [firstEnd] = inside
    .map(({ to }) => to)
    .filter((to) => to !== null)
    .toSorted();
  const from = latest(today, ...inside.map((span) => span.from));
  const to = firstEnd ?? null;
  const targets = group.map(({ target }) => target).filter((target) => target !== null);
  return {
    date: nearest(targets, from, to),
    from,
    to,
    areas: group.map(({ area }) => area).toSorted(),
    overdue: group
      .filter((span) => endOf(span) < today)
      .map(({ area }) => area)
      .toSorted(),
  };
}

function nearest(
  targets: readonly CalendarDate[],
  from: CalendarDate,
  to: CalendarDate | null,
): CalendarDate {
  if (targets.length === 0) return from;
  const mean = targets.reduce((sum, target) => sum + toEpochDay(target), 0) / targets.length;
  // A half day lies as near to either: the earlier.
  const day = Math.max(Math.ceil(mean - 0.5), toEpochDay(from));
  return fromEpochDay(to === null ? day : Math.min(day, toEpochDay(to)));
}

/** The visits were parted by the window that ends first in the earlier one. */
function conflictOf(before: readonly Span[] | undefined, group: readonly Span[]): VisitConflict[] {
  const ends = before?.toSorted(byEnd)[0];
  const opens = group.toSorted((a, b) => compare(b.from, a.from) || compare(a.area, b.area))[0];
  if (!ends?.to || !opens) return [];
  return [{ area: ends.area, until: ends.to, other: opens.area, from: opens.from }];
}
