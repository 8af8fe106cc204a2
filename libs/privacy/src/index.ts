export { ERASURE_POLICY } from './domain/erasure-policy.js';
export * from './domain/privacy.errors.js';
export { CertificatesRepository } from './erasures/certificates.repository.js';
export { RemoveErasedFiles } from './erasures/remove-erased-files.job.js';
export { MakeExport } from './exports/make-export.job.js';
export * from './privacy.module.js';
export { RetentionRun } from './retention/retention-run.job.js';
