import { type Actor, Database, type Tx } from '#database';
import { assertWorksAt, StaffNotFound, type Workplaces, worksAt } from '#identity';
import { addDays, type CalendarDate, calendarDate, dateIn, timeIn, toEpochDay } from '#kernel';
import { Injectable } from '@nestjs/common';

import { LocationNotFound } from '../domain/scheduling.errors.js';
import { DeskAlertsPort } from './desk-alerts.port.js';
import { minutesLate, minutesWaiting, runningLate } from './domain/running-late.js';
import type {
  DaySheetView,
  PractitionerToday,
  ReadDaySheet,
  ReadWeekSheet,
  SheetEntry,
  WeekSheetView,
} from './http/sheets.dto.js';
import { SheetsQueries, type SheetRow } from './sheets.queries.js';

const WEEK_DAYS = 7;
/** What is over needs no alert any more. */
const AHEAD: ReadonlySet<string> = new Set(['booked', 'confirmed', 'arrived', 'in-progress']);

interface Read {
  readonly zone: string | null;
  readonly items: SheetEntry[];
  readonly practitioners: PractitionerToday[];
}

/** Who comes, who is here, who is late, and what the desk should know beside it. */
@Injectable()
export class SheetsService {
  constructor(
    private readonly database: Database,
    private readonly sheets: SheetsQueries,
    private readonly alerts: DeskAlertsPort,
  ) {}

  /** @throws LocationNotFound, StaffNotFound, NotYourLocation */
  day(actor: Actor & Workplaces, wanted: ReadDaySheet): Promise<DaySheetView> {
    const on = calendarDate(wanted.on);
    return this.database.read(actor, async (tx) => ({
      on,
      ...(await this.#read(tx, actor, wanted, on, on)),
    }));
  }

  /** The week, Monday to Sunday, that holds the day. @throws LocationNotFound, StaffNotFound, NotYourLocation */
  week(actor: Actor & Workplaces, wanted: ReadWeekSheet): Promise<WeekSheetView> {
    const day = calendarDate(wanted.weekOf);
    // 1970-01-01 was a Thursday: three days after a Monday.
    const from = addDays(day, -((((toEpochDay(day) + 3) % WEEK_DAYS) + WEEK_DAYS) % WEEK_DAYS));
    const to = addDays(from, WEEK_DAYS - 1);
    return this.database.read(actor, async (tx) => {
      const { zone, items, practitioners } = await this.#read(tx, actor, wanted, from, to);
      const byDay = Map.groupBy(items, ({ on }) => on);
      const days = Array.from({ length: WEEK_DAYS }, (_, index) => addDays(from, index));
      return {
        from,
        to,
        zone,
        practitioners,
        days: days.map((on) => ({ on, items: byDay.get(on) ?? [] })),
      };
    });
  }

  async #read(
    tx: Tx,
    who: Workplaces,
    wanted: ReadDaySheet | ReadWeekSheet,
    from: CalendarDate,
    to: CalendarDate,
  ): Promise<Read> {
    const { locationId = null, practitionerId = null, alerts = true } = wanted;
    if (locationId !== null) assertWorksAt(who, locationId);
    const sheet = await this.sheets.read(tx, { locationId, practitionerId, from, to });
    if (!sheet) throw locationId === null ? new StaffNotFound() : new LocationNotFound();
    const { zone } = sheet;
    const rows = sheet.rows.filter((row) => worksAt(who, row.locationId));
    const today = rows.filter((row) => row.on === dateIn(tx.now, row.zone));
    const late = runningLate(today, tx.now);
    const known = await this.alerts.read(tx, alerts ? rows.filter(isAhead).map(deskVisit) : []);
    const isToday = new Set(today);
    const items = rows.map((row): SheetEntry => {
      const { doNotContact, busyFrom: _, busyTo: __, ...visit } = row;
      return {
        ...visit,
        time: timeIn(row.startsAt, row.zone),
        minutesLate: isToday.has(row) ? minutesLate(row, tx.now) : 0,
        minutesWaiting: isToday.has(row) ? minutesWaiting(row, tx.now) : 0,
        delayMinutes: late.delays.get(row.appointmentId) ?? 0,
        alerts: [
          ...(alerts && doNotContact && isAhead(row) ? [DO_NOT_CONTACT] : []),
          ...(known.get(row.appointmentId) ?? []).map(({ code, areaIds, date }) => ({
            code,
            areaIds: [...areaIds],
            date,
          })),
        ],
      };
    });
    const names = new Map(today.map((row) => [row.practitionerId, row.practitionerName]));
    const practitioners = [...late.practitioners].map(([id, minutes]) => ({
      practitionerId: id,
      practitionerName: names.get(id) ?? '',
      minutesLate: minutes,
    }));
    return { zone, items, practitioners };
  }
}

const DO_NOT_CONTACT = { code: 'do-not-contact' as const, areaIds: [], date: null };

const isAhead = ({ status }: Pick<SheetRow, 'status'>): boolean => AHEAD.has(status);

const deskVisit = ({ appointmentId, patientId, kind, areaIds, on }: SheetRow) => ({
  appointmentId,
  patientId,
  kind,
  areaIds,
  on: calendarDate(on),
});
