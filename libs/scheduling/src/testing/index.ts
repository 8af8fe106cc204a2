export * from './desk.builder.js';
export * from './scheduling-on.js';
