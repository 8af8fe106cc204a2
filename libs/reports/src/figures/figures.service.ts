import { Database, type Tx } from '#database';
import { addDays, type CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import { CyclesReader } from '../courses/cycles.reader.js';
import { FEWEST_PATIENTS } from '../domain/courses/small-cells.js';
import { ReportFrame, type ReportActor } from '../report-frame.js';
import { ratio, share, unsaid, withheld, type Figure } from './domain/figure.js';
import { figureSays, type Period } from './domain/figure-definitions.js';
import { inOtherWords, type OtherSystemFigure } from './domain/other-systems.js';
import { outcomesOf, tallyWindows } from './domain/windows.js';
import type { AskFigures, ClinicFiguresView, OtherSystemsView } from './http/figures.dto.js';
import { TimeUseReader } from './time-use.reader.js';
import { VisitFiguresQueries, type Whose } from './visit-figures.queries.js';
import { WindowFiguresQueries } from './window-figures.queries.js';

/** What a period is when nobody says: the last thirteen weeks. */
const DEFAULT_DAYS = 91;

interface Asked {
  readonly period: Period;
  readonly whose: Whose;
}

/** A figure with the number of patients it is about. */
interface Told {
  readonly figure: Figure;
  readonly patients: number;
}

/** The clinic's figures beside the return rates, each as it was known on a day. */
@Injectable()
export class FiguresService {
  constructor(
    private readonly database: Database,
    private readonly frame: ReportFrame,
    private readonly cycles: CyclesReader,
    private readonly visits: VisitFiguresQueries,
    private readonly windows: WindowFiguresQueries,
    private readonly time: TimeUseReader,
  ) {}

  /** @throws AsOfInFuture, InvalidInput, StaffNotFound, ReportLocationNotFound */
  ask(actor: ReportActor, query: AskFigures): Promise<ClinicFiguresView> {
    return this.database.read(actor, async (tx) => {
      const asked = await this.#asked(tx, query);
      const told = [
        await this.#inWindow(tx, actor, asked),
        await this.#rebooking(tx, asked),
        await this.#retention(tx, actor, asked),
        await this.#reviews(tx, asked),
        ...(await this.#attendance(tx, asked)),
        ...(await this.#funnel(tx, actor, asked)),
      ];
      const tellsSmall =
        actor.permissions.has('charts:read') || Object.values(asked.whose).every((one) => one === undefined);
      const figures = told.map(({ figure, patients }) =>
        tellsSmall || patients >= FEWEST_PATIENTS || figure.unsaid !== null ? figure : withheld(figure),
      );
      return viewOf(asked, [...figures, await this.#utilisation(tx, asked)]);
    });
  }

  /** The same data as other systems count it. @throws AsOfInFuture, InvalidInput, StaffNotFound, ReportLocationNotFound */
  otherSystems(actor: ReportActor, query: AskFigures): Promise<OtherSystemsView> {
    return this.database.read(actor, async (tx) => {
      const { period, whose } = await this.#asked(tx, query);
      const { columns, values } = await this.cycles.read(
        tx,
        actor,
        { scope: 'any-area', asOf: period.asOf },
        ['new-or-returning'],
        { ...known(whose), from: period.from, to: period.to },
      );
      const figures = inOtherWords(columns, (group) => values[group]?.[0] === 'new', period);
      const tellsSmall =
        actor.permissions.has('charts:read') || Object.values(whose).every((one) => one === undefined);
      return {
        ...period,
        ...whoseView(whose),
        figures: figures
          .map((figure): OtherSystemFigure =>
            tellsSmall || (figure.denominator ?? 0) >= FEWEST_PATIENTS
              ? figure
              : {
                  ...withheld(figure),
                  system: figure.system,
                  theirName: figure.theirName,
                  note: figure.note,
                },
          )
          .map((figure) => ({ ...figure, parts: { ...figure.parts } })),
      };
    });
  }

  async #asked(tx: Tx, query: AskFigures): Promise<Asked> {
    const asOf = await this.frame.asOf(tx, query.asOf);
    const { from, to, practitionerId, locationId } = await this.frame.filter(tx, query);
    const last = to ?? asOf;
    return {
      period: { asOf, to: last, from: from ?? addDays(last, 1 - DEFAULT_DAYS) },
      whose: { practitionerId, locationId },
    };
  }

  async #inWindow(tx: Tx, actor: ReportActor, { period, whose }: Asked): Promise<Told> {
    const closed = await this.windows.closed(tx, period, whose);
    const outcomeOf = await this.#outcomes(tx, actor, period.asOf, closed.length);
    const { closed: n, onTime, ...parts } = tallyWindows(closed, outcomeOf, period.asOf);
    const said = {
      name: 'in-window',
      definition: figureSays.inWindow(period),
      asOf: period.asOf,
      unit: 'windows',
    };
    return {
      figure: share({ ...said, parts: { onTime, ...parts } }, onTime, n),
      patients: patientsIn(closed),
    };
  }

  async #rebooking(tx: Tx, { period, whose }: Asked): Promise<Told> {
    const { days, rebooked, patients } = await this.visits.rebooked(tx, period, whose);
    const said = {
      name: 'rebooking',
      definition: figureSays.rebooking(period),
      asOf: period.asOf,
      unit: 'treatment days',
    };
    return { figure: share(said, rebooked, days), patients };
  }

  async #retention(tx: Tx, actor: ReportActor, { period, whose }: Asked): Promise<Told> {
    const said = {
      name: 'retention',
      definition: figureSays.retention(period),
      asOf: period.asOf,
      unit: 'patients',
    };
    if (period.to >= period.asOf) return { figure: unsaid(said, 'period-not-over'), patients: 0 };
    const question = { scope: 'any-area', asOf: period.asOf } as const;
    const seen = await this.cycles.read(tx, actor, question, [], {
      ...known(whose),
      from: period.from,
      to: period.to,
    });
    const later = await this.cycles.read(tx, actor, question, [], {
      from: addDays(period.to, 1),
      to: period.asOf,
    });
    const patients = new Set(seen.columns.patient);
    const retained = patients.intersection(new Set(later.columns.patient)).size;
    return { figure: share(said, retained, patients.size), patients: patients.size };
  }

  async #reviews(tx: Tx, { period, whose }: Asked): Promise<Told> {
    const { due, completed, patients } = await this.visits.reviews(tx, period, whose);
    const said = {
      name: 'review-attendance',
      definition: figureSays.reviews(period),
      asOf: period.asOf,
      unit: 'reviews',
    };
    return { figure: share(said, completed, due), patients };
  }

  async #attendance(tx: Tx, { period, whose }: Asked): Promise<Told[]> {
    const { patients, attended, missed, cancelledLate, ...rest } = await this.visits.attendance(
      tx,
      period,
      whose,
    );
    const said = { asOf: period.asOf, unit: 'visits', parts: { attended, missed, cancelledLate, ...rest } };
    const noShow = { ...said, name: 'no-show', definition: figureSays.noShow(period) };
    const late = { ...said, name: 'late-cancel', definition: figureSays.lateCancel(period) };
    return [
      { figure: share(noShow, missed, attended + missed), patients },
      { figure: share(late, cancelledLate, attended + missed + cancelledLate), patients },
    ];
  }

  async #funnel(tx: Tx, actor: ReportActor, { period, whose }: Asked): Promise<Told[]> {
    const opened = await this.windows.opened(tx, period, whose);
    const outcomeOf = await this.#outcomes(tx, actor, period.asOf, opened.length);
    const due = opened.flatMap((window) => {
      const outcome = outcomeOf(window);
      return outcome === null ? [] : [{ ...window, attended: outcome.outcome === 'returned' }];
    });
    const booked = due.filter((window) => window.booked || window.attended);
    const attended = booked.filter((window) => window.attended);
    const said = { asOf: period.asOf, unit: 'windows' };
    const contacted = { ...said, name: 'funnel-contacted', definition: figureSays.funnelContacted(period) };
    const patients = patientsIn(due);
    return [
      { figure: unsaid(contacted, 'not-kept'), patients },
      {
        figure: share(
          { ...said, name: 'funnel-booked', definition: figureSays.funnelBooked(period) },
          booked.length,
          due.length,
        ),
        patients,
      },
      {
        figure: share(
          { ...said, name: 'funnel-attended', definition: figureSays.funnelAttended(period) },
          attended.length,
          booked.length,
        ),
        patients,
      },
    ];
  }

  async #utilisation(tx: Tx, { period, whose }: Asked): Promise<Figure> {
    const { available, booked } = await this.time.used(tx, period, whose);
    const said = {
      name: 'utilisation',
      definition: figureSays.utilisation(period),
      asOf: period.asOf,
      unit: 'minutes',
    };
    return ratio(said, Math.round(booked), Math.round(available));
  }

  /** What became of treatments; nothing is read where nothing is asked. */
  async #outcomes(
    tx: Tx,
    actor: ReportActor,
    asOf: CalendarDate,
    asked: number,
  ): Promise<ReturnType<typeof outcomesOf>> {
    if (asked === 0) return () => null;
    const { columns, values } = await this.cycles.read(tx, actor, { scope: 'same-area', asOf }, ['area'], {});
    return outcomesOf(columns, values);
  }
}

const known = ({ practitionerId, locationId }: Whose): { practitionerId?: string; locationId?: string } => ({
  ...(practitionerId === undefined ? {} : { practitionerId }),
  ...(locationId === undefined ? {} : { locationId }),
});

const whoseView = ({ practitionerId, locationId }: Whose) => ({
  practitionerId: practitionerId ?? null,
  locationId: locationId ?? null,
});

const patientsIn = (windows: readonly { readonly number: number }[]): number =>
  new Set(windows.map(({ number }) => number)).size;

const viewOf = ({ period, whose }: Asked, figures: readonly Figure[]): ClinicFiguresView => ({
  ...period,
  ...whoseView(whose),
  figures: figures.map((figure) => ({ ...figure, parts: { ...figure.parts } })),
});
