export * from './actor.js';
export * from './database.errors.js';
export * from './database.js';
export * from './database.module.js';
export * from './pool.js';
export * from './request-context.js';
export * from './statement.js';
export * from './tx.js';
