export {
  isIndexTreatment,
  returnCycles,
  type Departure,
  type RecordedTreatment,
  type ReturnCycle,
  type ReturnQuestion,
  type ReturnScope,
} from './domain/return-cycles.js';
export {
  returnRate,
  type CohortCell,
  type CohortPeriod,
  type ReturnCohort,
  type ReturnRate,
} from './domain/return-cohorts.js';
export {
  RETURN_HORIZONS,
  returnFigures,
  type MaturedReturn,
  type MedianReturn,
  type ReturnFigures,
  type ReturnHorizon,
  type ReturnIncidence,
  type ReturnProbability,
  type Unsaid,
} from './domain/return-rate.js';
export * from './domain/reports.errors.js';
export { startsWith, type ReturnFilter, type TreatmentFacts } from './domain/return-filter.js';
export * from './reports.module.js';
export * from './return-rate.service.js';
export { CoursesRepository } from './courses/courses.repository.js';
export { CoursesService } from './courses/courses.service.js';
export { MendReturnCourses } from './courses/mend-courses.job.js';
export * from './documents/documents.errors.js';
export { ForgetReportDocuments } from './documents/forget-documents.job.js';
export { MakeReportDocument } from './documents/make-document.job.js';
export {
  clusteredLogRank,
  type ClusteredLogRank,
} from './domain/statistics/comparison/clustered-log-rank.js';
export { simulateClinics, type Coverage } from './domain/statistics/simulated-clinics.js';
