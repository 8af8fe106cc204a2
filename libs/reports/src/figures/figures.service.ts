import { Database, type Tx } from '#database';
import { addDays } from '#kernel';
import { Injectable } from '@nestjs/common';

import { CyclesReader } from '../courses/cycles.reader.js';
import { tellsSmall } from '../domain/courses/small-cells.js';
import { endOf, ReportFrame, type ReportActor } from '../report-frame.js';
import { TimeUseReader } from '../time-use/time-use.reader.js';
import type { Asked, Told, Whose } from './asked.js';
import { ratio, type Figure } from './domain/figure.js';
import { figureSays } from './domain/figure-definitions.js';
import { inOtherWords } from './domain/other-systems.js';
import { mayBeTold, withheld } from './domain/small-figures.js';
import { figureView, otherSystemView } from './http/figures.views.js';
import type { AskFigures, ClinicFiguresView, OtherSystemsView } from './http/figures.dto.js';
import { asFilter, RetentionFigure } from './retention-figure.js';
import { VisitFigures } from './visits/visit-figures.js';
import { WindowFigures } from './windows/window-figures.js';

/** What a period is when nobody says: the last thirteen weeks. */
const DEFAULT_DAYS = 91;

/** The clinic's figures beside the return rates, each as it was known on a day. */
@Injectable()
export class FiguresService {
  constructor(
    private readonly database: Database,
    private readonly frame: ReportFrame,
    private readonly cycles: CyclesReader,
    private readonly visits: VisitFigures,
    private readonly windows: WindowFigures,
    private readonly retention: RetentionFigure,
    private readonly time: TimeUseReader,
  ) {}

  /** @throws AsOfInFuture, InvalidInput, StaffNotFound, ReportLocationNotFound */
  ask(actor: ReportActor, query: AskFigures): Promise<ClinicFiguresView> {
    return this.database.read(actor, async (tx) => {
      const asked = await this.#asked(tx, query);
      const told = await this.#tell(tx, actor, asked);
      // What is left of the whole without this part is a part too, and would follow by subtraction.
      const whole = tellsSmall(actor, asked.whose)
        ? null
        : await this.#tell(tx, actor, { ...asked, whose: {} });
      const figures = told.map(({ figure, patients }, i) =>
        mayBeTold({ figure, patients }, whole?.[i] ?? null) ? figure : withheld(figure),
      );
      return viewOf(asked, [...figures, await this.#utilisation(tx, asked)].map(figureView));
    });
  }

  /** The same data as other systems count it. @throws AsOfInFuture, InvalidInput, StaffNotFound, ReportLocationNotFound */
  otherSystems(actor: ReportActor, query: AskFigures): Promise<OtherSystemsView> {
    return this.database.read(actor, async (tx) => {
      const asked = await this.#asked(tx, query);
      const told = await this.#inOtherWords(tx, actor, asked);
      const whole = tellsSmall(actor, asked.whose)
        ? null
        : await this.#inOtherWords(tx, actor, { ...asked, whose: {} });
      const asTold = (figure: Figure): Told => ({ figure, patients: figure.denominator ?? 0 });
      const figures = told.map((figure, i) => {
        const all = whole?.[i];
        return mayBeTold(asTold(figure), all ? asTold(all) : null)
          ? figure
          : { ...figure, ...withheld(figure) };
      });
      return viewOf(asked, figures.map(otherSystemView));
    });
  }

  async #tell(tx: Tx, actor: ReportActor, asked: Asked): Promise<Told[]> {
    return [
      await this.windows.inWindow(tx, actor, asked),
      await this.visits.rebooking(tx, asked),
      await this.retention.tell(tx, actor, asked),
      await this.visits.reviews(tx, asked),
      ...(await this.visits.attendance(tx, asked)),
      ...(await this.windows.funnel(tx, actor, asked)),
    ];
  }

  async #inOtherWords(tx: Tx, actor: ReportActor, { period, whose }: Asked) {
    const { asOf, from, to } = period;
    const { columns, values } = await this.cycles.read(
      tx,
      actor,
      { scope: 'any-area', asOf },
      ['new-or-returning'],
      { ...asFilter(whose), from, to },
    );
    return inOtherWords(columns, (group) => values[group]?.[0] === 'new', period);
  }

  async #utilisation(tx: Tx, asked: Asked): Promise<Figure> {
    const { period } = asked;
    const { available, booked } = await this.time.used(tx, asked);
    const said = { name: 'utilisation', definition: figureSays.utilisation(period), unit: 'minutes' };
    return ratio({ ...said, asOf: period.asOf }, Math.round(booked), Math.round(available));
  }

  async #asked(tx: Tx, query: AskFigures): Promise<Asked> {
    const asOf = await this.frame.asOf(tx, query.asOf);
    const { from, to, practitionerId, locationId } = await this.frame.filter(tx, query);
    const last = to ?? asOf;
    return {
      period: { asOf, to: last, from: from ?? addDays(last, 1 - DEFAULT_DAYS) },
      whose: { practitionerId, locationId },
      before: endOf(asOf, await this.frame.zone(tx)),
    };
  }
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
