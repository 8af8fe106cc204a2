import type { Readable } from 'node:stream';

import { isCalendarDate, isId } from '#kernel';

/** Where files are kept: a folder, or any store that speaks S3. It knows bytes under keys; what they are, the database says. */
export abstract class FileStore {
  /** Resolves once the bytes are kept for good. A key is written once. @throws FileStoreUnavailable */
  abstract put(key: string, bytes: Buffer, mediaType: string): Promise<void>;

  /** The bytes as they come; null when there are none under this key. @throws FileStoreUnavailable */
  abstract open(key: string): Promise<Readable | null>;

  /** Removing what is not there is no error. */
  abstract remove(key: string): Promise<void>;

  /** Every key in a folder as `fileFolder` makes them, in no order. */
  abstract list(folder: string): AsyncIterable<string>;
}

/** Folder of one clinic's files of one day: `<clinic>/<YYYY-MM-DD>/`. */
export const fileFolder = (clinicId: string, day: string): string => `${clinicId}/${day}/`;

/** Where a file is kept: the clinic leads, so that no key of one clinic ever names another's. */
export const fileKey = (clinicId: string, day: string, id: string): string =>
  `${fileFolder(clinicId, day)}${id}`;

/** The small picture beside a file. */
export const thumbKey = (key: string): string => `${key}.thumb`;

/** @throws Error for what is not ours, least of all a path that climbs out of the folder: a fault of ours, not of the caller. */
export function assertFileFolder(folder: string): void {
  const [clinicId, day, rest, ...more] = folder.split('/');
  if (!isId(clinicId) || !isCalendarDate(day) || rest !== '' || more.length > 0)
    throw new Error('This is not the folder of a day');
}

/** @throws Error as {@link assertFileFolder} */
export function assertFileKey(key: string): void {
  const name = key.slice(key.lastIndexOf('/') + 1);
  if (!isId(name.replace(/\.thumb$/, ''))) throw new Error('This is not the key of a file');
  assertFileFolder(key.slice(0, -name.length));
}
