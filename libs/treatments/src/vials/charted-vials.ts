import type { Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { compareVolume, dose, volumeMl, type Dilution } from '../domain/dose/dose.js';
import { TreatmentEvents } from '../treatment-events.port.js';
import { assertChartable, assertHolds, freeIn, leftIn } from './domain/vial.js';
import { VialElsewhere, VialNotFound, VialOfOtherLot, VolumeNotOfVial } from '../domain/vials.errors.js';
import { VialsRepository, type VialRow } from './vials.repository.js';

export interface ChartedPoint {
  readonly product: string;
  readonly lotId: string;
  readonly vialId?: string | null | undefined;
  /** Units of that product. */
  readonly units: number;
  readonly volumeMl?: number | null | undefined;
}

export interface ChartedDraft {
  /** Null while it is not kept yet. */
  readonly id: string | null;
  readonly patientId: string;
  /** Where it takes place. */
  readonly locationId: string;
  readonly amendsId: string | null;
  /** What it named before. */
  readonly injections: readonly ChartedPoint[];
}

/** Vials in charting: a draft keeps units free for itself, its signature draws them (ADR 27). */
@Injectable()
export class ChartedVials {
  constructor(
    private readonly vials: VialsRepository,
    treatments: TreatmentEvents,
  ) {
    treatments.subscribe(async (tx, { what, treatmentId, patientId }) => {
      if (what !== 'withdrawn') await this.#draw(tx, treatmentId, patientId);
    });
  }

  /**
   * Refuses points their vials cannot give. Answers how each vial named is made up. The vials stay as they are until the
   * transaction ends. @throws VialNotFound, VialElsewhere, VialOfOtherLot, VialStatusRefused, VialPastUseBy,
   *   VialOfOtherPatient, VialOverdrawn, VolumeNotOfVial
   */
  async hold(
    tx: Tx,
    draft: ChartedDraft,
    points: readonly ChartedPoint[],
  ): Promise<ReadonlyMap<string, Dilution>> {
    const [asked, before] = [sumByVial(points), sumByVial(draft.injections)];
    if (asked.size === 0 && before.size === 0) return new Map();
    const held = await this.vials.lock(tx, [...new Set([...asked.keys(), ...before.keys()])], draft.id);
    const rows = new Map(held.map((row) => [row.id, row]));
    for (const [vialId, hundredths] of asked) {
      const row = rows.get(vialId);
      if (!row) throw new VialNotFound({ vialId });
      if (draft.amendsId !== null) continue;
      assertHere(row, draft.locationId);
      const draw = { patientId: draft.patientId, hundredths };
      assertChartable(row, draw, before.get(vialId) ?? 0, row.claims, tx.now);
    }
    const dilutions = dilutionsOf(held);
    for (const point of points) assertFits(point, rows, dilutions);
    if (draft.amendsId === null) await this.#throwAway(tx, held, (id) => asked.get(id) ?? 0);
    return dilutions;
  }

  /** A draft is thrown away: what it kept free of vials thrown away meanwhile goes after them. */
  async letGo(tx: Tx, draft: ChartedDraft): Promise<void> {
    const ids = [...sumByVial(draft.injections).keys()];
    if (draft.amendsId !== null || ids.length === 0) return;
    await this.#throwAway(tx, await this.vials.lock(tx, ids, draft.id), () => 0);
  }

  /** Throws the rest of a vial away, but for what drafts still claim. @throws VialNotFound */
  async throwAwayRest(tx: Tx, vialId: string): Promise<void> {
    await this.#throwAway(tx, await this.vials.lock(tx, [vialId]), () => 0);
  }

  async #throwAway(tx: Tx, rows: readonly VialRow[], own: (vialId: string) => number): Promise<void> {
    for (const row of rows.filter(({ status }) => status === 'discarded')) {
      const wasted = freeIn(row, row.claims) - own(row.id);
      if (wasted <= 0) continue;
      await this.vials.move(tx, {
        vialId: row.id,
        kind: 'waste',
        wasted,
        reason: 'Thrown away with the vial',
      });
    }
  }

  async #draw(tx: Tx, treatmentId: string, patientId: string): Promise<void> {
    for (const { vialId, hundredths } of await this.vials.stillToDraw(tx, treatmentId)) {
      const [row] = await this.vials.lock(tx, [vialId]);
      // The ledger has the last word; this one says it with figures.
      if (row && hundredths > leftIn(row)) assertHolds(row, hundredths, []);
      await this.vials.move(tx, { vialId, kind: 'draw', drawn: hundredths, patientId, treatmentId });
    }
  }
}

/** Hundredths of each vial that is named. */
function sumByVial(points: readonly ChartedPoint[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { product, vialId, units } of points) {
    if (vialId === null || vialId === undefined) continue;
    sums.set(vialId, (sums.get(vialId) ?? 0) + dose(product, units).hundredths);
  }
  return sums;
}

const dilutionsOf = (rows: readonly VialRow[]): Map<string, Dilution> =>
  new Map(rows.flatMap(({ id, vialUnits, ml }) => (ml === null ? [] : [[id, { vialUnits, ml }] as const])));

/** An open vial is not carried between locations; the units would go missing from the wrong shelf. @throws VialElsewhere */
function assertHere({ id: vialId, locationId: locationOfVial }: VialRow, locationId: string): void {
  if (locationOfVial !== locationId) throw new VialElsewhere({ vialId, locationId, locationOfVial });
}

/** @throws VialOfOtherLot, VolumeNotOfVial */
function assertFits(
  { product, lotId, vialId, units, volumeMl: given }: ChartedPoint,
  rows: ReadonlyMap<string, VialRow>,
  dilutions: ReadonlyMap<string, Dilution>,
): void {
  if (vialId === null || vialId === undefined) return;
  const lotOfVial = rows.get(vialId)?.lotId;
  if (lotOfVial !== lotId) throw new VialOfOtherLot({ vialId, lotId, lotOfVial });
  const dilution = dilutions.get(vialId);
  if (dilution === undefined || given === null || given === undefined) return;
  const fittingMl = volumeMl(dose(product, units).hundredths, dilution);
  if (compareVolume(given, fittingMl) === 'volume_outside_label')
    throw new VolumeNotOfVial({ vialId, units, volumeMl: given, fittingMl });
}
