export * from './job-handler.js';
export * from './jobs.js';
export * from './jobs.module.js';
export * from './worker.js';
