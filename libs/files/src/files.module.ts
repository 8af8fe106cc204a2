import { CONFIG, type Config } from '#config';
import { Module } from '@nestjs/common';

import { FileStore } from './file-store.js';
import { FolderFileStore } from './folder-file-store.js';
import { S3FileStore } from './s3-file-store.js';

@Module({
  providers: [
    {
      provide: FileStore,
      useFactory: ({ fileStore }: Config) =>
        typeof fileStore === 'string' ? new FolderFileStore(fileStore) : new S3FileStore(fileStore),
      inject: [CONFIG],
    },
  ],
  exports: [FileStore],
})
export class FilesModule {}
