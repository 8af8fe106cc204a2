export * from './file-store.js';
export { FileStoreUnavailable } from './files.errors.js';
export * from './files.module.js';
export * from './folder-file-store.js';
