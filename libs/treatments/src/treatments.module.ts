import { Module } from '@nestjs/common';

import { TreatmentEvents } from './treatment-events.port.js';
import { TreatmentHistory } from './treatment-history.queries.js';

@Module({
  providers: [TreatmentEvents, TreatmentHistory],
  exports: [TreatmentEvents, TreatmentHistory],
})
export class TreatmentsModule {}
