export * from './calendar-date.js';
export * from './clock.js';
export * from './content-hash.js';
export * from './domain-error.js';
export * from './ids.js';
export * from './interval.js';
export * from './wall-time.js';
