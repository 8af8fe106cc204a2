import {
  areaOf,
  CatalogueService,
  marketOf,
  productOf,
  type Catalogue,
  type Product,
  type PublishedCatalogue,
} from '#catalogue';
import { ClearancesService } from '#consultations';
import type { Tx } from '#database';
import { calendarDate } from '#kernel';
import { PatientsService } from '#patients';
import { Injectable } from '@nestjs/common';

import { dose, unitsOf, volumeMl, type Dilution } from './domain/dose/dose.js';
import { guardDose, type DoseCheck } from './domain/dose/dose-guard.js';
import type { PastDose } from './domain/dose/dose-timing.js';
import { assertUsable } from './domain/lot.js';
import { signatureHash } from './domain/signed-content.js';
import { touchUpMarks } from './domain/touch-up.js';
import { LotNotFound } from './domain/lots.errors.js';
import { TreatmentNotFound } from './domain/treatments.errors.js';
import type { ChartInjection } from './http/injection.dto.js';
import type { DoseFindingView, ProductAreaView, TreatmentView } from './http/treatment.view.js';
import { LotsRepository, type LotRow } from './stock/lots.repository.js';
import { contentOf } from './record/signed-treatments.repository.js';
import type { TreatmentEvent } from './treatment-events.port.js';
import { TreatmentHistory } from './treatment-history.queries.js';
import { type TreatmentRow } from './treatment-rows.queries.js';
import { TreatmentsRepository } from './treatments.repository.js';
import { ChartedVials, type ChartedDraft } from './vials/charted-vials.js';
import { labelVolumes } from './vials/domain/reconstitution.js';

export interface Guarded {
  readonly check: DoseCheck;
  /** As kept: with who accepted them. */
  readonly findings: DoseFindingView[];
}

/** Puts a treatment, the patient's history, the lots and the catalogue together. */
@Injectable()
export class Charts {
  constructor(
    private readonly treatments: TreatmentsRepository,
    private readonly lots: LotsRepository,
    private readonly vials: ChartedVials,
    private readonly history: TreatmentHistory,
    private readonly patients: PatientsService,
    private readonly catalogue: CatalogueService,
    private readonly clearances: ClearancesService,
  ) {}

  /**
   * Checks every injection's product, area, dose and lot, and reckons volumes that were not given. The lots stay as they
   * are until the transaction ends.
   * @throws UnknownProduct, UnknownArea, NotADose, LotNotFound, LotOfOtherProduct, LotExpired, LotNotUsable, and what
   *   ChartedVials.hold throws
   */
  async prepare(
    tx: Tx,
    draft: ChartedDraft & Pick<TreatmentRow, 'treatedOn'>,
    injections: readonly ChartInjection[],
    market: string,
  ): Promise<ChartInjection[]> {
    const catalogue = await this.catalogue.current(tx);
    const held = await this.lots.hold(tx, [...new Set(injections.map(({ lotId }) => lotId))]);
    const lots = new Map(held.map((lot) => [lot.id, lot]));
    const vials = await this.vials.hold(tx, draft, injections);
    return injections.map((one) => {
      areaOf(catalogue, one.area);
      const product = productOf(catalogue, one.product);
      const lot = lots.get(one.lotId);
      if (!lot) throw new LotNotFound({ lotId: one.lotId });
      assertUsable(lot, product.id, draft.treatedOn, draft.amendsId === null);
      const { hundredths } = dose(product.id, one.units);
      const dilution = vials.get(one.vialId ?? '') ?? onlyDilution(product, lot, market);
      const known = one.volumeMl ?? (dilution ? volumeMl(hundredths, dilution) : undefined);
      return known === undefined ? one : { ...one, volumeMl: known };
    });
  }

  /** Puts these points in place of a draft's, keeps what the dose guard finds in them and answers it. @throws what prepare throws */
  async keep(
    tx: Tx,
    draft: TreatmentRow,
    injections: readonly ChartInjection[],
    market: string,
  ): Promise<Guarded> {
    await this.treatments.chart(tx, draft.id, await this.prepare(tx, draft, injections, market));
    const charted = (await this.treatments.read(tx, draft.id)) ?? draft;
    const guarded = await this.guard(tx, charted, market);
    await this.treatments.found(tx, draft.id, guarded.findings);
    return guarded;
  }

  /** The clinical facts in force. */
  published(tx: Tx): Promise<PublishedCatalogue> {
    return this.catalogue.current(tx);
  }

