import { record } from '#audit';
import { CatalogueService, marketOf } from '#catalogue';
import { ClearancesService } from '#consultations';
import { Database, type Tx } from '#database';
import type { RequestActor } from '#identity';
import { Injectable } from '@nestjs/common';

import { Charts } from '../charts.js';
import { areasWithoutConsent } from '../domain/dose/dose-acceptance.js';
import { RecordIncomplete, TreatmentNotFound } from '../domain/treatments.errors.js';
import { LotsRepository } from '../stock/lots.repository.js';
import { type TreatmentRow } from '../treatment-rows.queries.js';
import { TreatmentsRepository } from '../treatments.repository.js';
import { completeness, type Completeness } from './domain/completeness.js';
import type { CompletenessView } from './http/completeness.view.js';

/** Holds a treatment to the 22 fields of its record. */
@Injectable()
export class RecordCheck {
  constructor(
    private readonly database: Database,
    private readonly treatments: TreatmentsRepository,
    private readonly charts: Charts,
    private readonly lots: LotsRepository,
    private readonly clearances: ClearancesService,
    private readonly catalogue: CatalogueService,
  ) {}

  /** What the record lacks, field by field. @throws TreatmentNotFound */
  read(actor: RequestActor, id: string): Promise<CompletenessView> {
    return this.database.read(actor, async (tx) => {
      const row = await this.treatments.read(tx, id);
      if (!row) throw new TreatmentNotFound();
      const { findings } = await this.charts.guard(tx, row, actor.market);
      const isDraft = row.status === 'draft';
      const checked = await this.#check(tx, isDraft ? { ...row, doseFindings: findings } : row, actor.market);
      const { treatmentRecordFields } = await this.catalogue.current(tx);
      await record(tx, { action: 'treatment.check-record', entityId: id, patientId: row.patientId });
      return {
        treatmentId: id,
        market: actor.market,
        complete: checked.missing.length === 0,
        maySign: !checked.missing.some(({ blocks }) => blocks),
        fields: checked.fields.map((one) => ({ ...one, text: treatmentRecordFields[one.field - 1] ?? '' })),
        missing: checked.missing.map((one) => ({ ...one, of: [...one.of] })),
      };
    });
  }

  /** For signing, with the findings as they are accepted. @throws RecordIncomplete */
  async assertComplete(tx: Tx, draft: TreatmentRow, market: string): Promise<void> {
    const { missing } = await this.#check(tx, draft, market);
    const blocking = missing.filter(({ blocks }) => blocks);
    if (blocking.length > 0) throw new RecordIncomplete({ missing: blocking });
  }

  async #check(tx: Tx, row: TreatmentRow, market: string): Promise<Completeness> {
    const { patientId, clearanceId, treatedOn, injections, doseFindings } = row;
    const consultation =
      clearanceId === null
        ? null
        : await this.clearances.recordOf(tx, patientId, clearanceId, injections, treatedOn, market);
    const consented = (consultation?.consents ?? []).flatMap(({ kind, area }) =>
      kind === 'off-label' && area ? [area] : [],
    );
    const early = doseFindings.filter(
      ({ code, accepted }) => code === 'before_minimum_interval' && accepted === null,
    );
    return completeness(
      {
        ...row,
        on: treatedOn,
        lots: await this.lots.find(tx, [...new Set(injections.map(({ lotId }) => lotId))]),
        offLabelWithoutConsent: areasWithoutConsent(doseFindings, injections, consented),
        earlyUndecided: early.flatMap(({ area }) => area ?? []),
        consultation,
      },
      marketOf(market),
    );
  }
}
