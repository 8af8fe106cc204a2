import { CatalogueService } from '#catalogue';
import type { Tx } from '#database';
import { ClinicsService } from '#identity';
import { Injectable } from '@nestjs/common';

import { FORMULA_VERSION } from './domain/explanation.js';
import type { ForecastOptions } from './domain/forecast.js';
import type { Protocol } from './domain/protocol.js';

/** What a clinic's windows are computed by now. */
export interface InForce {
  readonly market: string;
  readonly protocol: Protocol;
  readonly options: ForecastOptions;
  /** Names all of it: windows of the same doses by the same basis are the same. */
  readonly basis: string;
}

/** The clinic's figures and its own choices together. */
@Injectable()
export class FiguresInForce {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly clinics: ClinicsService,
  ) {}

  /** @throws CatalogueNotPublished */
  async of(tx: Tx): Promise<InForce> {
    const { market, personalIntervals } = await this.clinics.settings(tx);
    const protocol = await this.catalogue.protocolOf(tx, market);
    const basis = `${FORMULA_VERSION} ${protocol.version}${personalIntervals ? ' personal' : ''}`;
    return { market, protocol, options: { personalInterval: personalIntervals }, basis };
  }
}
