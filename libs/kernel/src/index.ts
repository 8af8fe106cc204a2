export * from './calendar-date.js';
export * from './clock.js';
export * from './domain-error.js';
export * from './ids.js';
export * from './interval.js';
export * from './wall-time.js';