  /** What the dose guard says, with the patient's whole history; what was accepted before stays accepted if unchanged. */
  async guard(tx: Tx, row: TreatmentRow, market: string): Promise<Guarded> {
    const catalogue = await this.catalogue.current(tx);
    const lots = await this.lots.find(tx, [...new Set(row.injections.map(({ lotId }) => lotId))]);
    const vialUnits = new Map(lots.map((lot) => [lot.id, lot.vialUnits]));
    const completed = row.completesId === null ? null : await this.treatments.read(tx, row.completesId);
    const check = guardDose({
      catalogue,
      market: marketOf(market),
      on: row.treatedOn,
      injections: row.injections.map(({ product, area, units, lotId, volumeMl: ml }) => {
        const vial = vialUnits.get(lotId);
        const { hundredths } = dose(product, units);
        const point = { product, area, hundredths };
        return ml === null || vial === undefined
          ? point
          : { ...point, dilution: dilutionOf(units, ml, vial) };
      }),
      history: await this.#history(tx, row, catalogue),
      ...(completed ? { touchUpOf: completed.treatedOn, completed: completed.injections } : {}),
      ...(row.clearanceId === null
        ? {}
        : {
            cleared: await this.clearances.planOf(tx, row.patientId, row.clearanceId),
            givenUnderClearance: await this.#givenBefore(tx, row, row.clearanceId),
          }),
    });
    const marks = row.completesId === null ? [] : touchUpMarks(row.injections);
    const findings = [...check.findings, ...marks].map((finding): DoseFindingView => {
      const before = row.doseFindings.find(
        ({ flag, product, area, actual }) =>
          flag === finding.flag &&
          product === finding.product &&
          area === finding.area &&
          actual === finding.actual,
      );
      return { ...finding, sources: [...finding.sources], accepted: before?.accepted ?? null };
    });
    return { check, findings };
  }

  /** `guarded`: what the guard said in this transaction already. @throws TreatmentNotFound */
  async view(tx: Tx, id: string, market: string, guarded?: Guarded): Promise<TreatmentView> {
    const row = await this.treatments.read(tx, id);
    if (!row) throw new TreatmentNotFound();
    const { begunAt: _, signedAt, signedBy, signedName, signedMeaning, contentHash, ...shown } = row;
    const { check, findings } = guarded ?? (await this.guard(tx, row, market));
    const signature =
      signedAt && signedBy && signedName && signedMeaning && contentHash
        ? { by: signedBy, name: signedName, at: signedAt.toISOString(), meaning: signedMeaning, contentHash }
        : null;
    return {
      ...shown,
      totals: check.areas.map(({ product, area, hundredths, points, volumeMl: ml }) => {
        const onLabel = !check.findings.some(
          (one) => one.offLabel && one.product === product && (one.area === area || one.area === null),
        );
        return { product, area, units: unitsOf(hundredths), onLabel, points, volumeMl: ml };
      }),
      productTotals: check.sessions.map(({ product, hundredths }) => ({
        product,
        units: unitsOf(hundredths),
      })),
      trailingTotals: check.trailing.map(({ product, hundredths }) => ({
        product,
        units: unitsOf(hundredths),
      })),
      doseFindings: signature === null ? findings : row.doseFindings,
      signature: signature && {
        ...signature,
        intact: signatureHash(contentOf(row)) === signature.contentHash,
      },
      versions: await this.treatments.versions(tx, id),
    };
  }

  /** What the clearance was used for already: a prescription is not filled twice. */
  async #givenBefore(
    tx: Tx,
    { id, amendsId }: TreatmentRow,
    clearanceId: string,
  ): Promise<ProductAreaView[]> {
    return this.treatments.givenUnder(tx, clearanceId, amendsId === null ? [id] : [id, amendsId]);
  }

  async #history(
    tx: Tx,
    { id, amendsId, patientId }: TreatmentRow,
    catalogue: Catalogue,
  ): Promise<PastDose[]> {
    const here = await this.history.doses(tx, await this.patients.recordsOf(tx, patientId));
    const { priorToxins } = await this.patients.require(tx, patientId);
    const areas = new Set(catalogue.areas.map((area) => area.id));
    return [
      ...here
        .filter(({ treatmentId }) => treatmentId !== amendsId && treatmentId !== id)
        .map(({ treatedOn, product, area, units }): PastDose => {
          return {
            on: treatedOn,
            product,
            area: areas.has(area) ? area : null,
            hundredths: Math.round(units * 100),
            medical: false,
          };
        }),
      ...priorToxins.map(({ givenOn, product, units, indication }): PastDose => {
        const hundredths = units === null ? null : Math.round(units * 100);
        return {
          on: calendarDate(givenOn),
          product,
          area: null,
          hundredths,
          medical: !COSMETIC.test(indication),
        };
      }),
    ];
  }
}

/** What is not said to be for looks was given for a disease. */
const COSMETIC = /cosmetic|aesthetic|wrinkle|lines|frown|glabell|forehead|crow|beaut|smooth/i;

/** What those above are told of a treatment. */
export function eventOf(row: TreatmentRow, what: TreatmentEvent['what']): TreatmentEvent {
  const { id: treatmentId, amendsId, patientId, treatedOn, kind, injections } = row;
  const doses = new Map(injections.map(({ product, area }) => [`${product} ${area}`, { product, area }]));
  const replacesId = what === 'amended' ? amendsId : null;
  return { what, treatmentId, replacesId, patientId, treatedOn, kind, doses: [...doses.values()] };
}

/** The one volume the catalogue knows for this vial in the market; undefined when it knows none or several. */
function onlyDilution(product: Product, { vialUnits }: LotRow, market: string): Dilution | undefined {
  const [ml, ...others] = labelVolumes(product, vialUnits, marketOf(market));
  return ml === undefined || others.length > 0 ? undefined : { vialUnits, ml };
}

const dilutionOf = (units: number, ml: number, vialUnits: number): Dilution => ({
  vialUnits,
  ml: Math.round(((ml * vialUnits) / units) * 1000) / 1000,
});
