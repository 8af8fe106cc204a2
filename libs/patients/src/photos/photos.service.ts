import { record } from '#audit';
import { areaOf, CatalogueService } from '#catalogue';
import { type Actor, Database, type Tx } from '#database';
import { assertFresh, type FileAnswer, pageOf, readCursor, type UploadedFile } from '#http';
import { calendarDate, isCalendarDate, isId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { assertInLifetime } from '../domain/register.js';
import { PatientFiles } from '../files/patient-files.js';
import { preparePicture } from '../files/prepared-file.js';
import { AlreadyEnteredInError } from '../health/domain/health.errors.js';
import { type OpenRecord, PatientRecords } from '../patient-records.js';
import { EnteredInErrorNotShown } from '../files/files.errors.js';
import { PhotoAlreadyKept, PhotoNotFound, PhotoUseNotAllowed } from './domain/photos.errors.js';
import type {
  AddPhoto,
  ListPhotos,
  PhotoConsent,
  PhotoPage,
  PhotoUse,
  PhotoView,
  ShowPhoto,
} from './http/photo.dto.js';
import { type PhotoRow, PhotosRepository } from './photos.repository.js';

/** Photos of patients: each is shown only for a use the patient agreed to, and nothing of it is ever deleted. */
@Injectable()
export class PhotosService {
  constructor(
    private readonly database: Database,
    private readonly records: PatientRecords,
    private readonly photos: PhotosRepository,
    private readonly files: PatientFiles,
    private readonly catalogue: CatalogueService,
  ) {}

  /**
   * @throws PatientNotFound, PatientMerged, FileTypeRefused, FileUnreadable, PhotoAlreadyKept, PhotoVisitNotFound,
   * UnknownArea, RecordedDateImpossible
   */
  add(actor: Actor, patientId: string, photo: AddPhoto, file: UploadedFile): Promise<PhotoView> {
    return this.files.keep(actor, patientId, file, preparePicture, async (tx, fileId, life) => {
      assertLived(life, [photo.takenOn, photo.consent?.givenOn]);
      const catalogue = await this.catalogue.current(tx);
      for (const area of photo.areas) areaOf(catalogue, area);
      const photoId = await this.photos.same(tx, patientId, file.sha256);
      if (photoId !== null) throw new PhotoAlreadyKept({ photoId });
      const id = await this.photos.add(tx, patientId, fileId, photo);
      if (photo.consent) await this.photos.allow(tx, id, photo.consent);
      await record(tx, { action: 'photo.add', entityId: id, patientId });
      return viewOf(await this.#read(tx, id));
    });
  }

  /** @throws PatientNotFound */
  list(actor: Actor, patientId: string, { limit, after }: ListPhotos): Promise<PhotoPage> {
    const cursor = readCursor(after, [isCalendarDate, isId]) ?? [null, null];
    return this.database.read(actor, async (tx) => {
      const rows = await this.photos.list(tx, await this.records.united(tx, patientId), cursor, limit);
      await record(tx, { action: 'photo.list', entityId: patientId, patientId });
      const { items, next } = pageOf(rows, limit, ({ takenOn, id }) => [takenOn, id]);
      return { items: items.map(viewOf), next };
    });
  }

  /** The picture itself, for one use. @throws PhotoNotFound, PhotoUseNotAllowed, EnteredInErrorNotShown, FileGone */
  async show(actor: Actor, id: string, { use, size }: ShowPhoto, held: string | null): Promise<FileAnswer> {
    const photo = await this.database.read(actor, async (tx) => {
      const row = await this.#read(tx, id);
      if (row.errorReason !== null) throw new EnteredInErrorNotShown({ photoId: id });
      if (!row.consents.some((consent) => consent.use === use && consent.withdrawnAt === null))
        throw new PhotoUseNotAllowed({ photoId: id, use });
      await record(tx, { action: 'photo.show', entityId: id, patientId: row.patientId, detail: { use } });
      return row;
    });
    return this.files.show(photo, id, size === 'thumbnail', held);
  }

  /** @throws PhotoNotFound, PhotoUseAllowedAlready, RecordedDateImpossible */
  allow(actor: Actor, id: string, consent: PhotoConsent): Promise<PhotoView> {
    return this.#changing(actor, id, undefined, 'photo.allow', async (tx, { patientId }) => {
      assertLived(await this.records.life(tx, patientId), [consent.givenOn]);
      await this.photos.allow(tx, id, consent);
    });
  }

  /** From then on the photo is not shown for this use. @throws PhotoNotFound, PhotoUseNotAllowed */
  withdraw(actor: Actor, id: string, use: PhotoUse): Promise<PhotoView> {
    return this.#changing(actor, id, undefined, 'photo.withdraw-consent', async (tx) => {
      if ((await this.photos.withdraw(tx, id, use)) === 0) throw new PhotoUseNotAllowed({ photoId: id, use });
    });
  }

  /** Marks as entered in error. @throws PhotoNotFound, StaleVersion, AlreadyEnteredInError */
  correct(actor: Actor, id: string, reason: string, read: number | undefined): Promise<PhotoView> {
    return this.#changing(actor, id, read, 'photo.correct', async (tx, { errorReason }) => {
      if (errorReason !== null) throw new AlreadyEnteredInError();
      await this.photos.correct(tx, id, reason);
    });
  }

  #changing(
    actor: Actor,
    id: string,
    read: number | undefined,
    action: `photo.${string}`,
    work: (tx: Tx, present: PhotoRow) => Promise<void>,
  ): Promise<PhotoView> {
    return this.database.write(actor, async (tx) => {
      const present = await this.photos.lock(tx, id);
      if (!present) throw new PhotoNotFound();
      assertFresh(present.version, read);
      await work(tx, present);
      await record(tx, { action, entityId: id, patientId: present.patientId });
      return viewOf(await this.#read(tx, id));
    });
  }

  async #read(tx: Tx, id: string): Promise<PhotoRow> {
    const photo = await this.photos.read(tx, id);
    if (!photo) throw new PhotoNotFound();
    return photo;
  }
}

/** @throws RecordedDateImpossible */
function assertLived(
  { birthDate, today }: Pick<OpenRecord, 'birthDate' | 'today'>,
  days: readonly (string | undefined)[],
): void {
  for (const day of days) if (day !== undefined) assertInLifetime(calendarDate(day), birthDate, today);
}

const viewOf = ({ key: _key, thumbKey: _thumbKey, ...view }: PhotoRow): PhotoView => view;
