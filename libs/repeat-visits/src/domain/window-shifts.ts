import { type CalendarDate, daysBetween } from '#kernel';
import { stateOn, type WindowDates, type WindowState } from './window-status.js';

export const WINDOW_DATES = [
  'earliest',
  'recommendedFrom',
  'target',
  'recommendedTo',
  'lapsedAfter',
] as const;
export type WindowDateName = (typeof WINDOW_DATES)[number];

/** How one date of many windows moves. */
export interface DateShift {
  readonly date: WindowDateName;
  readonly earlier: number;
  readonly later: number;
  readonly unchanged: number;
  /** Windows that have the date only afterwards, and only before. */
  readonly appears: number;
  readonly disappears: number;
  /** Windows by days moved, negative for earlier, in order; without those that stay. */
  readonly byDays: readonly { readonly days: number; readonly windows: number }[];
}

export interface WindowShifts {
  readonly windows: number;
  /** Windows of which any date moves. */
  readonly moved: number;
  readonly dates: readonly DateShift[];
  /** Windows by state on the day, before and after; those whose dates do not say are left out. */
  readonly statesBefore: Readonly<Partial<Record<WindowState, number>>>;
  readonly statesAfter: Readonly<Partial<Record<WindowState, number>>>;
}

/** Counts as it goes, so that no more than the counts are kept. */
export class ShiftCount {
  #windows = 0;
  #moved = 0;
  readonly #appears = new Map<WindowDateName, number>();
  readonly #disappears = new Map<WindowDateName, number>();
  readonly #days = new Map(WINDOW_DATES.map((name) => [name, new Map<number, number>()]));
  readonly #before: Partial<Record<WindowState, number>> = {};
  readonly #after: Partial<Record<WindowState, number>> = {};

  /** `on`: the day whose states are compared. */
  constructor(private readonly on: CalendarDate) {}

  /** So many windows with the same dates, before and after. */
  add(before: WindowDates, after: WindowDates, windows: number): void {
    this.#windows += windows;
    let moved = false;
    for (const name of WINDOW_DATES) {
      const [old, now] = [before[name], after[name]];
      if (old !== now) moved = true;
      if (old !== null && now !== null) {
        const days = this.#days.get(name);
        const shift = old === now ? 0 : daysBetween(old, now);
        days?.set(shift, (days.get(shift) ?? 0) + windows);
      } else if (now !== null) count(this.#appears, name, windows);
      else if (old !== null) count(this.#disappears, name, windows);
    }
    if (moved) this.#moved += windows;
    const [stood, stands] = [stateOn(before, this.on), stateOn(after, this.on)];
    if (stood) this.#before[stood] = (this.#before[stood] ?? 0) + windows;
    if (stands) this.#after[stands] = (this.#after[stands] ?? 0) + windows;
  }

  get result(): WindowShifts {
    return {
      windows: this.#windows,
      moved: this.#moved,
      dates: WINDOW_DATES.map((date) => this.#shiftOf(date)),
      statesBefore: { ...this.#before },
      statesAfter: { ...this.#after },
    };
  }

  #shiftOf(date: WindowDateName): DateShift {
    const days = [...(this.#days.get(date) ?? [])].toSorted(([a], [b]) => a - b);
    const sum = (wanted: (shift: number) => boolean): number =>
      days.reduce((total, [shift, windows]) => total + (wanted(shift) ? windows : 0), 0);
    return {
      date,
      earlier: sum((shift) => shift < 0),
      later: sum((shift) => shift > 0),
      unchanged: sum((shift) => shift === 0),
      appears: this.#appears.get(date) ?? 0,
      disappears: this.#disappears.get(date) ?? 0,
      byDays: days.filter(([shift]) => shift !== 0).map(([shift, windows]) => ({ days: shift, windows })),
    };
  }
}

const count = (counts: Map<WindowDateName, number>, name: WindowDateName, windows: number): unknown =>
  counts.set(name, (counts.get(name) ?? 0) + windows);
