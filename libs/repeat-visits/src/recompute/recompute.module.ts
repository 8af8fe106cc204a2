import { CatalogueModule } from '#catalogue';
import { ClinicsService } from '#identity';
import { PatientsModule } from '#patients';
import { TreatmentHistory } from '#treatments';
import { Module } from '@nestjs/common';

import { FiguresInForce } from '../figures-in-force.js';
import { OverridesRepository } from '../overrides/overrides.repository.js';
import { UnitedHistory } from '../united-history.js';
import { WindowBasisRepository } from '../window-basis.repository.js';
import { WindowEvents } from '../window-events.port.js';
import { WindowsRepository } from '../windows.repository.js';
import { WindowsService } from '../windows.service.js';
import { BulkWindows } from './bulk-windows.js';
import { HistoriesRepository } from './histories.repository.js';
import { RecomputeWindows } from './recompute.job.js';
import { RecomputesRepository } from './recomputes.repository.js';
import { RecomputesService } from './recomputes.service.js';
import { RestateWindows } from './restate.job.js';
import { WindowsOfPiece } from './windows-of-piece.js';

/** Windows kept and recomputed, without anything of HTTP: what the worker needs, and the service builds on. */
@Module({
  imports: [CatalogueModule, PatientsModule],
  providers: [
    ClinicsService,
    TreatmentHistory,
    FiguresInForce,
    UnitedHistory,
    WindowBasisRepository,
    WindowsRepository,
    OverridesRepository,
    WindowsService,
    WindowEvents,
    HistoriesRepository,
    RecomputesRepository,
    WindowsOfPiece,
    BulkWindows,
    RecomputesService,
    RecomputeWindows,
    RestateWindows,
  ],
  exports: [
    FiguresInForce,
    UnitedHistory,
    WindowsRepository,
    OverridesRepository,
    WindowsService,
    WindowEvents,
    RecomputesService,
    RecomputeWindows,
    RestateWindows,
  ],
})
export class RecomputeModule {}
