import { createHash } from 'node:crypto';

import { Database, systemActor, type Actor } from '#database';
import { JobHandler, type JobData } from '#jobs';
import { isId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { DocumentMaker } from './document-maker.js';
import { DocumentsRepository } from './documents.repository.js';

/** Makes a report that was asked for; made twice, it is the same to the byte. */
@Injectable()
export class MakeReportDocument extends JobHandler {
  readonly queue = 'report-document';

  constructor(
    private readonly database: Database,
    private readonly documents: DocumentsRepository,
    private readonly maker: DocumentMaker,
  ) {
    super();
  }

  async work({ clinicId, documentId }: JobData): Promise<void> {
    if (!isId(documentId)) throw new Error('A report document needs its id');
    const system = systemActor(clinicId);
    const row = await this.database.read(system, (tx) => this.documents.read(tx, documentId));
    // Done by a worker that died before it could say so, or expired while it waited.
    if (row === null || row.status === 'done') return;
    try {
      const content = await this.maker.make(clinicId, row, (progress) =>
        this.#advance(system, documentId, progress),
      );
      const sha256 = createHash('sha256').update(content).digest('hex');
      await this.database.write(system, (tx) => this.documents.finish(tx, documentId, content, sha256));
    } catch (error) {
      await this.database.write(system, (tx) => this.documents.fail(tx, documentId));
      throw error;
    }
  }

  async #advance(system: Actor, id: string, progress: number): Promise<void> {
    await this.database.write(system, (tx) => this.documents.advance(tx, id, progress));
  }
}
