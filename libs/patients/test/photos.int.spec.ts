import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { CatalogueRepository, CatalogueService, UnknownArea } from '#catalogue';
import { aClearedConsultation } from '#consultations/testing';
import { createTestDatabase, type TestDatabase } from '#database/testing';
import { fileKey, FolderFileStore } from '#files';
import { StaleVersion, type UploadedFile } from '#http';
import { NotPermitted } from '#identity';
import { aClinic, type TestClinic } from '#identity/testing';
import { FixedClock, newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';

import { DocumentNotFound } from '../src/documents/documents.errors.js';
import { DocumentsRepository } from '../src/documents/documents.repository.js';
import { DocumentsService } from '../src/documents/documents.service.js';
import {
  EnteredInErrorNotShown,
  FileGone,
  FileTypeRefused,
  FileUnreadable,
} from '../src/files/files.errors.js';
import { PatientFiles } from '../src/files/patient-files.js';
import { RemoveOrphanFiles } from '../src/files/remove-orphan-files.job.js';
import { StoredFilesRepository } from '../src/files/stored-files.repository.js';
import { AlreadyEnteredInError } from '../src/health/domain/health.errors.js';
import { PatientMerged, PatientNotFound, RecordedDateImpossible } from '../src/index.js';
import {
  PhotoAlreadyKept,
  PhotoNotFound,
  PhotoUseAllowedAlready,
  PhotoUseNotAllowed,
  PhotoVisitNotFound,
} from '../src/photos/domain/photos.errors.js';
import { PhotosRepository } from '../src/photos/photos.repository.js';
import { PhotosService } from '../src/photos/photos.service.js';
import { patientsOn } from '../src/testing/index.js';

const NOW = new Date('2026-11-27T12:00:00Z');
const ABOUT = {
  takenOn: '2026-11-01',
  view: 'frontal',
  expression: 'frown',
  areas: ['glabella'],
  phase: 'before',
};
const CONSENT = { uses: ['treatment-record' as const], signedName: 'Zoë Núñez', givenOn: '2026-11-01' };

const upload = (bytes: Buffer): UploadedFile => ({
  bytes,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});
let shade = 0;
const aPicture = (width = 600, height = 400) => {
  shade += 1;
  const background = { r: shade % 256, g: 80, b: 120 };
  return sharp({ create: { width, height, channels: 3, background } });
};

describe('photos and documents of a patient', () => {
  let db: TestDatabase;
  let clinic: TestClinic;
  let other: TestClinic;
  let folder: string;
  let store: FolderFileStore;
  let context: ReturnType<typeof patientsOn>;
  let photos: PhotosService;
  let documents: DocumentsService;
  const aPatient = async (): Promise<string> =>
    (
      await context.register.register(clinic.actor.admin, {
        givenName: 'Zoë',
        familyName: 'Photo',
        birthDate: '1984-03-12',
        notADuplicate: true,
      })
    ).id;
  const filesOf = async (day = '2026-11-27'): Promise<string[]> => {
    const keys: string[] = [];
    for await (const key of store.list(`${clinic.clinicId}/${day}/`)) keys.push(key);
    return keys;
  };

  beforeAll(async () => {
    db = await createTestDatabase(new FixedClock(NOW));
    [clinic, other] = [await aClinic(db), await aClinic(db)];
    folder = await mkdtemp(join(tmpdir(), 'photos-'));
    store = new FolderFileStore(folder);
    context = patientsOn(db.database);
    const { records } = context;
    const files = new PatientFiles(
      db.database,
      records,
      new StoredFilesRepository(),
      store,
      new FixedClock(NOW),
    );
    const catalogue = new CatalogueService(db.database, new CatalogueRepository());
    photos = new PhotosService(db.database, records, new PhotosRepository(), files, catalogue);
    documents = new DocumentsService(db.database, records, new DocumentsRepository(), files);
  });
  afterAll(async () => {
    await db.drop();
    await rm(folder, { recursive: true });
  });

  it('keeps a photo upright and without what the camera wrote into it, with a small one beside it', async () => {
    const [id, nurse] = [await aPatient(), clinic.actor.practitioner];
    const sent = await aPicture(1200, 800)
      .withExif({
        IFD0: { Copyright: 'Camera of Doctor Who', Model: 'SecretPhone' },
        IFD3: {
          GPSLatitudeRef: 'N',
          GPSLatitude: '51/1 30/1 0/1',
          GPSLongitudeRef: 'W',
          GPSLongitude: '0/1 7/1 0/1',
        },
      })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect((await sharp(sent).metadata()).exif).toBeDefined();
    const view = await photos.add(nurse, id, { ...ABOUT, consent: CONSENT }, upload(sent));
    expect(view).toMatchObject({ ...ABOUT, width: 800, height: 1200, mediaType: 'image/jpeg', version: 1 });
    const shown = await photos.show(nurse, view.id, { use: 'treatment-record' }, null);
    const bytes = shown.content ? await buffer(shown.content) : Buffer.alloc(0);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(view.sha256);
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 800, height: 1200 });
    const { exif, xmp, iptc } = await sharp(bytes).metadata();
    expect([exif, xmp, iptc]).toEqual([undefined, undefined, undefined]);
    expect(bytes.includes('SecretPhone')).toBe(false);
    const small = await photos.show(nurse, view.id, { use: 'treatment-record', size: 'thumbnail' }, null);
    const thumb = small.content ? await sharp(await buffer(small.content)).metadata() : null;
    expect(thumb).toMatchObject({ format: 'webp', width: 320, height: 480 });
    expect(await photos.show(nurse, view.id, { use: 'treatment-record' }, view.sha256)).toMatchObject({
      content: null,
    });
  });

  it('is shown only for a use the patient agreed to, as long as they do', async () => {
    const [id, nurse] = [await aPatient(), clinic.actor.practitioner];
    const png = upload(await aPicture().png().toBuffer());
    const photo = await photos.add(nurse, id, ABOUT, png);
    const show = async (use: 'treatment-record' | 'marketing') => {
      const { content } = await photos.show(nurse, photo.id, { use }, null);
      content?.destroy();
      return content !== null;
    };
    await expect(show('treatment-record')).rejects.toThrow(PhotoUseNotAllowed);
    await photos.allow(nurse, photo.id, { ...CONSENT, uses: ['treatment-record', 'marketing'] });
    expect([await show('treatment-record'), await show('marketing')]).toEqual([true, true]);
    await expect(photos.allow(nurse, photo.id, CONSENT)).rejects.toThrow(PhotoUseAllowedAlready);
    const withdrawn = await photos.withdraw(nurse, photo.id, 'marketing');
    expect(withdrawn.consents).toMatchObject([
      { use: 'marketing', withdrawnAt: expect.any(String) },
      { use: 'treatment-record', withdrawnAt: null },
    ]);
    await expect(show('marketing')).rejects.toMatchObject({ facts: { use: 'marketing' } });
    await expect(photos.withdraw(nurse, photo.id, 'marketing')).rejects.toThrow(PhotoUseNotAllowed);
    // Neither can the held copy be shown on.
    await expect(photos.show(nurse, photo.id, { use: 'marketing' }, photo.sha256)).rejects.toThrow(
      PhotoUseNotAllowed,
    );
    await photos.allow(nurse, photo.id, { ...CONSENT, uses: ['marketing'] });
    expect(await show('marketing')).toBe(true);
    await expect(photos.correct(nurse, photo.id, 'Blurred', 7)).rejects.toThrow(StaleVersion);
    await photos.correct(nurse, photo.id, 'Blurred', 1);
    await expect(show('treatment-record')).rejects.toThrow(EnteredInErrorNotShown);
    await expect(photos.correct(nurse, photo.id, 'Blurred', 2)).rejects.toThrow(AlreadyEnteredInError);
    const trail = await db.admin.query('SELECT action FROM audit_event WHERE entity_id = $1 ORDER BY id', [
      photo.id,
    ]);
    expect(trail.rows.filter(({ action }) => action === 'photo.show')).toHaveLength(3);
  });

  it('refuses what is no picture, whatever it calls itself, and leaves no file behind', async () => {
    const [id, nurse] = [await aPatient(), clinic.actor.practitioner];
    const before = await filesOf();
    const jpeg = await aPicture().jpeg().toBuffer();
    const heic = Buffer.concat([
      Buffer.from([0, 0, 0, 24]),
      Buffer.from('ftypheic\0\0\0\0mif1heic'),
      Buffer.alloc(500),
    ]);
    const refused: [Buffer, unknown][] = [
      [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), FileTypeRefused],
      [Buffer.from('GIF89a'.padEnd(100, '\0')), FileTypeRefused],
      [Buffer.from('%PDF-1.7\n%%EOF'), FileTypeRefused],
      [heic, FileTypeRefused],
      [jpeg.subarray(0, jpeg.length / 2), FileUnreadable],
      [Buffer.concat([jpeg.subarray(0, 20), Buffer.alloc(2000, 65)]), FileUnreadable],
    ];
    for (const [bytes, why] of refused)
      await expect(photos.add(nurse, id, ABOUT, upload(bytes))).rejects.toBeInstanceOf(why);
    const picture = upload(await aPicture().webp().toBuffer());
    const add = (about: object, who = id) => photos.add(nurse, who, { ...ABOUT, ...about }, picture);
    await expect(add({ areas: ['elbow'] })).rejects.toThrow(UnknownArea);
    await expect(add({ takenOn: '2027-01-01' })).rejects.toThrow(RecordedDateImpossible);
    await expect(add({ treatmentId: newId() })).rejects.toThrow(PhotoVisitNotFound);
    await expect(add({}, newId())).rejects.toThrow(PatientNotFound);
    expect(await filesOf()).toEqual(before);
  });

  it('shows no visit of another patient, and keeps the same picture once, also when sent twice at once', async () => {
    const [id, stranger, nurse] = [await aPatient(), await aPatient(), clinic.actor.practitioner];
    const { consultationId } = await aClearedConsultation(db, clinic, { patientId: stranger });
    const picture = upload(await aPicture().jpeg().toBuffer());
    await expect(photos.add(nurse, id, { ...ABOUT, consultationId }, picture)).rejects.toThrow(
      PhotoVisitNotFound,
    );
    const sent = await Promise.allSettled(
      Array.from({ length: 4 }, () => photos.add(nurse, stranger, { ...ABOUT, consultationId }, picture)),
    );
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of sent)
      if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(PhotoAlreadyKept);
    expect((await photos.list(nurse, stranger, { limit: 9 })).items).toMatchObject([{ consultationId }]);
  });

  it('follows the patient through a merge, page by page', async () => {
    const [kept, duplicate, nurse] = [await aPatient(), await aPatient(), clinic.actor.practitioner];
    const add = async (who: string, takenOn: string) =>
      photos.add(nurse, who, { ...ABOUT, takenOn }, upload(await aPicture(40, 40).png().toBuffer()));
    const [first, second, third] = [
      await add(kept, '2026-01-01'),
      await add(duplicate, '2026-02-02'),
      await add(kept, '2026-03-03'),
    ];
    await context.merges.merge(nurse, kept, { duplicateId: duplicate, reason: 'Twice' }, undefined);
    const page = await photos.list(nurse, kept, { limit: 2 });
    expect(page.items.map(({ id }) => id)).toEqual([third.id, second.id]);
    expect((await photos.list(nurse, kept, { limit: 2, after: page.next ?? '' })).items).toMatchObject([
      { id: first.id },
    ]);
    await expect(add(duplicate, '2026-04-04')).rejects.toThrow(PatientMerged);
  });

  it('does not exist for another clinic, nor do its files', async () => {
    const [id, nurse] = [await aPatient(), clinic.actor.practitioner];
    const photo = await photos.add(
      nurse,
      id,
      { ...ABOUT, consent: CONSENT },
      upload(await aPicture().png().toBuffer()),
    );
    const foreign = other.actor.practitioner;
    await expect(photos.show(foreign, photo.id, { use: 'treatment-record' }, null)).rejects.toThrow(
      PhotoNotFound,
    );
    await expect(photos.list(foreign, id, { limit: 9 })).rejects.toThrow(PatientNotFound);
    await expect(
      db.admin.query(
        `INSERT INTO stored_file (clinic_id, id, key, media_type, bytes, sha256, sent_sha256, created_at)
         SELECT $1, $2, key, media_type, bytes, sha256, sent_sha256, created_at FROM stored_file LIMIT 1`,
        [other.clinicId, newId()],
      ),
    ).rejects.toMatchObject({ constraint: 'stored_file_of_its_clinic' });
  });

  it('says so when the store lost a file', async () => {
    const [id, nurse] = [await aPatient(), clinic.actor.practitioner];
    const photo = await photos.add(
      nurse,
      id,
      { ...ABOUT, consent: CONSENT },
      upload(await aPicture().png().toBuffer()),
    );
    const { rows } = await db.admin.query(
      'SELECT f.key FROM photo p JOIN stored_file f ON f.id = p.file_id WHERE p.id = $1',
      [photo.id],
    );
    await store.remove(rows[0].key);
    await expect(photos.show(nurse, photo.id, { use: 'treatment-record' }, null)).rejects.toThrow(FileGone);
  });

  it('loses files no record came to name two days later, and no others', async () => {
    const tidy = new RemoveOrphanFiles(
      db.database,
      new StoredFilesRepository(),
      store,
      new FixedClock(new Date('2026-11-29T02:00:00Z')),
    );
    const kept = await filesOf();
    const orphan = fileKey(clinic.clinicId, '2026-11-27', newId());
    const recent = fileKey(clinic.clinicId, '2026-11-28', newId());
    const foreign = fileKey(other.clinicId, '2026-11-27', newId());
    for (const key of [orphan, `${orphan}.thumb`, recent, foreign]) await store.put(key, Buffer.from('x'));
    await tidy.work({ clinicId: clinic.clinicId });
    expect((await filesOf()).toSorted()).toEqual(kept.toSorted());
    expect(await filesOf('2026-11-28')).toEqual([recent]);
    (await store.open(foreign))?.destroy();
    expect(kept.length).toBeGreaterThan(5);
  });

  it('keeps documents; the clinical ones are not for the desk', async () => {
    const [id, desk, nurse] = [await aPatient(), clinic.actor.receptionist, clinic.actor.practitioner];
    const pdf = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
    const about = (kind: 'identity' | 'clinical') => ({
      kind,
      title: `A ${kind} one`,
      datedOn: '2026-10-01',
    });
    const letter = await documents.add(desk, id, about('identity'), upload(pdf));
    await expect(documents.add(desk, id, about('clinical'), upload(pdf))).rejects.toThrow(NotPermitted);
    const report = await documents.add(
      nurse,
      id,
      about('clinical'),
      upload(await aPicture().jpeg().toBuffer()),
    );
    expect((await documents.list(desk, id, { limit: 9 })).items).toMatchObject([
      { id: letter.id, mediaType: 'application/pdf' },
    ]);
    expect((await documents.list(nurse, id, { limit: 9 })).items).toHaveLength(2);
    expect((await documents.list(nurse, id, { limit: 9, kind: 'clinical' })).items).toMatchObject([
      { id: report.id },
    ]);
    const shown = await documents.show(desk, letter.id, null);
    expect(shown.content && (await buffer(shown.content))).toEqual(pdf);
    for (const attempt of [documents.show(desk, report.id, null), documents.correct(desk, report.id, 'x', 1)])
      await expect(attempt).rejects.toThrow(DocumentNotFound);
    const cut = documents.add(desk, id, about('identity'), upload(pdf.subarray(0, 30)));
    await expect(cut).rejects.toThrow(FileUnreadable);
    const text = documents.add(desk, id, about('identity'), upload(Buffer.from('MZ just bytes')));
    await expect(text).rejects.toThrow(FileTypeRefused);
    expect(await documents.correct(desk, letter.id, 'Wrong patient', 1)).toMatchObject({ version: 2 });
    await expect(documents.show(desk, letter.id, null)).rejects.toThrow(EnteredInErrorNotShown);
    await expect(documents.correct(desk, letter.id, 'Wrong patient', 2)).rejects.toThrow(
      AlreadyEnteredInError,
    );
  });
});
