export * from './message-gateway.js';
export * from './messages.module.js';
