export { ClearancesService, type ConsultationRecord, type HeldClearance } from './clearances.service.js';
export * from './consultations.module.js';
export * from './domain/clearance.js';
export * from './domain/consultations.errors.js';
export * from './domain/safety-check.js';
export * from './domain/screening.js';
export * from './domain/severity.js';
export * from './patient-holds.queries.js';
export { ConsultationRecordsRepository } from './records/consultation-records.repository.js';
