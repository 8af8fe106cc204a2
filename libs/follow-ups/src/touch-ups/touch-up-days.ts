import { CatalogueService } from '#catalogue';
import type { Tx } from '#database';
import { ClinicsService } from '#identity';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import { decideTouchUp, type TouchUp } from '../domain/touch-up.js';
import type { LockedFollowUp } from '../follow-ups.repository.js';

/** Whether and when the clinic gives touch-ups. */
@Injectable()
export class TouchUpDays {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly clinics: ClinicsService,
  ) {}

  /** @throws what decideTouchUp throws */
  async decide(
    tx: Tx,
    { treatmentId, treatedOn, areas }: LockedFollowUp,
    plannedOn: CalendarDate,
    approvedBy: string | null,
  ): Promise<TouchUp> {
    const { market, touchUpsAllowed } = await this.clinics.settings(tx);
    const protocol = await this.catalogue.protocolOf(tx, market);
    const { products } = await this.catalogue.current(tx);
    const [product, area] = [products[0]?.id ?? '', areas[0] ?? ''];
    const figure = protocol.figures(product, area).touchUp;
    // Follow-ups exist of full treatments only; the days are the clinic's, the same for every product.
    const treatment = { id: treatmentId, treatedOn, kind: 'full' as const };
    return decideTouchUp({ treatment, plannedOn, approvedBy }, figure, touchUpsAllowed);
  }
}
