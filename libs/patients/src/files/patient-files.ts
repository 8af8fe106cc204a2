import { type Actor, Database, type Tx } from '#database';
import { fileKey, FileStore, thumbKey } from '#files';
import type { FileAnswer, UploadedFile } from '#http';
import { Clock, newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { type OpenRecord, PatientRecords } from '../patient-records.js';
import { FileGone } from './files.errors.js';
import { type PreparedFile, THUMB_TYPE } from './prepared-file.js';
import { type StoredFile, StoredFilesRepository } from './stored-files.repository.js';

/** What a record knows of the file it shows. */
export interface FileOfRecord {
  readonly key: string;
  readonly thumbKey: string | null;
  readonly mediaType: string;
  readonly sha256: string;
}

/** How a file comes to a patient's record and is shown from it. */
@Injectable()
export class PatientFiles {
  constructor(
    private readonly database: Database,
    private readonly records: PatientRecords,
    private readonly files: StoredFilesRepository,
    private readonly store: FileStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Stores a file and writes the record that names it. The store comes first and outside the transaction, so that no
   * connection waits for it; a file whose record did not come to be is removed, at the latest by the nightly job.
   * @throws PatientNotFound, PatientMerged, FileTypeRefused, FileUnreadable, and whatever `work` refuses
   */
  async keep<T>(
    actor: Actor,
    patientId: string,
    { bytes: sent, sha256: sentSha256 }: UploadedFile,
    prepare: (sent: Buffer) => Promise<PreparedFile>,
    work: (tx: Tx, fileId: string, open: OpenRecord) => Promise<T>,
  ): Promise<T> {
    await this.database.read(actor, (tx) => this.records.open(tx, patientId));
    const { bytes, thumb, ...prepared } = await prepare(sent);
    const id = newId();
    const key = fileKey(actor.clinicId, this.clock.now().toISOString().slice(0, 10), id);
    const small = thumb === null ? null : thumbKey(key);
    const file: StoredFile = { ...prepared, id, key, thumbKey: small, bytes: bytes.length, sentSha256 };
    try {
      await this.store.put(key, bytes, prepared.mediaType);
      if (thumb !== null) await this.store.put(thumbKey(key), thumb, THUMB_TYPE);
      return await this.database.write(actor, async (tx) => {
        const open = await this.records.open(tx, patientId);
        await this.files.keep(tx, file);
        return work(tx, id, open);
      });
    } catch (error) {
      await Promise.allSettled([this.store.remove(key), this.store.remove(thumbKey(key))]);
      throw error;
    }
  }

  /** Opens a file, or only says that `held` is still right. @throws FileGone when the store lost it */
  async show(file: FileOfRecord, id: string, small: boolean, held: string | null): Promise<FileAnswer> {
    const key = small ? (file.thumbKey ?? file.key) : file.key;
    const mediaType = key === file.thumbKey ? THUMB_TYPE : file.mediaType;
    const name = `${id}.${mediaType.slice(mediaType.indexOf('/') + 1)}`;
    if (held === file.sha256) return { mediaType, sha256: file.sha256, name, content: null };
    const content = await this.store.open(key);
    if (content === null) throw new FileGone();
    return { mediaType, sha256: file.sha256, name, content };
  }
}
