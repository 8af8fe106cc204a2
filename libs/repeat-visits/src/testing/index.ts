export * from './clinic-at-work.js';
