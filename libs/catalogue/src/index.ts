export * from './domain/catalogue.js';
export * from './domain/catalogue.errors.js';
export * from './domain/protocol.js';
