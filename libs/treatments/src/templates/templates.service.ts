import { record } from '#audit';
import { areaOf, CatalogueService, productOf } from '#catalogue';
import { Database, sqlState, violatedConstraint, type Tx } from '#database';
import { assertFresh, pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { isId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { dose } from '../domain/dose/dose.js';
import { TemplateNameTaken, TemplateNotFound } from '../domain/drafts.errors.js';
import type { KeepTemplate, ListTemplates, TemplatePage, TemplateView } from './http/template.dto.js';
import { TemplatesRepository } from './templates.repository.js';

const FIRST = '00000000-0000-0000-0000-000000000000';

/** A practitioner's usual points: "my usual upper face". */
@Injectable()
export class TemplatesService {
  constructor(
    private readonly database: Database,
    private readonly templates: TemplatesRepository,
    private readonly catalogue: CatalogueService,
  ) {}

  list(actor: RequestActor, { limit, after }: ListTemplates): Promise<TemplatePage> {
    const [from = FIRST] = readCursor(after, [isId]) ?? [];
    return this.database.read(actor, async (tx) => {
      const { items, next } = pageOf(await this.templates.list(tx, String(from), limit), limit, ({ id }) => [
        id,
      ]);
      return { items, next };
    });
  }

  /** @throws TemplateNotFound */
  read(actor: RequestActor, id: string): Promise<TemplateView> {
    return this.database.read(actor, async (tx) => (await this.templates.read(tx, id)) ?? notFound());
  }

  /** @throws TemplateNameTaken, UnknownArea, UnknownProduct, NotADose */
  add(actor: RequestActor, { name, points }: KeepTemplate): Promise<TemplateView> {
    return this.database.write(actor, async (tx) => {
      await this.#assertPoints(tx, points);
      const added = await this.templates.add(tx, name, points);
      if (!added) throw new TemplateNameTaken();
      await record(tx, { action: 'treatment-template.add', entityId: added.id, patientId: null });
      return added;
    });
  }

  /** Replaces name and points. @throws TemplateNotFound, TemplateNameTaken, StaleVersion, UnknownArea, UnknownProduct, NotADose */
  async change(
    actor: RequestActor,
    id: string,
    { name, points }: KeepTemplate,
    read: number | undefined,
  ): Promise<TemplateView> {
    try {
      return await this.database.write(actor, async (tx) => {
        assertFresh((await this.templates.lock(tx, id)) ?? notFound(), read);
        await this.#assertPoints(tx, points);
        await record(tx, { action: 'treatment-template.change', entityId: id, patientId: null });
        return this.templates.change(tx, id, name, points);
      });
    } catch (error) {
      const isTaken =
        sqlState(error) === '23505' && violatedConstraint(error) === 'treatment_template_name_once';
      throw isTaken ? new TemplateNameTaken() : error;
    }
  }

  /** @throws TemplateNotFound */
  remove(actor: RequestActor, id: string): Promise<void> {
    return this.database.write(actor, async (tx) => {
      if (!(await this.templates.remove(tx, id))) notFound();
      await record(tx, { action: 'treatment-template.remove', entityId: id, patientId: null });
    });
  }

  async #assertPoints(tx: Tx, points: KeepTemplate['points']): Promise<void> {
    const catalogue = await this.catalogue.current(tx);
    for (const { area, product, units } of points) {
      areaOf(catalogue, area);
      dose(productOf(catalogue, product).id, units);
    }
  }
}

function notFound(): never {
  throw new TemplateNotFound();
}
