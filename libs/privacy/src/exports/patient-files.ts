import { buffer } from 'node:stream/consumers';

import { FileStore } from '#files';
import { Injectable } from '@nestjs/common';

import type { PatientRows } from '../rows/patient-rows.repository.js';

export interface PatientFile {
  readonly id: string;
  readonly name: string;
  /** null for one the store no longer has. */
  readonly content: Uint8Array | null;
}

/** A patient's photos and documents, as the store of files keeps them. */
@Injectable()
export class PatientFiles {
  constructor(private readonly store: FileStore) {}

  /** @throws FileStoreUnavailable */
  async read(rows: PatientRows['rows']): Promise<PatientFile[]> {
    const files: PatientFile[] = [];
    for (const { id, key, media_type: mediaType } of rows.get('stored_file') ?? []) {
      const content = await this.store.open(String(key));
      const ending = String(mediaType).split('/').at(-1) ?? 'bin';
      files.push({
        id: String(id),
        name: `${String(id)}.${ending}`,
        content: content && (await buffer(content)),
      });
    }
    return files;
  }
}
