import { record } from '#audit';
import { CatalogueService } from '#catalogue';
import { Database, type Tx } from '#database';
import { pageOf, readCursor } from '#http';
import { StaffNotFound, StaffService, type RequestActor } from '#identity';
import { FIRST_ID, isId } from '#kernel';
import { PatientNotFound, PatientsService } from '#patients';
import { Injectable } from '@nestjs/common';

import { dose } from '../domain/dose/dose.js';
import { ChartedVials } from './charted-vials.js';
import { assertDrawable, assertHolds, freeIn } from './domain/vial.js';
import {
  MovementNotCorrectable,
  MovementNotFound,
  VialNotFound,
  VialStatusRefused,
} from '../domain/vials.errors.js';
import type { CorrectVial, DiscardVial, DrawUnits, ListMovements, WasteUnits } from './http/vial.dto.js';
import type { VialMovementPage, VialView } from './http/vial.view.js';
import { vialRefusal } from './vial-refusals.js';
import { assertLotUsable, viewOf } from './vial-view.js';
import { VialsRepository, type VialRow } from './vials.repository.js';

const CORRECTABLE = new Set(['draw', 'waste', 'discard']);

/** What is taken out of a vial, entry by entry; the ledger never changes. */
@Injectable()
export class VialsService {
  constructor(
    private readonly database: Database,
    private readonly vials: VialsRepository,
    private readonly charted: ChartedVials,
    private readonly catalogue: CatalogueService,
    private readonly patients: PatientsService,
    private readonly staff: StaffService,
  ) {}

  /** @throws VialNotFound */
  read(actor: RequestActor, id: string): Promise<VialView> {
    return this.database.read(actor, async (tx) => this.#view(tx, actor, id));
  }

  /** Everything that happened to it, oldest first. @throws VialNotFound */
  movements(actor: RequestActor, id: string, { limit, after }: ListMovements): Promise<VialMovementPage> {
    const [from] = readCursor(after, [isId]) ?? [FIRST_ID];
    return this.database.read(actor, async (tx) => {
      if ((await this.vials.find(tx, [id])).length === 0) throw new VialNotFound();
      const rows = await this.vials.movements(tx, id, String(from), limit);
      const { items, next } = pageOf(rows, limit, (row) => [row.id]);
      await record(tx, { action: 'vial.movements', entityId: id, patientId: null });
      return { items, next };
    });
  }

  /**
   * For a patient, outside a chart. @throws VialNotFound, PatientNotFound, NotADose, LotExpired, LotNotUsable,
   *   VialStatusRefused, VialPastUseBy, VialOfOtherPatient, VialOverdrawn
   */
  draw(actor: RequestActor, id: string, { patientId, units, note }: DrawUnits): Promise<VialView> {
    return this.#changing(actor, id, async (tx, row) => {
      const { hundredths } = dose(row.product, units);
      if ((await this.patients.contacts(tx, [patientId])).length === 0) throw new PatientNotFound();
      assertLotUsable(row, tx.now);
      assertDrawable(row, { patientId, hundredths }, row.claims, tx.now);
      const drawn = { vialId: id, kind: 'draw', drawn: hundredths, patientId, reason: note ?? null } as const;
      await this.vials.move(tx, drawn);
      await record(tx, { action: 'vial.draw', entityId: id, patientId });
    });
  }

  /** @throws VialNotFound, NotADose, StaffNotFound, VialStatusRefused, VialOverdrawn */
  waste(actor: RequestActor, id: string, { units, reason, witnessId }: WasteUnits): Promise<VialView> {
    return this.#changing(actor, id, async (tx, row) => {
      const { hundredths } = dose(row.product, units);
      await this.#assertWitness(tx, witnessId);
      if (row.status !== 'open')
        throw new VialStatusRefused({ vialId: id, status: row.status, allowedFrom: ['open'] });
      assertHolds(row, hundredths, row.claims);
      await this.vials.move(tx, { vialId: id, kind: 'waste', wasted: hundredths, reason, ...by(witnessId) });
      await record(tx, { action: 'vial.waste', entityId: id, patientId: null });
    });
  }

  /**
   * Throws the vial away, opened or not: the rest is wasted, but for what drafts have charted from it.
   * @throws VialNotFound, StaffNotFound, VialStatusRefused
   */
  discard(actor: RequestActor, id: string, { reason, witnessId }: DiscardVial): Promise<VialView> {
    return this.#changing(actor, id, async (tx, row) => {
      await this.#assertWitness(tx, witnessId);
      if (row.status === 'discarded')
        throw new VialStatusRefused({ vialId: id, status: row.status, allowedFrom: ['sealed', 'open'] });
      const wasted = freeIn(row, row.claims);
      await this.vials.setStatus(tx, id, 'discarded');
      await this.vials.move(tx, { vialId: id, kind: 'discard', wasted, reason, ...by(witnessId) });
      await record(tx, { action: 'vial.discard', entityId: id, patientId: null });
    });
  }

  /**
   * Takes an entry back by a counter-entry; a vial discarded by mistake is what it was before.
   * @throws VialNotFound, MovementNotFound, MovementNotCorrectable
   */
  correct(actor: RequestActor, id: string, { movementId, reason }: CorrectVial): Promise<VialView> {
    return this.#changing(actor, id, async (tx, row) => {
      const entry = await this.vials.movement(tx, id, movementId);
      if (!entry) throw new MovementNotFound();
      if (!CORRECTABLE.has(entry.kind) || entry.isCorrected)
        throw new MovementNotCorrectable({ kind: entry.kind, isCorrected: entry.isCorrected });
      const { patientId, treatmentId } = entry;
      await this.vials.move(tx, {
        vialId: id,
        kind: 'correct',
        correctsId: movementId,
        patientId,
        treatmentId,
        reason,
        drawn: minus(entry.drawn),
        wasted: minus(entry.wasted),
      });
      if (entry.kind === 'discard')
        await this.vials.setStatus(tx, id, row.openedAt === null ? 'sealed' : 'open');
      else await this.charted.throwAwayRest(tx, id);
      await record(tx, { action: 'vial.correct', entityId: id, patientId });
    });
  }

  #changing(
    actor: RequestActor,
    id: string,
    work: (tx: Tx, row: VialRow) => Promise<void>,
  ): Promise<VialView> {
    return this.database
      .write(actor, async (tx) => {
        const [row] = await this.vials.lock(tx, [id]);
        if (!row) throw new VialNotFound();
        await work(tx, row);
        return this.#view(tx, actor, id);
      })
      .catch((error: unknown) => {
        throw vialRefusal(error);
      });
  }

  async #assertWitness(tx: Tx, witnessId: string | undefined): Promise<void> {
    if (witnessId === undefined) return;
    const [witness] = await this.staff.find(tx, [witnessId]);
    if (!witness?.active || witnessId === tx.actor.staffId) throw new StaffNotFound();
  }

  async #view(tx: Tx, actor: RequestActor, id: string): Promise<VialView> {
    const [row] = await this.vials.find(tx, [id]);
    if (!row) throw new VialNotFound();
    return viewOf(row, await this.catalogue.current(tx), actor.market, tx.now);
  }
}

const by = (witnessId: string | undefined) => ({ witnessId: witnessId ?? null });

// Never minus zero: the driver would write it out.
const minus = (hundredths: number): number => (hundredths === 0 ? 0 : -hundredths);
