export * from './domain/clearance.js';
export * from './domain/consultations.errors.js';
export * from './domain/safety-check.js';
export * from './domain/screening.js';
