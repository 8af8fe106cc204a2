import { record } from '#audit';
import { Database, type Tx } from '#database';
import { assertFresh, type FileAnswer, pageOf, readCursor, type UploadedFile } from '#http';
import { NotPermitted, type RequestActor } from '#identity';
import { calendarDate, isCalendarDate, isId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { assertInLifetime } from '../domain/register.js';
import { PatientFiles } from '../files/patient-files.js';
import { prepareDocument } from '../files/prepared-file.js';
import { AlreadyEnteredInError } from '../health/domain/health.errors.js';
import { PatientRecords } from '../patient-records.js';
import { EnteredInErrorNotShown } from '../files/files.errors.js';
import { DocumentNotFound } from './documents.errors.js';
import { type DocumentRow, DocumentsRepository } from './documents.repository.js';
import {
  type AddDocument,
  DOCUMENT_KINDS,
  type DocumentPage,
  type DocumentView,
  type ListDocuments,
} from './http/document.dto.js';

/** Papers of a patient: the desk keeps and sees all but the clinical ones. */
@Injectable()
export class DocumentsService {
  constructor(
    private readonly database: Database,
    private readonly records: PatientRecords,
    private readonly documents: DocumentsRepository,
    private readonly files: PatientFiles,
  ) {}

  /** @throws PatientNotFound, PatientMerged, NotPermitted, FileTypeRefused, FileUnreadable, RecordedDateImpossible */
  async add(
    actor: RequestActor,
    patientId: string,
    document: AddDocument,
    file: UploadedFile,
  ): Promise<DocumentView> {
    if (!kindsFor(actor).includes(document.kind)) throw new NotPermitted();
    return this.files.keep(
      actor,
      patientId,
      file,
      prepareDocument,
      async (tx, fileId, { birthDate, today }) => {
        assertInLifetime(calendarDate(document.datedOn), birthDate, today);
        const id = await this.documents.add(tx, patientId, fileId, document);
        await record(tx, { action: 'document.add', entityId: id, patientId });
        return viewOf(await this.#read(tx, actor, id));
      },
    );
  }

  /** @throws PatientNotFound */
  list(actor: RequestActor, patientId: string, { kind, limit, after }: ListDocuments): Promise<DocumentPage> {
    const cursor = readCursor(after, [isCalendarDate, isId]) ?? [null, null];
    const kinds = kindsFor(actor).filter((one) => kind === undefined || one === kind);
    return this.database.read(actor, async (tx) => {
      const ids = await this.records.united(tx, patientId);
      const rows = await this.documents.list(tx, ids, kinds, cursor, limit);
      await record(tx, { action: 'document.list', entityId: patientId, patientId });
      const { items, next } = pageOf(rows, limit, ({ datedOn, id }) => [datedOn, id]);
      return { items: items.map(viewOf), next };
    });
  }

  /** The file itself. @throws DocumentNotFound, EnteredInErrorNotShown, FileGone */
  async show(actor: RequestActor, id: string, held: string | null): Promise<FileAnswer> {
    const document = await this.database.read(actor, async (tx) => {
      const row = await this.#read(tx, actor, id);
      if (row.errorReason !== null) throw new EnteredInErrorNotShown({ documentId: id });
      await record(tx, { action: 'document.show', entityId: id, patientId: row.patientId });
      return row;
    });
    return this.files.show(document, id, false, held);
  }

  /** Marks as entered in error. @throws DocumentNotFound, StaleVersion, AlreadyEnteredInError */
  correct(actor: RequestActor, id: string, reason: string, read: number | undefined): Promise<DocumentView> {
    return this.database.write(actor, async (tx) => {
      const present = await this.documents.lock(tx, id, kindsFor(actor));
      if (!present) throw new DocumentNotFound();
      assertFresh(present.version, read);
      if (present.errorReason !== null) throw new AlreadyEnteredInError();
      await this.documents.correct(tx, id, reason);
      await record(tx, { action: 'document.correct', entityId: id, patientId: present.patientId });
      return viewOf(await this.#read(tx, actor, id));
    });
  }

  async #read(tx: Tx, actor: RequestActor, id: string): Promise<DocumentRow> {
    const document = await this.documents.read(tx, id, kindsFor(actor));
    if (!document) throw new DocumentNotFound();
    return document;
  }
}

const kindsFor = ({ permissions }: RequestActor) =>
  DOCUMENT_KINDS.filter((kind) => kind !== 'clinical' || permissions.has('charts:read'));

const viewOf = ({ key: _key, thumbKey: _thumbKey, ...view }: DocumentRow): DocumentView => view;
