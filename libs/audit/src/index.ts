export * from './audit.js';
export * from './signed-records.js';
