export * from './audit.js';
export * from './audit.module.js';
export { recordDifferences } from './domain/record-differences.js';
export type { SealKeys } from './domain/seal.js';
export { SealAudit } from './jobs/seal-audit.job.js';
export { SealsService, type Anchor } from './seals/seals.service.js';
export * from './seals/verification.js';
export * from './signed-records.js';
