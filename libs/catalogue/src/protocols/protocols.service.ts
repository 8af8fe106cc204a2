import { record } from '#audit';
import { Database, type Tx } from '#database';
import { assertFresh, pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { calendarDate, newestDay, oldestDay } from '#kernel';
import { Injectable } from '@nestjs/common';

import { CatalogueService, marketOf } from '../catalogue.service.js';
import { ProtocolBackdated, ProtocolNotFound } from '../domain/catalogue.errors.js';
import { ownFigures, type ProtocolChange } from '../domain/own-protocol.js';
import type { ProtocolFigures } from '../domain/protocol.js';
import { protocolView } from '../http/protocol.views.js';
import type {
  ChangeProtocol,
  FindVersions,
  ProtocolInForceView,
  ProtocolVersionPage,
  ProtocolVersionView,
} from './http/protocols.dto.js';
import { ProtocolEventsPort } from './protocol-events.port.js';
import { type OwnVersion, ProtocolsRepository } from './protocols.repository.js';

/** The figures a clinic decides on itself, each change a version with who, why and from when. */
@Injectable()
export class ProtocolsService {
  constructor(
    private readonly database: Database,
    private readonly catalogue: CatalogueService,
    private readonly protocols: ProtocolsRepository,
    private readonly events: ProtocolEventsPort,
  ) {}

  /** The figures in force with the newest version, which may come into force later. @throws ProtocolNotFound */
  read(actor: RequestActor, product: string, area: string): Promise<ProtocolInForceView> {
    return this.database.read(actor, (tx) => this.#view(tx, actor.market, product, area));
  }

  /** Every version, newest first. @throws ProtocolNotFound */
  versions(
    actor: RequestActor,
    product: string,
    area: string,
    { limit, after }: FindVersions,
  ): Promise<ProtocolVersionPage> {
    const [below = null] = readCursor(after, [Number.isSafeInteger]) ?? [];
    return this.database.read(actor, async (tx) => {
      await this.#published(tx, actor.market, product, area);
      const rows = await this.protocols.versions(
        tx,
        product,
        area,
        below === null ? null : Number(below),
        limit + 1,
      );
      const { items, next } = pageOf(rows, limit, ({ version }) => [version]);
      return { items: items.map(versionView), next };
    });
  }

  /** Keeps a new version. @throws ProtocolNotFound, ProtocolOutOfOrder, ProtocolBackdated, StaleVersion */
  change(
    actor: RequestActor,
    product: string,
    area: string,
    { reason, validFrom, ...change }: ChangeProtocol,
    read: number | undefined,
  ): Promise<ProtocolInForceView> {
    return this.database.write(actor, async (tx) => {
      await this.protocols.takeTurn(tx, product, area);
      const figures = await this.changed(tx, actor.market, product, area, change);
      const [newest] = await this.protocols.versions(tx, product, area, null, 1);
      assertFresh(newest?.version ?? 0, read);
      // Not backdated as long as it is that day anywhere; in force from its first day wherever the clinic is.
      const today = oldestDay(tx.now);
      const from = calendarDate(validFrom ?? today);
      if (from < today) throw new ProtocolBackdated({ validFrom: from, today });
      const version = (newest?.version ?? 0) + 1;
      const { release } = await this.catalogue.current(tx);
      await this.protocols.keep(tx, { version, figures, validFrom: from, reason }, release);
      await record(tx, {
        action: 'protocol.change',
        entityId: null,
        patientId: null,
        detail: { product, area, version, fields: Object.keys(change) },
      });
      const inForce = from <= newestDay(tx.now);
      await this.events.publish(tx, { product, area, version, inForce, validFrom: from });
      return this.#view(tx, actor.market, product, area);
    });
  }

  /** For a preview above, inside its transaction: what the figures would be. @throws ProtocolNotFound, ProtocolOutOfOrder */
  async changed(
    tx: Tx,
    market: string,
    product: string,
    area: string,
    change: ProtocolChange,
  ): Promise<ProtocolFigures> {
    const published = await this.#published(tx, market, product, area);
    const [newest] = await this.protocols.versions(tx, product, area, null, 1);
    const present = newest?.figures.market === market ? newest.figures : published;
    return ownFigures(published, present, change);
  }

  async #published(tx: Tx, market: string, product: string, area: string): Promise<ProtocolFigures> {
    const { products, areas } = await this.catalogue.current(tx);
    if (!products.some(({ id }) => id === product) || !areas.some(({ id }) => id === area))
      throw new ProtocolNotFound();
    return (await this.catalogue.publishedProtocol(tx, market)).figures(product, area);
  }

  async #view(tx: Tx, market: string, product: string, area: string): Promise<ProtocolInForceView> {
    await this.#published(tx, market, product, area);
    const protocol = await this.catalogue.protocolOf(tx, marketOf(market));
    const [newest] = await this.protocols.versions(tx, product, area, null, 1);
    return {
      inForce: protocolView(protocol.figures(product, area), protocol.origin(product, area)),
      newest: newest ? versionView(newest) : null,
      version: newest?.version ?? 0,
    };
  }
}

const versionView = ({ figures, ...own }: OwnVersion): ProtocolVersionView => ({
  ...own,
  figures: protocolView(figures, { origin: 'clinic', version: own.version }),
});
