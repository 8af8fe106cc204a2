import type { Tx } from '#database';
import { addDays } from '#kernel';
import { Injectable } from '@nestjs/common';

import { CyclesReader } from '../courses/cycles.reader.js';
import type { ReturnFilter } from '../domain/return-filter.js';
import type { ReportActor } from '../report-frame.js';
import type { Asked, Told, Whose } from './asked.js';
import { share, unsaid } from './domain/figure.js';
import { figureSays } from './domain/figure-definitions.js';

/** Patients of a period who came again after it. */
@Injectable()
export class RetentionFigure {
  constructor(private readonly cycles: CyclesReader) {}

  async tell(tx: Tx, actor: ReportActor, { period, whose }: Asked): Promise<Told> {
    const { asOf, from, to } = period;
    const said = { name: 'retention', definition: figureSays.retention(period), asOf, unit: 'patients' };
    if (to >= asOf) return { figure: unsaid(said, 'period-not-over'), patients: 0 };
    const seen = await this.#patients(tx, actor, asOf, { ...asFilter(whose), from, to });
    const later = await this.#patients(tx, actor, asOf, { from: addDays(to, 1), to: asOf });
    return { figure: share(said, seen.intersection(later).size, seen.size), patients: seen.size };
  }

  async #patients(
    tx: Tx,
    actor: ReportActor,
    asOf: Asked['period']['asOf'],
    filter: ReturnFilter,
  ): Promise<Set<number>> {
    const { columns } = await this.cycles.read(tx, actor, { scope: 'any-area', asOf }, [], filter);
    return new Set(columns.patient);
  }
}

/** The same as a filter of return rates. */
export const asFilter = ({ practitionerId, locationId }: Whose): ReturnFilter => ({
  ...(practitionerId === undefined ? {} : { practitionerId }),
  ...(locationId === undefined ? {} : { locationId }),
});
