export * from './patients-on.js';
