import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

import { assertFileFolder, assertFileKey, FileStore } from './file-store.js';
import { unavailable } from './files.errors.js';

const UNDER_WAY = '.part';

/** Files in a folder of this machine, readable by the service alone. */
export class FolderFileStore extends FileStore {
  constructor(private readonly folder: string) {
    super();
  }

  /** Written beside and renamed, so that nobody ever reads half a file. */
  async put(key: string, bytes: Buffer): Promise<void> {
    await this.#write(this.#path(key), bytes).catch(unavailable);
  }

  async open(key: string): Promise<Readable | null> {
    const path = this.#path(key);
    try {
      return (await open(path, 'r')).createReadStream();
    } catch (error) {
      return isAbsent(error) ? null : unavailable(error);
    }
  }
  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  async *list(folder: string): AsyncIterable<string> {
    assertFileFolder(folder);
    const names = await readdir(join(this.folder, folder)).catch((error: unknown) => {
      if (isAbsent(error)) return [];
      throw error;
    });
    for (const name of names) if (!name.endsWith(UNDER_WAY)) yield `${folder}${name}`;
  }

  async #write(path: string, bytes: Buffer): Promise<void> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const part = `${path}.${randomUUID()}${UNDER_WAY}`;
    try {
      const file = await open(part, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  #path(key: string): string {
    assertFileKey(key);
    return join(this.folder, key);
  }
}

const isAbsent = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
