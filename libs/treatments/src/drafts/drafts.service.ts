import { record } from '#audit';
import { assertFresh } from '#http';
import type { RequestActor } from '#identity';
import { Injectable } from '@nestjs/common';

import { BeginningRules } from '../beginning-rules.js';
import { Charts } from '../charts.js';
import type { FillDraft, SaveDraft } from '../http/treatment.dto.js';
import type { TreatmentView } from '../http/treatment.view.js';
import { TreatmentsRepository } from '../treatments.repository.js';
import { TreatmentsService } from '../treatments.service.js';
import { Filling } from './filling.js';

/** A draft as a whole: saved while charting, or filled from elsewhere. */
@Injectable()
export class DraftsService {
  constructor(
    private readonly drafts: TreatmentsService,
    private readonly treatments: TreatmentsRepository,
    private readonly charts: Charts,
    private readonly rules: BeginningRules,
    private readonly filling: Filling,
  ) {}

  /** Replaces points, note and record. @throws as charting (ReinjectionTooEarly too), and StaffNotFound */
  save(actor: RequestActor, id: string, saved: SaveDraft, read: number | undefined): Promise<TreatmentView> {
    return this.drafts.changingDraft(actor, id, async (tx, draft) => {
      assertFresh(draft.version, read);
      await this.rules.assertRecord(tx, saved.record);
      await this.rules.assertRested(tx, draft, saved.injections);
      await this.treatments.keepRecord(tx, id, saved.note, saved.record);
      const guarded = await this.charts.keep(tx, draft, saved.injections, actor.market);
      await record(tx, { action: 'treatment.save', entityId: id, patientId: draft.patientId });
      return { guarded };
    });
  }

  /** Replaces the points by those of a template or an earlier treatment. @throws as charting and filling */
  fill(actor: RequestActor, id: string, fill: FillDraft, read: number | undefined): Promise<TreatmentView> {
    return this.drafts.changingDraft(actor, id, async (tx, draft) => {
      assertFresh(draft.version, read);
      const points = await this.filling.points(tx, draft.patientId, fill);
      await this.rules.assertRested(tx, draft, points);
      const guarded = await this.charts.keep(tx, draft, points, actor.market);
      await record(tx, { action: 'treatment.fill', entityId: id, patientId: draft.patientId });
      return { guarded };
    });
  }
}
