import { record } from '#audit';
import { CatalogueService, marketOf, productOf } from '#catalogue';
import { Database, type Tx } from '#database';
import { pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { dateIn, isCalendarDate, isId, type CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import { hasGtinCheckDigit, readGs1 } from '../domain/gs1/gs1.js';
import { lotAfter, type LotVerb } from '../domain/lot.js';
import { BadGtinCheckDigit } from '../domain/gs1/gs1.errors.js';
import { LotExists, LotIncomplete, LotNotFound } from '../domain/lots.errors.js';
import { DeliveriesService } from './deliveries.service.js';
import { comparePack } from './domain/pack.js';
import type { ListLots, LotPage, LotView, ReceivedLotView, ReceiveLot } from './http/lot.dto.js';
import { LotsRepository, type NewLot } from './lots.repository.js';

const isText = (part: unknown): boolean => typeof part === 'string' && !part.includes('\0');

/** The clinic's stock, lot by lot. */
@Injectable()
export class LotsService {
  constructor(
    private readonly database: Database,
    private readonly lots: LotsRepository,
    private readonly catalogue: CatalogueService,
    private readonly deliveries: DeliveriesService,
  ) {}

  /**
   * @throws UnknownProduct, LotIncomplete, LotExists, BadGtinCheckDigit, PackOfOtherProduct, PackOfOtherStrength,
   *   DeliveryUncounted, LocationNotFound and what readGs1 throws
   */
  receive(actor: RequestActor, received: ReceiveLot): Promise<ReceivedLotView> {
    return this.database.write(actor, async (tx) => {
      const catalogue = await this.catalogue.current(tx);
      productOf(catalogue, received.product);
      const lot = read(received, today(tx));
      const earlier = lot.gtin === null ? null : await this.lots.productOfGtin(tx, lot.gtin);
      const warnings = comparePack(catalogue, lot, earlier, marketOf(actor.market));
      const kept = await this.lots.add(tx, lot, today(tx));
      if (!kept) throw new LotExists({ lotId: (await this.lots.sameNumber(tx, lot))?.id });
      const vialIds = await this.deliveries.came(tx, kept, received.delivery, lot.serial);
      await record(tx, { action: 'lot.receive', entityId: kept.id, patientId: null });
      return { ...kept, warnings, vialIds };
    });
  }

  /** First to expire first. @throws UnknownProduct */
  list(actor: RequestActor, { limit, after, ...wanted }: ListLots): Promise<LotPage> {
    const cursor = readCursor(after, [isCalendarDate, isText, isId]);
    return this.database.read(actor, async (tx) => {
      if (wanted.product !== undefined) productOf(await this.catalogue.current(tx), wanted.product);
      const rows = await this.lots.list(tx, wanted, cursor, limit);
      const { items, next } = pageOf(rows, limit, ({ expiresOn, number, id }) => [expiresOn, number, id]);
      return { items, next };
    });
  }

  /** @throws LotNotFound */
  read(actor: RequestActor, id: string): Promise<LotView> {
    return this.database.read(actor, async (tx) => {
      const [lot] = await this.lots.find(tx, [id]);
      if (!lot) throw new LotNotFound();
      return lot;
    });
  }

  /** @throws LotNotFound, LotStatusRefused */
  change(
    actor: RequestActor,
    id: string,
    verb: Exclude<LotVerb, 'recall'>,
    reason: string,
  ): Promise<LotView> {
    return this.database.write(actor, async (tx) => {
      const lot = await this.lots.lock(tx, id);
      if (!lot) throw new LotNotFound();
      const changed = await this.lots.setStatus(tx, id, lotAfter(lot.status, verb), reason);
      await record(tx, { action: `lot.${verb}`, entityId: id, patientId: null, detail: { reason } });
      return changed;
    });
  }
}

/** What was received, from the scanned code or as typed. */
function read({ product, scan, vialUnits, delivery: _, ...typed }: ReceiveLot, on: CalendarDate): NewLot {
  if (scan === undefined) {
    const { number, expiresOn, gtin = null, serial = null } = typed;
    if (number === undefined || expiresOn === undefined)
      throw new LotIncomplete({ missing: missing(number, expiresOn) });
    if (gtin !== null && !hasGtinCheckDigit(gtin)) throw new BadGtinCheckDigit({ ai: '01', gtin });
    return { product, number, expiresOn, gtin, serial, vialUnits };
  }
  const both = Object.entries(typed).flatMap(([field, value]) => (value === undefined ? [] : [field]));
  if (both.length > 0) throw new LotIncomplete({ alsoTyped: both });
  const { lot, expiry, gtin, serial } = readGs1(scan, on);
  if (lot === null || expiry === null) throw new LotIncomplete({ missing: missing(lot, expiry) });
  return { product, number: lot, expiresOn: expiry, gtin, serial, vialUnits };
}

const missing = (number: string | null | undefined, expiresOn: string | null | undefined): string[] => [
  ...(number ? [] : ['number']),
  ...(expiresOn ? [] : ['expiresOn']),
];

// Stock belongs to the clinic, not to one of its locations.
const today = (tx: Tx): CalendarDate => dateIn(tx.now, 'UTC');
