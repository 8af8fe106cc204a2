export * from './clinics.service.js';
export * from './domain/identity.errors.js';
export * from './domain/permissions.js';
export * from './identity.module.js';
export * from './passwords.js';
export * from './request-actor.js';
export * from './requires.js';
export { SessionsService } from './sessions.service.js';
export * from './staff.service.js';
