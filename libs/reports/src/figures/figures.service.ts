import { Database, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { CyclesReader } from '../courses/cycles.reader.js';
import { cutCycles, type ClinicCourses } from '../domain/courses/clinic-courses.js';
import { tellsSmall } from '../domain/courses/small-cells.js';
import { endOf, ReportFrame, type ReportActor } from '../report-frame.js';
import { TimeUseReader } from '../time-use/time-use.reader.js';
import type { Asked, Told, Whose } from './asked.js';
import { ratio, type Figure } from './domain/figure.js';
import { figureSays } from './domain/figure-definitions.js';
import { inOtherWords, type OtherSystemFigure } from './domain/other-systems.js';
import { outcomesIn, type OutcomeOf } from './domain/own-windows.js';
import { asTold, mayBeTold, withheld } from './domain/small-figures.js';
import { figureView, otherSystemView } from './http/figures.views.js';
import type { AskFigures, ClinicFiguresView, OtherSystemsView } from './http/figures.dto.js';
import { periodOf } from './period.js';
import { asFilter, retentionOf } from './retention.js';
import { VisitFigures } from './visits/visit-figures.js';
import { WindowFigures } from './windows/window-figures.js';

/** The clinic's figures beside the return rates, each as it was known on a day. */
@Injectable()
export class FiguresService {
  constructor(
    private readonly database: Database,
    private readonly frame: ReportFrame,
    private readonly cycles: CyclesReader,
    private readonly visits: VisitFigures,
    private readonly windows: WindowFigures,
    private readonly time: TimeUseReader,
  ) {}

  /** @throws AsOfInFuture, InvalidInput, StaffNotFound, ReportLocationNotFound */
  ask(actor: ReportActor, query: AskFigures): Promise<ClinicFiguresView> {
    return this.database.read(actor, async (tx) => {
      const asked = await this.#asked(tx, query);
      const courses = await this.cycles.load(tx, actor, asked.period.asOf);
      const outcomeOf = outcomesIn(courses);
      const told = await this.#tell(tx, courses, outcomeOf, asked);
      // What is left of the whole without this part is a part too, and would follow by subtraction.
      const whole = tellsSmall(actor, asked.whose)
        ? null
        : await this.#tell(tx, courses, outcomeOf, { ...asked, whose: {} });
      const figures = [...asTold(told, whole), await this.#utilisation(tx, asked)];
      return viewOf(asked, figures.map(figureView));
    });
  }

  /** The same data as other systems count it. @throws AsOfInFuture, InvalidInput, StaffNotFound, ReportLocationNotFound */
  otherSystems(actor: ReportActor, query: AskFigures): Promise<OtherSystemsView> {
    return this.database.read(actor, async (tx) => {
      const asked = await this.#asked(tx, query);
      const courses = await this.cycles.load(tx, actor, asked.period.asOf);
      const told = otherWordsOf(courses, asked);
      const whole = tellsSmall(actor, asked.whose) ? null : otherWordsOf(courses, { ...asked, whose: {} });
      const counted = (figure: Figure): Told => ({ figure, patients: figure.denominator ?? 0 });
      const figures = told.map((figure, i) => {
        const all = whole?.[i];
        return mayBeTold(counted(figure), all ? counted(all) : null)
          ? figure
          : { ...figure, ...withheld(figure) };
      });
      return viewOf(asked, figures.map(otherSystemView));
    });
  }

  async #tell(tx: Tx, courses: ClinicCourses, outcomeOf: OutcomeOf, asked: Asked): Promise<Told[]> {
    return [
      await this.windows.inWindow(tx, asked, outcomeOf),
      await this.visits.rebooking(tx, asked),
      retentionOf(courses, asked),
      await this.visits.reviews(tx, asked),
      ...(await this.visits.attendance(tx, asked)),
      ...(await this.windows.funnel(tx, asked, outcomeOf)),
    ];
  }

  async #utilisation(tx: Tx, asked: Asked): Promise<Figure> {
    const { period } = asked;
    const { available, booked } = await this.time.used(tx, asked);
    const said = { name: 'utilisation', definition: figureSays.utilisation(period), unit: 'minutes' };
    return ratio({ ...said, asOf: period.asOf }, Math.round(booked), Math.round(available));
  }

  async #asked(tx: Tx, query: AskFigures): Promise<Asked> {
    const asOf = await this.frame.asOf(tx, query.asOf);
    const { practitionerId, locationId, ...days } = await this.frame.filter(tx, query);
    return {
      period: periodOf(asOf, days, 'query'),
      whose: { practitionerId, locationId },
      before: endOf(asOf, await this.frame.zone(tx)),
    };
  }
}

function otherWordsOf(courses: ClinicCourses, { period, whose }: Asked): OtherSystemFigure[] {
  const { from, to } = period;
  const filter = { ...asFilter(whose), from, to };
  const { columns, values } = cutCycles(courses, 'any-area', ['new-or-returning'], filter);
  return inOtherWords(columns, (group) => values[group]?.[0] === 'new', period);
}

const whoseView = ({ practitionerId, locationId }: Whose) => ({
  practitionerId: practitionerId ?? null,
  locationId: locationId ?? null,
});

const viewOf = <F>({ period, whose }: Asked, figures: F[]) => ({
  ...period,
  ...whoseView(whose),
  figures,
});
