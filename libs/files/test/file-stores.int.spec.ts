import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
  fileFolder,
  fileKey,
  type FileStore,
  FileStoreUnavailable,
  FolderFileStore,
  thumbKey,
} from '../src/index.js';
import { S3FileStore } from '../src/s3-file-store.js';
import { S3Server } from '../src/testing/index.js';

describe('where files are kept', () => {
  let folder: string;
  let server: S3Server;
  let s3: S3FileStore;
  let stores: Record<string, FileStore>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'files-'));
    server = await S3Server.start();
    const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };
    s3 = new S3FileStore({
      bucket: 'photos',
      endpoint: server.endpoint,
      region: 'eu-central-1',
      credentials,
    });
    stores = { folder: new FolderFileStore(folder), bucket: s3 };
  });
  afterAll(async () => {
    s3.close();
    await server.stop();
    await rm(folder, { recursive: true });
  });
  const storeOf = (name: string): FileStore => {
    const store = stores[name];
    if (!store) throw new Error(`No such store: ${name}`);
    return store;
  };
  const keysOf = async (store: FileStore, day: string): Promise<string[]> => {
    const keys: string[] = [];
    for await (const key of store.list(day)) keys.push(key);
    return keys.toSorted();
  };
  const read = async (store: FileStore, key: string): Promise<Buffer | null> => {
    const content = await store.open(key);
    return content && buffer(content);
  };

  describe.each(['folder', 'bucket'])('a %s', (name) => {
    it('gives back what it was given, and forgets it when told to', async () => {
      const [store, key] = [storeOf(name), fileKey(newId(), '2026-11-27', newId())];
      const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251));
      await store.put(key, bytes, 'image/jpeg');
      expect(await read(store, key)).toEqual(bytes);
      await store.remove(key);
      expect(await store.open(key)).toBeNull();
      await store.remove(key);
    });

    it('lists what lies in a clinic’s day, and nothing of another clinic or day', async () => {
      const [store, clinic] = [storeOf(name), newId()];
      const keys = Array.from({ length: 5 }, () => fileKey(clinic, '2026-11-27', newId()));
      const others = [fileKey(clinic, '2026-11-28', newId()), fileKey(newId(), '2026-11-27', newId())];
      for (const key of [...keys, thumbKey(keys[0] ?? ''), ...others])
        await store.put(key, Buffer.from('x'), 'image/png');
      const listed = await keysOf(store, fileFolder(clinic, '2026-11-27'));
      expect(listed).toEqual([...keys, thumbKey(keys[0] ?? '')].toSorted());
      expect(await keysOf(store, fileFolder(newId(), '2026-11-27'))).toEqual([]);
    });

    it.each([
      '../../etc/passwd',
      `${newId()}/2026-11-27/../x`,
      `${newId()}/2026-02-30/${newId()}`,
      `/${newId()}`,
      '',
    ])('does not touch %j', async (key) => {
      const store = storeOf(name);
      await expect(store.put(key, Buffer.from('x'), 'image/png')).rejects.toThrow('This is not the');
      await expect(store.open(key)).rejects.toThrow('This is not the');
      await expect(store.remove(key)).rejects.toThrow('This is not the');
    });
  });

  it('lets nobody else on the machine read the folder, and leaves no half-written files', async () => {
    const [clinic, id] = [newId(), newId()];
    const store = storeOf('folder');
    const key = fileKey(clinic, '2026-11-27', id);
    await Promise.all(Array.from({ length: 5 }, () => store.put(key, Buffer.alloc(50_000, 7), 'image/png')));
    expect(await readdir(join(folder, clinic, '2026-11-27'))).toEqual([id]);
    expect((await stat(join(folder, key))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, clinic))).mode & 0o777).toBe(0o700);
  });

  it('says that it is away, and no more, when it is', async () => {
    const key = fileKey(newId(), '2026-11-27', newId());
    const nowhere = { bucket: 'photos', endpoint: 'http://127.0.0.1:1', region: 'eu-central-1' };
    const bucket = new S3FileStore({
      ...nowhere,
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    });
    const blocked = new FolderFileStore(join(folder, 'a-file'));
    await writeFile(join(folder, 'a-file'), 'in the way');
    for (const store of [bucket, blocked]) {
      await expect(store.put(key, Buffer.from('x'), 'image/png')).rejects.toThrow(FileStoreUnavailable);
      await expect(store.open(key)).rejects.toThrow(FileStoreUnavailable);
    }
    bucket.close();
  });

  it('asks a busy bucket again', async () => {
    const key = fileKey(newId(), '2026-11-27', newId());
    server.failing = 1;
    await s3.put(key, Buffer.from('x'), 'image/png');
    expect(server.objects.get(key)?.mediaType).toBe('image/png');
  });
});
