export * from './cleared-consultation.builder.js';
