import { refusal } from '#kernel';
import { Logger } from '@nestjs/common';

export class FileStoreUnavailable extends refusal({
  code: 'file_store_unavailable',
  kind: 'unavailable',
  title: 'The store of files cannot be reached right now; nothing was changed',
}) {}

const log = new Logger('Files');

/** For what a store could not do. Only the kind of failure is logged: a key names a clinic. @throws FileStoreUnavailable */
export function unavailable(error: unknown): never {
  const { name, code } =
    error instanceof Error
      ? { code: undefined, ...error, name: error.name }
      : { name: 'unknown', code: undefined };
  log.error(`The store of files failed: ${name}${code === undefined ? '' : ` ${String(code)}`}`);
  throw new FileStoreUnavailable();
}
