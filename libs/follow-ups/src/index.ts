export * from './domain/follow-up-status.js';
export * from './domain/follow-ups.errors.js';
export * from './domain/outcome.js';
export * from './domain/planned-follow-ups.js';
export * from './domain/touch-up.js';
