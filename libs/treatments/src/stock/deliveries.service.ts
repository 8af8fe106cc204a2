import { record } from '#audit';
import { Database, type Tx } from '#database';
import type { RequestActor } from '#identity';
import { dateIn } from '#kernel';
import { AppointmentsService } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { readGs1 } from '../domain/gs1/gs1.js';
import { LotNotFound } from '../domain/lots.errors.js';
import { vialRefusal } from '../vials/vial-refusals.js';
import { vialsOf } from './domain/delivery.js';
import { DeliveryUncounted, ScanOfOtherLot, TooFewVials, TransferNowhere } from './domain/stock.errors.js';
import type { Delivery, DeliveryView, ReceiveVials, TransferVials } from './http/delivery.dto.js';
import { LotsRepository, type LotRow } from './lots.repository.js';
import { StockRepository } from './stock.repository.js';

/** Vials that come, and vials that move on. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly database: Database,
    private readonly lots: LotsRepository,
    private readonly stock: StockRepository,
    private readonly appointments: AppointmentsService,
  ) {}

  /**
   * More vials of a lot the clinic has. @throws LotNotFound, LocationNotFound, DeliveryUncounted, ScanOfOtherLot, SerialKnown
   *   and what readGs1 throws
   */
  receive(actor: RequestActor, lotId: string, { scans, ...came }: ReceiveVials): Promise<DeliveryView> {
    return this.database
      .write(actor, async (tx) => {
        const lot = await this.lots.lock(tx, lotId);
        if (!lot) throw new LotNotFound();
        const delivery = scans === undefined ? came : { ...came, ...scanned(lot, scans, came, tx) };
        return { lotId, locationId: came.locationId, vialIds: await this.came(tx, lot, delivery) };
      })
      .catch((error: unknown) => {
        throw vialRefusal(error);
      });
  }

  /** For whoever receives a lot: the vials that came with it, if they were counted; `serial` is of the pack scanned. @throws LocationNotFound, DeliveryUncounted */
  async came(
    tx: Tx,
    lot: LotRow,
    delivery: Delivery | undefined,
    serial: string | null = null,
  ): Promise<string[]> {
    if (delivery === undefined) return [];
    await this.appointments.locationOf(tx, delivery.locationId);
    const serials = delivery.serials ?? (serial === null ? [] : [serial]);
    const vials = vialsOf({ ...delivery, serials });
    const ids = await this.stock.deliver(tx, lot, delivery.locationId, vials);
    await record(tx, {
      action: 'lot.deliver',
      entityId: lot.id,
      patientId: null,
      detail: { vials: ids.length },
    });
    return ids;
  }

  /** Sealed vials from one location to another. @throws LotNotFound, LocationNotFound, DeliveryUncounted, TransferNowhere, TooFewVials */
  transfer(actor: RequestActor, wanted: TransferVials): Promise<DeliveryView> {
    const { lotId, fromLocationId, toLocationId, vials, vialIds } = wanted;
    return this.database.write(actor, async (tx) => {
      if (fromLocationId === toLocationId) throw new TransferNowhere();
      if ((vials === undefined) === (vialIds === undefined)) throw new DeliveryUncounted();
      // One after another for a lot, so that nobody is told there are too few while somebody else gives back.
      if (!(await this.lots.lock(tx, lotId))) throw new LotNotFound();
      for (const id of [fromLocationId, toLocationId]) await this.appointments.locationOf(tx, id);
      const asked = vials ?? vialIds?.length ?? 0;
      const ids = await this.stock.sealed(tx, lotId, fromLocationId, vialIds ?? null, asked);
      if (ids.length < asked) throw new TooFewVials({ lotId, asked, available: ids.length });
      await this.stock.carry(tx, ids, fromLocationId, toLocationId);
      await record(tx, {
        action: 'lot.transfer',
        entityId: lotId,
        patientId: null,
        detail: { vials: asked },
      });
      return { lotId, locationId: toLocationId, vialIds: ids };
    });
  }
}

/** One vial a scanned pack. @throws ScanOfOtherLot, DeliveryUncounted and what readGs1 throws */
function scanned(
  { number, gtin, expiresOn }: LotRow,
  scans: readonly string[],
  { vials, serials }: Delivery,
  tx: Tx,
): Pick<Delivery, 'vials' | 'serials'> {
  if (vials !== undefined || serials !== undefined) throw new DeliveryUncounted({ scans: scans.length });
  const codes = scans.map((scan) => readGs1(scan, dateIn(tx.now, 'UTC')));
  codes.forEach((code, nth) => {
    const isOther =
      code.lot !== number ||
      (code.gtin !== null && gtin !== null && code.gtin !== gtin) ||
      (code.expiry !== null && code.expiry !== expiresOn);
    if (isOther)
      throw new ScanOfOtherLot({ scan: nth, lot: code.lot, gtin: code.gtin, expiresOn: code.expiry });
  });
  const read = codes.flatMap(({ serial }) => (serial === null ? [] : [serial]));
  return { vials: scans.length, serials: read };
}
