import type { Tx } from '#database';
import { PatientsService } from '#patients';
import { Injectable } from '@nestjs/common';

import { FillAmbiguous, FillLotsMismatch, FillSourceNotFound } from '../domain/drafts.errors.js';
import { LotNotFound } from '../domain/lots.errors.js';
import type { ChartInjection } from '../http/injection.dto.js';
import type { FillDraft } from '../http/treatment.dto.js';
import { LotsRepository } from '../stock/lots.repository.js';
import { TreatmentsRepository } from '../treatments.repository.js';
import { TemplatesRepository } from '../templates/templates.repository.js';
import type { TemplatePoint } from '../templates/http/template.dto.js';

/** Points from a template or an earlier treatment, with the lots of today. */
@Injectable()
export class Filling {
  constructor(
    private readonly templates: TemplatesRepository,
    private readonly treatments: TreatmentsRepository,
    private readonly lots: LotsRepository,
    private readonly patients: PatientsService,
  ) {}

  /** @throws FillAmbiguous, FillSourceNotFound, LotNotFound, FillLotsMismatch */
  async points(tx: Tx, patientId: string, fill: FillDraft): Promise<ChartInjection[]> {
    const points = await this.#source(tx, patientId, fill);
    const ids = [...new Set(fill.lotIds)];
    const lots = await this.lots.find(tx, ids);
    const unknown = ids.find((id) => !lots.some((lot) => lot.id === id));
    if (unknown !== undefined) throw new LotNotFound({ lotId: unknown });
    const products = [...new Set(points.map(({ product }) => product))];
    const lotOf = new Map<string, string>();
    const repeated = lots.filter(({ product, id }) => lotOf.has(product) || !lotOf.set(product, id));
    const missing = products.filter((product) => !lotOf.has(product));
    if (missing.length > 0 || repeated.length > 0)
      throw new FillLotsMismatch({ missing, repeated: [...new Set(repeated.map(({ product }) => product))] });
    return points.map((point) => ({ ...point, lotId: lotOf.get(point.product) ?? '' }));
  }

  async #source(
    tx: Tx,
    patientId: string,
    { templateId, treatmentId, last = false }: FillDraft,
  ): Promise<TemplatePoint[]> {
    if ([templateId !== undefined, treatmentId !== undefined, last].filter(Boolean).length !== 1)
      throw new FillAmbiguous();
    if (templateId !== undefined) {
      const template = await this.templates.read(tx, templateId);
      if (!template) throw new FillSourceNotFound({ templateId });
      return template.points;
    }
    const id = treatmentId ?? (await this.treatments.lastFull(tx, patientId));
    const source = id === null ? null : await this.treatments.read(tx, id);
    const isTheirs = source !== null && (await this.patients.isSamePerson(tx, source.patientId, patientId));
    if (!isTheirs || source.status !== 'signed') throw new FillSourceNotFound({ treatmentId: id });
    return source.injections.map(({ area, side, product, units, muscle, x, y, depth, needle }) => ({
      area,
      side,
      product,
      units,
      ...(muscle === null ? {} : { muscle }),
      ...(x === null ? {} : { x }),
      ...(y === null ? {} : { y }),
      ...(depth === null ? {} : { depth }),
      ...(needle === null ? {} : { needle }),
    }));
  }
}
