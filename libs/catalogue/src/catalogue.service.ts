import { Database, type Tx } from '#database';
import type { RequestActor } from '#identity';
import { newestDay } from '#kernel';
import { Injectable } from '@nestjs/common';

import { CatalogueRepository } from './catalogue.repository.js';
import { isLicensed, isMarket, type Market, type Product } from './domain/catalogue.js';
import { ProductNotFound } from './domain/catalogue.errors.js';
import { labelTable } from './domain/label.js';
import {
  pairsInForce,
  protocolInForce,
  type ProtocolInForce,
  type PublishedCatalogue,
} from './domain/protocol-in-force.js';
import type { CatalogueView } from './http/catalogue.dto.js';
import type { FindLabels, LabelTableView } from './http/label.dto.js';
import type { ProductView } from './http/product.dto.js';
import type { SafetyRulesView } from './http/safety-rules.dto.js';
import { overview, productView, safetyRuleView, sourcesOf } from './http/catalogue.views.js';
import type { ProtocolsView } from './http/protocol.dto.js';
import { protocolView } from './http/protocol.views.js';

/** The clinical facts in force: as published, and as a clinic decided in their place. */
@Injectable()
export class CatalogueService {
  readonly #published = new Map<string, ProtocolInForce>();

  constructor(
    private readonly database: Database,
    private readonly repository: CatalogueRepository,
  ) {}

  /** What the market's clinics may work with. */
  overview(actor: RequestActor): Promise<CatalogueView> {
    return this.database.read(actor, async (tx) => overview(await this.current(tx), marketOf(actor.market)));
  }

  /** @throws ProductNotFound */
  product(actor: RequestActor, id: string): Promise<ProductView> {
    return this.database.read(actor, async (tx) => {
      const catalogue = await this.current(tx);
      const product = catalogue.products.find((candidate) => candidate.id === id);
      if (!product) throw new ProductNotFound();
      return productView(catalogue, product);
    });
  }

  safetyRules(actor: RequestActor): Promise<SafetyRulesView> {
    const market = marketOf(actor.market);
    return this.database.read(actor, async (tx) => {
      const catalogue = await this.current(tx);
      const rules = catalogue.safetyRules.map((rule) => safetyRuleView(rule, market));
      const { release, version } = catalogue;
      return { release, version, market, rules, sources: sourcesOf(catalogue, rules) };
    });
  }

  /** The table product × market × area of the newest release, narrowed to what is asked for. */
  labels(actor: RequestActor, { market, product, area }: FindLabels): Promise<LabelTableView> {
    return this.database.read(actor, async (tx) => {
      const catalogue = await this.current(tx);
      const items = labelTable(catalogue).filter(
        (cell) =>
          (market === undefined || cell.market === market) &&
          (product === undefined || cell.product === product) &&
          (area === undefined || cell.area === area),
      );
      return {
        release: catalogue.release,
        items: items.map((cell) => ({ ...cell, sources: [...cell.sources] })),
      };
    });
  }

  /** The figures per product and area that this clinic works by today. */
  protocols(actor: RequestActor): Promise<ProtocolsView> {
    const market = marketOf(actor.market);
    return this.database.read(actor, async (tx) => {
      const catalogue = await this.current(tx);
      const own = await this.repository.own(tx, today(tx));
      const protocol = protocolInForce(catalogue, market, own);
      const licensed = licensedIn(catalogue, market).map(({ id }) => id);
      const items = pairsInForce(catalogue, licensed, own).map(({ product, area }) =>
        protocolView(protocol.figures(product, area), protocol.origin(product, area)),
      );
      return { version: protocol.version, market, items, sources: sourcesOf(catalogue, items) };
    });
  }

  /** The newest release, for other contexts inside their transaction. @throws CatalogueNotPublished */
  current(tx: Tx): Promise<PublishedCatalogue> {
    return this.repository.newest(tx);
  }

  /** The market's figures as published, whatever a clinic decided. @throws CatalogueNotPublished */
  async publishedProtocol(tx: Tx, market: string): Promise<ProtocolInForce> {
    const catalogue = await this.current(tx);
    const key = `${catalogue.release} ${market}`;
    const known = this.#published.get(key) ?? protocolInForce(catalogue, marketOf(market));
    this.#published.set(key, known);
    return known;
  }

  /** The figures this clinic works by: its own newest valid ones over the published. @throws CatalogueNotPublished */
  async protocolOf(tx: Tx, market: string): Promise<ProtocolInForce> {
    const own = await this.repository.own(tx, today(tx));
    if (own.length === 0) return this.publishedProtocol(tx, market);
    return protocolInForce(await this.current(tx), marketOf(market), own);
  }
}

const licensedIn = ({ products }: PublishedCatalogue, market: Market): Product[] =>
  products.filter((product) => isLicensed(product, market));

// A figure holds from its first day wherever the clinic is, so the day begins where days begin first.
const today = (tx: Tx) => newestDay(tx.now);

/** A clinic's market as the catalogue knows it; another one is a fault of ours, since the database refuses it. */
export function marketOf(text: string): Market {
  if (!isMarket(text)) throw new Error('A clinic is in a market of the catalogue');
  return text;
}
