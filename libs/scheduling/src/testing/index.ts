export * from './desk.builder.js';
export * from './scheduling-on.js';
export * from './waitlist-queue.js';
