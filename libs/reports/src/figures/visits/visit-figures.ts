import type { Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { Asked, Told } from '../asked.js';
import { share } from '../domain/figure.js';
import { figureSays } from '../domain/figure-definitions.js';
import { VisitFiguresQueries } from './visit-figures.queries.js';

/** The figures that count visits and reviews: rebooking, review attendance, no-shows, late cancellations. */
@Injectable()
export class VisitFigures {
  constructor(private readonly queries: VisitFiguresQueries) {}

  async rebooking(tx: Tx, asked: Asked): Promise<Told> {
    const { period } = asked;
    const { days, rebooked, patients } = await this.queries.rebooked(tx, asked);
    const said = { name: 'rebooking', definition: figureSays.rebooking(period), unit: 'treatment days' };
    return { figure: share({ ...said, asOf: period.asOf }, rebooked, days), patients };
  }

  async reviews(tx: Tx, asked: Asked): Promise<Told> {
    const { period } = asked;
    const { due, completed, patients } = await this.queries.reviews(tx, asked);
    const said = { name: 'review-attendance', definition: figureSays.reviews(period), unit: 'reviews' };
    return { figure: share({ ...said, asOf: period.asOf }, completed, due), patients };
  }

  async attendance(tx: Tx, asked: Asked): Promise<Told[]> {
    const { period } = asked;
    const { patientsNoted, patientsOfLate, ...parts } = await this.queries.attendance(tx, asked);
    const { attended, missed, cancelledLate } = parts;
    const said = { asOf: period.asOf, unit: 'visits', parts };
    const noShow = { ...said, name: 'no-show', definition: figureSays.noShow(period) };
    const late = { ...said, name: 'late-cancel', definition: figureSays.lateCancel(period) };
    return [
      { figure: share(noShow, missed, attended + missed), patients: patientsNoted },
      {
        figure: share(late, cancelledLate, attended + missed + cancelledLate),
        patients: patientsOfLate,
      },
    ];
  }
}
