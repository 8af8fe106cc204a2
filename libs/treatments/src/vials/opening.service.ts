import { record } from '#audit';
import { CatalogueService, marketOf, productOf } from '#catalogue';
import { Database } from '#database';
import type { RequestActor } from '#identity';
import { dateIn } from '#kernel';
import { AppointmentsService } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { assertUsable } from '../domain/lot.js';
import { LotNotFound } from '../domain/lots.errors.js';
import { LotsRepository } from '../stock/lots.repository.js';
import { TooFewVials } from '../stock/domain/stock.errors.js';
import { assertReconstitution, labelVolumes, useByOf, type Reconstitution } from './domain/reconstitution.js';
import { isSinglePatient } from './domain/single-patient.js';
import { VialNotFound } from '../domain/vials.errors.js';
import type { OpenVial } from './http/vial.dto.js';
import type { VialView } from './http/vial.view.js';
import { viewOf } from './vial-view.js';
import { VialsRepository } from './vials.repository.js';

/** Opening a vial: what it is made up with, and until when it may be used. */
@Injectable()
export class OpeningService {
  constructor(
    private readonly database: Database,
    private readonly vials: VialsRepository,
    private readonly lots: LotsRepository,
    private readonly catalogue: CatalogueService,
    private readonly appointments: AppointmentsService,
  ) {}

  /**
   * @throws LotNotFound, LocationNotFound, LotExpired, LotNotUsable, NoReconstitution, ReconstitutionMissing,
   *   DilutionOutsideLabel, TooFewVials
   */
  open(actor: RequestActor, opened: OpenVial): Promise<VialView> {
    return this.database.write(actor, async (tx) => {
      const { lotId, locationId, vialId = null } = opened;
      const [lot] = await this.lots.hold(tx, [lotId]);
      if (!lot) throw new LotNotFound();
      const { zone } = await this.appointments.locationOf(tx, locationId);
      const catalogue = await this.catalogue.current(tx);
      const product = productOf(catalogue, lot.product);
      assertUsable(lot, lot.product, dateIn(tx.now, zone), true);
      const market = marketOf(actor.market);
      const made = madeOf(opened);
      assertReconstitution(product, lot.vialUnits, market, made);
      const ml = made?.ml ?? labelVolumes(product, lot.vialUnits, market)[0] ?? null;
      const id = await this.vials.pick(tx, lotId, locationId, vialId);
      if (id === null) throw new TooFewVials({ lotId, locationId, asked: 1, vialId });
      await this.vials.open(tx, id, {
        useBy: useByOf(product.inUse, tx.now, lot.expiresOn, zone),
        singlePatient: isSinglePatient(lot.product, market),
        ml,
        made,
      });
      await record(tx, { action: 'vial.open', entityId: id, patientId: null });
      const [row] = await this.vials.find(tx, [id]);
      if (!row) throw new VialNotFound();
      return viewOf(row, catalogue, actor.market, tx.now);
    });
  }
}

function madeOf({ diluent, diluentMl, diluentLot, reason }: OpenVial): Reconstitution | null {
  if (diluentMl === undefined) return null;
  const kind = diluent ?? 'sodium-chloride-0.9';
  return { diluent: kind, ml: diluentMl, diluentLot: diluentLot ?? null, reason: reason ?? null };
}
