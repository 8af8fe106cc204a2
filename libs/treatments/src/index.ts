export * from './domain/content-hash.js';
export * from './domain/dose/dose.js';
export * from './domain/dose/dose-finding.js';
export * from './domain/dose/dose-guard.js';
export type { PastDose } from './domain/dose/dose-timing.js';
export * from './domain/gs1/gs1.js';
export * from './domain/touch-up.js';
export * from './domain/treatment-status.js';
export * from './domain/treatments.errors.js';
