import { CatalogueService } from '#catalogue';
import type { Tx } from '#database';
import { ClinicsService } from '#identity';
import type { CalendarDate } from '#kernel';
import { assertTouchUpDay } from '#treatments';
import { Injectable } from '@nestjs/common';

import type { LockedFollowUp } from '../follow-ups.repository.js';

/** Whether and when the clinic gives touch-ups. */
@Injectable()
export class TouchUpDays {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly clinics: ClinicsService,
  ) {}

  /** The rule that sets the days, if this is one of them. @throws TouchUpsSwitchedOff, TouchUpTooEarly, TouchUpTooLate */
  async ruleOn(tx: Tx, { treatedOn, areas }: LockedFollowUp, plannedOn: CalendarDate): Promise<string> {
    const { market, touchUpsAllowed } = await this.clinics.settings(tx);
    const protocol = await this.catalogue.protocolOf(tx, market);
    const { products } = await this.catalogue.current(tx);
    // The days are the clinic's, the same for every product.
    const { fromDay, toDay, ruleId } = protocol.figures(products[0]?.id ?? '', areas[0] ?? '').touchUp;
    assertTouchUpDay({ enabled: touchUpsAllowed, fromDay, toDay }, treatedOn, plannedOn);
    return ruleId;
  }
}
