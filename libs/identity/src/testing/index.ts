export * from './clinic.builder.js';
