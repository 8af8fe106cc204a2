import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import { CatalogueNotPublished } from './domain/catalogue.errors.js';
import type { ClinicFigures, PublishedCatalogue } from './domain/protocol-in-force.js';
import { readCatalogue } from './domain/read-catalogue.js';
import { readFigures } from './read-figures.js';

const NEWEST = sql('SELECT version FROM catalogue_release ORDER BY version DESC LIMIT 1');
const DOCUMENT = sql('SELECT document FROM catalogue_release WHERE version = $1');

const OWN = sql(`
  SELECT DISTINCT ON (product_id, area_id) version, figures
    FROM protocol WHERE clinic_id = $1 AND valid_from <= $2
   ORDER BY product_id, area_id, version DESC`);

@Injectable()
export class CatalogueRepository {
  #read: PublishedCatalogue | undefined;

  /** The newest release; read and checked once a process and release. @throws CatalogueNotPublished */
  async newest(tx: Tx): Promise<PublishedCatalogue> {
    const newest = await tx.maybe<{ version: number }>(NEWEST);
    if (!newest) throw new CatalogueNotPublished();
    if (this.#read?.release === newest.version) return this.#read;
    const { document } = await tx.one<{ document: unknown }>(DOCUMENT, [newest.version]);
    this.#read = { ...readCatalogue(document), release: newest.version };
    return this.#read;
  }

  /** The clinic's own figures that hold on a day, the newest version of each product and area. */
  async own(tx: Tx, on: CalendarDate): Promise<ClinicFigures[]> {
    const rows = await tx.rows<{ version: number; figures: unknown }>(OWN, [tx.clinicId, on]);
    return rows.map(({ version, figures }) => ({ version, figures: readFigures(figures) }));
  }
}
