export * from './message-gateway.js';
export * from './message-languages.js';
export * from './messages.module.js';
