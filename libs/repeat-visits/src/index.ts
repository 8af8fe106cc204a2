export * from './domain/explanation.js';
export * from './domain/forecast.js';
export { type Dose, DOSE_KINDS, type DoseKind } from './domain/history.js';
export * from './domain/protocol.js';
export * from './domain/repeat-visits.errors.js';
export * from './domain/suppression.js';
export * from './domain/window-status.js';
export * from './repeat-visits.module.js';
export { type Issued, WindowsService } from './windows.service.js';
