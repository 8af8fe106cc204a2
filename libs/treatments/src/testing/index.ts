export * from './signed-treatment.builder.js';
