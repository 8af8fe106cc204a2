export * from './domain/catalogue.js';
export * from './domain/catalogue.errors.js';
export * from './domain/protocol.js';
export * from './domain/read-catalogue.js';
export * from './domain/safety-rule.js';
export * from './seed-catalogue.js';
