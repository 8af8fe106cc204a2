import { createTestDatabase, type TestDatabase } from '#database/testing';
import { InvalidInput } from '#http';
import { aClinic, type TestClinic } from '#identity/testing';
import { calendarDate, FixedClock } from '#kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { ReportDocumentNotFound, ReportDocumentNotReady } from '../src/documents/documents.errors.js';
import { recordsOf, type Records } from '../src/testing/records.builder.js';
import { mayAlsoSeeCharts, reportsOn, type Reports } from './reports-at-work.js';

const NOW = new Date('2025-06-30T10:00:00Z');
const question = { scope: 'same-area', cohortBy: 'month' } as const;

describe('a report as a document', () => {
  let db: TestDatabase;
  let reports: Reports;
  let clinic: TestClinic;
  let records: Records;
  const clock = new FixedClock(NOW);

  beforeAll(async () => {
    db = await createTestDatabase(clock);
    reports = await reportsOn(db);
    clinic = await aClinic(db);
    records = await recordsOf(db, clinic);
    await records.many(9, [calendarDate('2024-11-04'), calendarDate('2025-03-10')]);
    await records.many(7, [calendarDate('2025-01-13')]);
    await db.admin.query(`UPDATE staff SET display_name = $3 WHERE clinic_id = $1 AND id = $2`, [
      clinic.clinicId,
      clinic.actor.prescriber.staffId,
      '=HYPERLINK("http://x")<b>',
    ]);
  });
  beforeEach(() => clock.set(NOW));
  afterAll(async () => {
    await reports.close();
    await db.drop();
  });

  const made = async (
    format: 'html' | 'csv',
    more: object = {},
  ): Promise<{ id: string; text: string; sha256: string | null }> => {
    const asked = await reports.documents.ask(clinic.actor.admin, {
      kind: 'return-rate',
      format,
      by: 'practitioner',
      ...question,
      ...more,
    });
    await reports.make.work({ clinicId: clinic.clinicId, documentId: asked.id });
    const { text } = await reports.documents.content(clinic.actor.admin, asked.id);
    return {
      id: asked.id,
      text,
      sha256: (await reports.documents.read(clinic.actor.admin, asked.id)).sha256,
    };
  };

  it('is asked for, made by the worker with its progress, linked, and the same to the byte another day', async () => {
    const asked = await reports.documents.ask(clinic.actor.admin, {
      kind: 'return-rate',
      format: 'html',
      ...question,
    });
    expect(asked).toMatchObject({ status: 'waiting', progress: 0, link: null, asOf: '2025-06-30' });
    await expect(reports.documents.content(clinic.actor.admin, asked.id)).rejects.toBeInstanceOf(
      ReportDocumentNotReady,
    );
    await reports.make.work({ clinicId: clinic.clinicId, documentId: asked.id });
    const done = await reports.documents.read(clinic.actor.admin, asked.id);
    expect(done).toMatchObject({
      status: 'done',
      progress: 100,
      link: `/v1/reports/documents/${asked.id}/content`,
    });
    const { mediaType, name } = await reports.documents.content(clinic.actor.admin, asked.id);
    expect([mediaType, name]).toEqual(['text/html; charset=utf-8', 'return-rate-2025-06-30.html']);
    clock.set(new Date('2025-07-01T10:00:00Z'));
    expect((await made('html', { by: undefined, asOf: '2025-06-30' })).sha256).toBe(done.sha256);
    const { items } = await reports.documents.list(clinic.actor.admin, { limit: 1 });
    expect(items).toHaveLength(1);
  });

  it('is one page that stands alone: curves with title and description, the cohort table, every definition', async () => {
    const { text } = await made('html');
    expect(text).toMatch(/^<!doctype html>/);
    expect(text).toContain('role="img"');
    expect(text).toMatch(
      /<title id="all-title">[^<]+<\/title><desc id="all-description">[^<]+by day 365\.<\/desc>/,
    );
    expect(text).toContain('2024-11');
    expect(text).toContain('Kaplan–Meier');
    expect(text).not.toMatch(/<script|src=|href=|url\(|@import/);
    // A name is text, whatever is written in it.
    expect(text).toContain('=HYPERLINK(&quot;http://x&quot;)&lt;b&gt;');
  });

  it('is a table a spreadsheet reads and does not run', async () => {
    const { text } = await made('csv');
    expect(text.startsWith('\uFEFFtable,group,asOf,')).toBe(true);
    expect(text).toContain(`"'=HYPERLINK(""http://x"")<b>"`);
    expect(text).toContain('\r\nall,,2025-06-30,same-area,120,25,16,');
    const figures = await made('csv', { kind: 'clinic-figures', by: undefined });
    expect(figures.text).toContain('\r\nRevisit,rebooking,2025-06-30,');
    expect(figures.text).toContain('\r\nJane,% Returning,');
    expect((await made('html', { kind: 'clinic-figures', by: undefined })).text).toContain(
      'In the words of other systems',
    );
  });

  it('says of its figures what they are of, and refuses what they cannot be cut by', async () => {
    const narrow = { area: 'glabella', practitionerId: clinic.actor.prescriber.staffId };
    const { text } = await made('html', { ...narrow, by: undefined, from: '2015-01-01' });
    expect(text).toContain('Figures from 2020-06-30 to 2025-06-30');
    expect(text).toMatch(
      /Figures of practitioner =HYPERLINK\(&quot;http:\/\/x&quot;\)&lt;b&gt;, whatever the product and area\./,
    );
    expect((await made('html', { by: undefined })).text).toContain('Figures of the whole clinic.');
    const figures = (more: object) => made('html', { kind: 'clinic-figures', by: undefined, ...more });
    const refusal = async (more: object): Promise<unknown> =>
      figures(more).then(
        () => null,
        (error: unknown) => (error instanceof InvalidInput ? error.errors : error),
      );
    expect(await refusal({ area: 'glabella', product: 'ona' })).toMatchObject([
      { pointer: '/product', in: 'body' },
      { pointer: '/area', in: 'body' },
    ]);
    expect(await refusal({ from: '2020-06-29' })).toMatchObject([{ pointer: '/from', in: 'body' }]);
    expect(await refusal({ from: '2025-02-01', to: '2025-01-01' })).toMatchObject([
      { pointer: '/to', in: 'body' },
    ]);
    expect(await refusal({ from: '2020-06-30' })).toBeNull();
  });

  it('is nobody else’s, nor anybody’s who may see no charts any more, and is gone after a week', async () => {
    const chartsToo = mayAlsoSeeCharts(clinic.actor.admin);
    const { id } = await reports.documents.ask(chartsToo, {
      kind: 'return-rate',
      format: 'csv',
      ...question,
    });
    await expect(reports.documents.read(clinic.actor.practitioner, id)).rejects.toBeInstanceOf(
      ReportDocumentNotFound,
    );
    await expect(reports.documents.read(clinic.actor.admin, id)).rejects.toBeInstanceOf(
      ReportDocumentNotFound,
    );
    const foreign = await aClinic(db);
    await expect(reports.documents.read(foreign.actor.admin, id)).rejects.toBeInstanceOf(
      ReportDocumentNotFound,
    );
    expect(await reports.documents.read(chartsToo, id)).toMatchObject({ status: 'waiting' });
    const listed = async (who: typeof chartsToo) =>
      (await reports.documents.list(who, { limit: 100 })).items.some((one) => one.id === id);
    expect([await listed(chartsToo), await listed(clinic.actor.admin)]).toEqual([true, false]);
    clock.set(new Date('2025-07-07T10:00:01Z'));
    await expect(reports.documents.read(chartsToo, id)).rejects.toBeInstanceOf(ReportDocumentNotFound);
    await reports.forget.work({ clinicId: clinic.clinicId });
    const { rows } = await db.admin.query(`SELECT id FROM report_document WHERE id = $1`, [id]);
    expect(rows).toEqual([]);
  });

  it('is failed when it cannot be made, and may be tried again', async () => {
    const asked = await reports.documents.ask(clinic.actor.admin, {
      kind: 'return-rate',
      format: 'csv',
      ...question,
    });
    await db.admin.query(
      `UPDATE report_document SET question = question || '{"asOf": "2999-01-01"}' WHERE id = $1`,
      [asked.id],
    );
    await expect(reports.make.work({ clinicId: clinic.clinicId, documentId: asked.id })).rejects.toThrow();
    expect(await reports.documents.read(clinic.actor.admin, asked.id)).toMatchObject({
      status: 'failed',
      link: null,
    });
    await db.admin.query(
      `UPDATE report_document SET question = question || '{"asOf": "2025-06-30"}' WHERE id = $1`,
      [asked.id],
    );
    await reports.make.work({ clinicId: clinic.clinicId, documentId: asked.id });
    expect(await reports.documents.read(clinic.actor.admin, asked.id)).toMatchObject({ status: 'done' });
  });
});
