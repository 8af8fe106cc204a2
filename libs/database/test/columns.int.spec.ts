import { columns } from '#database';
import { fromEpochDay, toEpochDay, calendarDate } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { createTestDatabase, type TestDatabase } from '../src/testing/index.js';

const rows = fc.array(
  fc.record({
    id: fc.option(fc.uuid()),
    day: fc.option(
      fc
        .integer({ min: toEpochDay(calendarDate('0001-01-01')), max: toEpochDay(calendarDate('9999-12-31')) })
        .map(fromEpochDay),
    ),
    // PostgreSQL keeps no NUL, and no half of a surrogate pair.
    text: fc.option(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', ''))),
  }),
  { maxLength: 50 },
);

describe('columns of many rows', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());

  it('arrive as they were sent, nulls and emptiness included', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (sent) => {
        const { rows: arrived } = await db.admin.query(
          `SELECT id, day::text, text FROM unnest($1::uuid[], $2::date[], $3::text[]) WITH ORDINALITY AS n (id, day, text, place)
            ORDER BY place`,
          [
            columns.uuids(sent.map(({ id }) => id)),
            columns.dates(sent.map(({ day }) => day)),
            columns.texts(sent.map(({ text }) => text)),
          ],
        );
        expect(arrived).toEqual(sent);
      }),
      { numRuns: 300 },
    );
  });

  it.each(['', '0190b000', '0190b000-0000-7000-8000-00000000000g', '0190b000-0000-7000-8000-0000000000011'])(
    'refuse an id that is none: %j',
    (id) => {
      expect(() => columns.uuids([id])).toThrow(RangeError);
    },
  );
});
