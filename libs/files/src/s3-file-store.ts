import { Readable } from 'node:stream';

import type { S3Settings } from '#config';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';

import { assertFileFolder, assertFileKey, FileStore } from './file-store.js';
import { unavailable } from './files.errors.js';

/** Files in a bucket of any store that speaks S3. */
export class S3FileStore extends FileStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor({ bucket, endpoint, region, credentials }: S3Settings) {
    super();
    this.#bucket = bucket;
    this.#client = new S3Client({
      region,
      // A store of one's own is addressed by path; and many do not know the newer checksums.
      ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      ...(credentials === null ? {} : { credentials }),
      maxAttempts: 3,
    });
  }

  async put(key: string, bytes: Buffer, mediaType: string): Promise<void> {
    assertFileKey(key);
    const object = { Bucket: this.#bucket, Key: key, Body: bytes, ContentType: mediaType };
    await this.#client.send(new PutObjectCommand(object)).catch(unavailable);
  }

  async open(key: string): Promise<Readable | null> {
    assertFileKey(key);
    try {
      const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      return Body instanceof Readable ? Body : null;
    } catch (error) {
      return error instanceof NoSuchKey ? null : unavailable(error);
    }
  }

  async remove(key: string): Promise<void> {
    assertFileKey(key);
    await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key }));
  }

  async *list(folder: string): AsyncIterable<string> {
    assertFileFolder(folder);
    const pages = paginateListObjectsV2({ client: this.#client }, { Bucket: this.#bucket, Prefix: folder });
    for await (const { Contents = [] } of pages)
      for (const { Key } of Contents) if (Key !== undefined) yield Key;
  }

  close(): void {
    this.#client.destroy();
  }
}
