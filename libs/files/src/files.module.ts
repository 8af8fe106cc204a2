import { CONFIG, type Config } from '#config';
import { Module } from '@nestjs/common';

import { FileStore } from './file-store.js';
import { FolderFileStore } from './folder-file-store.js';

@Module({
  providers: [
    {
      provide: FileStore,
      useFactory: async ({ fileStore }: Config): Promise<FileStore> => {
        if (typeof fileStore === 'string') return new FolderFileStore(fileStore);
        // Its client is many megabytes: loaded by those who use it.
        const { S3FileStore } = await import('./s3-file-store.js');
        return new S3FileStore(fileStore);
      },
      inject: [CONFIG],
    },
  ],
  exports: [FileStore],
})
export class FilesModule {}
