import { calendarDate, isCalendarDate, latest, type CalendarDate } from '#kernel';

import { ERASURE_POLICY, type Rule } from './erasure-policy.js';
import { isPseudonym } from './pseudonym.js';
import { keptOfMinor, keptUntil, type Retention } from './retention.js';

type Row = Readonly<Record<string, unknown>>;

export interface TablePlan {
  readonly table: string;
  readonly rule: Rule;
  readonly rows: number;
}

export interface Plan {
  readonly lastEntryOn: CalendarDate;
  /** null when the duty to keep is over: nothing stays. */
  readonly keptUntil: CalendarDate | null;
  /** The day the duty to keep ends or ended. */
  readonly endedOn: CalendarDate;
  readonly tables: readonly TablePlan[];
  readonly undeclared: readonly string[];
}

/** Tables whose rows are no entry in a record: they say what was done about it. */
const ABOUT_IT: ReadonlySet<string> = new Set(['legal_hold', 'emergency_access']);
/** Days that lie ahead of an entry or outside it. */
const NOT_AN_ENTRY: ReadonlySet<string> = new Set(['expires_on', 'hold_expires_at', 'updated_at', 'ends_at']);

/** The last day on which something was entered in a record, as far as it is not after `today`. */
export function lastEntry(rows: ReadonlyMap<string, readonly Row[]>, today: CalendarDate): CalendarDate {
  let last: CalendarDate | null = null;
  for (const [table, all] of rows) {
    if (ERASURE_POLICY[table]?.does !== 'keep' || ABOUT_IT.has(table)) continue;
    for (const row of all) {
      for (const [column, value] of Object.entries(row)) {
        if (!/_(?:on|at)$/.test(column) || NOT_AN_ENTRY.has(column) || typeof value !== 'string') continue;
        const day = value.slice(0, 10);
        if (isCalendarDate(day) && day <= today && (last === null || day > last)) last = day;
      }
    }
  }
  return last ?? today;
}

/** The latest birth date the records tell; of a pseudonym, which has kept the year alone, its last day. */
function bornOn(rows: ReadonlyMap<string, readonly Row[]>): CalendarDate | null {
  const days = (rows.get('patient') ?? []).flatMap((row) => {
    const { birth_date: day } = row;
    if (typeof day !== 'string') return [];
    return [calendarDate(isPseudonym(row) ? `${day.slice(0, 4)}-12-31` : day)];
  });
  const [first, ...others] = days;
  return first === undefined ? null : latest(first, ...others);
}

/** What an erasure will do with every row that names the patient. */
export function planErasure(
  rows: ReadonlyMap<string, readonly Row[]>,
  { years, market }: Retention,
  today: CalendarDate,
): Plan {
  const lastEntryOn = lastEntry(rows, today);
  const born = bornOn(rows);
  const ofMinor = born === null ? null : keptOfMinor(born, lastEntryOn, market);
  const ofAnybody = keptUntil([lastEntryOn], years);
  const until = ofMinor === null ? ofAnybody : latest(ofAnybody, ofMinor);
  const tables = [...rows].flatMap(([table, all]) => {
    const rule = ERASURE_POLICY[table];
    return rule ? [{ table, rule, rows: all.length }] : [];
  });
  return {
    lastEntryOn,
    keptUntil: until < today ? null : until,
    endedOn: until,
    tables,
    undeclared: [...rows.keys()].filter((table) => ERASURE_POLICY[table] === undefined),
  };
}
