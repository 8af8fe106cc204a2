import { MINUTE } from '../../domain/appointment.js';
import type { AppointmentStatus } from '../../domain/appointment-status.js';

/** A visit of today, as far as it tells how the day runs. */
export interface VisitOfToday {
  readonly appointmentId: string;
  readonly practitionerId: string;
  readonly status: AppointmentStatus;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** The visit with its buffers. */
  readonly busyFrom: Date;
  readonly busyTo: Date;
  readonly arrivedAt: Date | null;
  readonly startedAt: Date | null;
}

/** Whole minutes, never negative. */
export interface RunningLate {
  /** By appointment: how much later than booked it begins, or is going to begin as the day runs. */
  readonly delays: ReadonlyMap<string, number>;
  /** By practitioner: the delay of the visit they are in or are to see next. */
  readonly practitioners: ReadonlyMap<string, number>;
}

const wholeMinutes = (ms: number): number => Math.max(0, Math.floor(ms / MINUTE));

/**
 * How late a day runs. A visit that began late or does not end pushes those after it; a gap between two busy spans
 * takes delay up. A patient who is expected and not here delays nobody: the lateness is theirs.
 */
export function runningLate(visits: readonly VisitOfToday[], now: Date): RunningLate {
  const delays = new Map<string, number>();
  const practitioners = new Map<string, number>();
  for (const [practitionerId, theirs] of Map.groupBy(visits, (visit) => visit.practitionerId)) {
    const inOrder = theirs.toSorted(
      (a, b) => a.startsAt.getTime() - b.startsAt.getTime() || (a.appointmentId < b.appointmentId ? -1 : 1),
    );
    const present = inOrder.findLast(({ status }) => status === 'in-progress');
    let freeFrom = -Infinity;
    let running: number | undefined;
    if (present) {
      const began = (present.startedAt ?? present.startsAt).getTime() - present.startsAt.getTime();
      const overrun = now.getTime() - present.endsAt.getTime();
      const delay = Math.max(0, began, overrun);
      freeFrom = present.busyTo.getTime() + delay;
      running = wholeMinutes(delay);
      delays.set(present.appointmentId, wholeMinutes(began));
    }
    for (const visit of inOrder.filter((one) => isToBeSeen(one, now))) {
      const delay = Math.max(
        0,
        freeFrom - visit.busyFrom.getTime(),
        visit.status === 'arrived' ? now.getTime() - visit.startsAt.getTime() : 0,
      );
      freeFrom = visit.busyTo.getTime() + delay;
      running ??= wholeMinutes(delay);
      delays.set(visit.appointmentId, wholeMinutes(delay));
    }
    practitioners.set(practitionerId, running ?? 0);
  }
  return { delays, practitioners };
}

const isToBeSeen = ({ status, startsAt }: VisitOfToday, now: Date): boolean =>
  status === 'arrived' || ((status === 'booked' || status === 'confirmed') && startsAt >= now);

/** Expected and not here: whole minutes past the start. */
export const minutesLate = ({ status, startsAt }: VisitOfToday, now: Date): number =>
  status === 'booked' || status === 'confirmed' ? wholeMinutes(now.getTime() - startsAt.getTime()) : 0;

/** Here and not yet seen: whole minutes since they came, at the earliest since the start; who comes early waits by choice. */
export const minutesWaiting = ({ status, startsAt, arrivedAt }: VisitOfToday, now: Date): number =>
  status === 'arrived' && arrivedAt
    ? wholeMinutes(now.getTime() - Math.max(arrivedAt.getTime(), startsAt.getTime()))
    : 0;
