export * from './domain/addresses.js';
export * from './outbound.errors.js';
export * from './outbound.js';
export * from './outbound.module.js';
export * from './pinned-lookup.js';
