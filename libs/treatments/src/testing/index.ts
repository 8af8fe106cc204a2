export * from './recorded.js';
export * from './signed-treatment.builder.js';
