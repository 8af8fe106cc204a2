import { record } from '#audit';
import { CatalogueService, productOf } from '#catalogue';
import { Database } from '#database';
import { pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { isId, isInstant } from '#kernel';
import { PatientsService } from '#patients';
import { Injectable } from '@nestjs/common';

import { replay } from '../domain/kept-windows.js';
import { UnknownFigures, WindowNotFound } from '../domain/repeat-visits.errors.js';
import { explanationView } from '../http/repeat-visits.views.js';
import type { FindKeptWindows, KeptWindowPage, KeptWindowView } from './http/kept-windows.dto.js';
import { KeptWindowsQueries } from './kept-windows.queries.js';
import { WindowFiguresQueries } from './window-figures.queries.js';

/** What a patient was told, and why, however long ago. */
@Injectable()
export class KeptWindowsService {
  constructor(
    private readonly database: Database,
    private readonly patients: PatientsService,
    private readonly windows: KeptWindowsQueries,
    private readonly figures: WindowFiguresQueries,
    private readonly catalogue: CatalogueService,
  ) {}

  /** Every window of a patient, newest first. @throws PatientNotFound */
  list(actor: RequestActor, patientId: string, { limit, after }: FindKeptWindows): Promise<KeptWindowPage> {
    const key = readCursor(after, [isInstant, isId]);
    return this.database.read(actor, async (tx) => {
      await this.patients.require(tx, patientId);
      const place = key && { issuedAt: String(key[0]), id: String(key[1]) };
      const rows = await this.windows.list(tx, patientId, place, limit + 1);
      await record(tx, { action: 'repeat-visits.read', entityId: patientId, patientId });
      const { items, next } = pageOf(rows, limit, ({ issuedAt, id }) => [issuedAt.toISOString(), id]);
      return { items: [...items], next };
    });
  }

  /**
   * One window with its input and its whole explanation, computed again from that input: the same bytes as on the day
   * it was issued. @throws PatientNotFound, WindowNotFound, UnknownFigures
   */
  read(actor: RequestActor, patientId: string, id: string): Promise<KeptWindowView> {
    return this.database.read(actor, async (tx) => {
      await this.patients.require(tx, patientId);
      const kept = await this.windows.one(tx, patientId, id);
      if (!kept) throw new WindowNotFound();
      if (!('won' in kept.outcome)) throw new UnknownFigures({ area: kept.area });
      const { input, outcome, ...window } = kept;
      const { assessedOn, doses, figures, personalInterval, formula } = input;
      const known = await this.figures.of(tx, Object.values(figures));
      const again = replay(kept, (hash) => known.get(hash), assessedOn);
      const catalogue = await this.catalogue.current(tx);
      await record(tx, { action: 'repeat-visits.read', entityId: id, patientId });
      return {
        ...window,
        assessedOn,
        input: {
          formula,
          personalInterval,
          figures: { ...figures },
          doses: doses.map(([treatedOn, product, kind, treatmentId]) => ({
            treatedOn,
            product,
            kind,
            treatmentId,
          })),
        },
        won: [...outcome.won],
        personal: outcome.personal,
        explanation: explanationView(again.explanation, (product) => productOf(catalogue, product).inn),
      };
    });
  }
}
