import { record } from '#audit';
import { CatalogueService, productOf } from '#catalogue';
import { Database } from '#database';
import { pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { addDays, dateIn, FIRST_ID, isCalendarDate, isId } from '#kernel';
import { AppointmentsService } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { unitsOf } from '../domain/dose/dose.js';
import { freeIn } from '../vials/domain/vial.js';
import type { VialPage } from './http/stock.dto.js';
import { viewOf } from '../vials/vial-view.js';
import { watchExpiry } from './domain/expiry-watch.js';
import type {
  AskWhatToUse,
  ExpiryWatch,
  FindStock,
  FindVials,
  StockPage,
  SuggestionView,
  WatchExpiry,
} from './http/stock.dto.js';
import { StockQueries, type SealedLot } from './stock.queries.js';
import type { VialRow } from '../vials/vials.repository.js';

/** Use in the last twelve weeks says what the weeks to come will use. */
const DAYS_LOOKED_BACK = 84;
const MOST_SUGGESTED = 20;
/** Lots on shelves that one watch tells of. */
const MOST_WATCHED = 2000;

/** What lies where, what to take first, and what will expire unused. */
@Injectable()
export class StockService {
  constructor(
    private readonly database: Database,
    private readonly stock: StockQueries,
    private readonly catalogue: CatalogueService,
    private readonly appointments: AppointmentsService,
  ) {}

  /** First to expire first. @throws UnknownProduct, LocationNotFound */
  list(actor: RequestActor, { limit, after, ...wanted }: FindStock): Promise<StockPage> {
    const cursor = readCursor(after, [isCalendarDate, isId, isId]);
    return this.database.read(actor, async (tx) => {
      if (wanted.product !== undefined) productOf(await this.catalogue.current(tx), wanted.product);
      if (wanted.locationId !== undefined) await this.appointments.locationOf(tx, wanted.locationId);
      const rows = await this.stock.stock(tx, wanted, cursor, limit);
      const { items, next } = pageOf(rows, limit, (row) => [row.expiresOn, row.lotId, row.locationId]);
      return { items: items.map((row) => ({ ...row, openUnits: row.openUnits ?? 0 })), next };
    });
  }

  /** @throws UnknownProduct, LocationNotFound */
  vials(actor: RequestActor, { limit, after, ...wanted }: FindVials): Promise<VialPage> {
    const [from] = readCursor(after, [isId]) ?? [FIRST_ID];
    return this.database.read(actor, async (tx) => {
      const catalogue = await this.catalogue.current(tx);
      if (wanted.product !== undefined) productOf(catalogue, wanted.product);
      await this.appointments.locationOf(tx, wanted.locationId);
      const rows = await this.stock.vials(tx, wanted, String(from), limit);
      const { items, next } = pageOf(rows, limit, ({ id }) => [id]);
      return { items: items.map((row) => viewOf(row, catalogue, actor.market, tx.now)), next };
    });
  }

  /**
   * What to take for so many units: opened vials still in time and with enough for it first, then the lot that expires first.
   * @throws UnknownProduct, LocationNotFound
   */
  suggest(
    actor: RequestActor,
    { product, locationId, units, patientId }: AskWhatToUse,
  ): Promise<SuggestionView> {
    return this.database.read(actor, async (tx) => {
      productOf(await this.catalogue.current(tx), product);
      const { zone } = await this.appointments.locationOf(tx, locationId);
      const on = dateIn(tx.now, zone);
      const wanted = { locationId, product, patientId: patientId ?? null };
      const open = await this.stock.open(tx, wanted, on, MOST_SUGGESTED * 5);
      const sealed = await this.stock.sealed(tx, wanted, on, MOST_SUGGESTED);
      const enough = Math.max(1, Math.round((units ?? 0) * 100));
      const fitting = open.filter((row) => isFreeFor(row, patientId) && freeIn(row, row.claims) >= enough);
      return { on, items: [...fitting.map(asOpen), ...sealed.map(asSealed)].slice(0, MOST_SUGGESTED) };
    });
  }

  /** @throws LocationNotFound */
  expiring(actor: RequestActor, { days, locationId }: WatchExpiry): Promise<ExpiryWatch> {
    return this.database.read(actor, async (tx) => {
      // Stock belongs to the clinic; without a location its days are those of UTC.
      const zone =
        locationId === undefined ? 'UTC' : (await this.appointments.locationOf(tx, locationId)).zone;
      const on = dateIn(tx.now, zone);
      const found = await this.stock.shelves(tx, locationId ?? null, addDays(on, days), MOST_WATCHED);
      const shelves = found.slice(0, MOST_WATCHED);
      const uses =
        shelves.length === 0
          ? []
          : await this.stock.uses(tx, addDays(on, 1 - DAYS_LOOKED_BACK), on, DAYS_LOOKED_BACK);
      const items = watchExpiry(shelves, uses, on).map(
        ({ hundredths, planned, expected, atRisk, ...lot }) => ({
          ...lot,
          units: unitsOf(hundredths),
          plannedUnits: unitsOf(planned),
          expectedUnits: unitsOf(expected),
          unitsAtRisk: unitsOf(atRisk),
        }),
      );
      await record(tx, { action: 'stock.expiring', entityId: null, patientId: null });
      return { on, days, items, truncated: found.length > shelves.length };
    });
  }
}

/** A single-patient vial that a draft charts for somebody else is theirs. */
const isFreeFor = ({ singlePatient, claims }: VialRow, patientId: string | undefined): boolean =>
  !singlePatient || claims.every((claim) => claim.patientId === patientId);

const asOpen = (row: VialRow) => ({
  kind: 'open-vial' as const,
  vialId: row.id,
  lotId: row.lotId,
  lotNumber: row.lotNumber,
  expiresOn: row.expiresOn,
  useBy: row.useBy,
  freeUnits: unitsOf(freeIn(row, row.claims)),
  sealedVials: 0,
});

const asSealed = ({ lotId, lotNumber, expiresOn, vialUnits, vials }: SealedLot) => ({
  kind: 'sealed-vial' as const,
  vialId: null,
  lotId,
  lotNumber,
  expiresOn,
  useBy: null,
  freeUnits: vialUnits,
  sealedVials: vials,
});
