import { aClearedConsultation } from '#consultations/testing';
import { InvalidInput } from '#http';
import { aClinic } from '#identity/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { DuePage, FindDue } from '../src/recall/http/recall-list.dto.js';
import { RecallListService } from '../src/recall/recall-list.service.js';
import { ClinicAtWork } from '../src/testing/clinic-at-work.js';

// Full treatments of ona in the UK, seen on 1 June 2026:
const DUE = '2026-02-10'; // earliest 10 May, to 30 June
const PAST_DUE = '2026-01-05'; // to 25 May
const LAPSED = '2025-08-01'; // lapsed after 1 May

describe('the list of patients due', () => {
  let work: ClinicAtWork;
  const who = new Map<string, string>();
  const due = (query: Partial<FindDue> = {}): Promise<DuePage> =>
    work.module
      .get(RecallListService)
      .due(work.clinic.actor.receptionist, { limit: 50, on: '2026-06-01', ...query });
  const names = ({ items }: DuePage): string[] =>
    items.map(({ patientId, areas }) =>
      [who.get(patientId), ...areas.map(({ area, state }) => `${area} ${state}`)].join(': '),
    );
  const treated = async (
    name: string,
    treatedOn: string,
    areas = ['glabella'],
    more = {},
  ): Promise<string> => {
    const patientId = await work.desk.aPatient();
    who.set(patientId, name);
    await work.sign({ patientId, treatedOn, areas, ...more });
    return patientId;
  };

  beforeAll(async () => {
    work = await ClinicAtWork.open('2026-06-01');
    await treated('lapsed', LAPSED);
    await treated('due', DUE);
    await treated('past due', PAST_DUE);
    await treated('past due earlier', '2025-12-20');
    const both = await treated('both', LAPSED, ['forehead']);
    await work.sign({ patientId: both, treatedOn: PAST_DUE, areas: ['lateral_canthal'] });
    await work.sign({ patientId: both, treatedOn: DUE });
    await treated('too early', '2026-05-01');
    await treated('in New York', DUE, ['glabella'], { locationId: work.desk.newYork.id });
    await treated('on abo', DUE, ['glabella'], { product: 'abo' });
    await treated('masseter', DUE, ['masseter']);
    const booked = await treated('booked', DUE);
    await work.book(booked, '2026-06-08', ['glabella']);
    const combinable = await treated('combinable', DUE);
    await work.book(combinable, '2026-06-09', ['forehead']);
    const half = await treated('half booked', DUE, ['forehead', 'glabella']);
    await work.book(half, '2026-06-10', ['forehead']);
    const pregnant = await treated('pregnant', DUE);
    const decidedOn = '2026-05-20';
    await aClearedConsultation(work.db, work.clinic, {
      patientId: pregnant,
      decidedOn,
      answers: { pregnancy: 'pregnant' },
    });
    const gone = await treated('gone', PAST_DUE);
    await work.db.admin.query(
      `UPDATE patient SET status = 'transferred', status_on = '2026-05-01' WHERE id = $1`,
      [gone],
    );
    const silent = await treated('silent', DUE);
    await work.db.admin.query('UPDATE patient SET do_not_contact = true WHERE id = $1', [silent]);
  });
  afterAll(() => work.close());

  it('names each patient once with every area due, past due first and nearest to the day first', async () => {
    const list = names(await due());
    expect(list.slice(0, 3).toSorted()).toEqual([
      'both: lateral_canthal past-due: glabella due: forehead lapsed',
      'past due earlier: glabella past-due',
      'past due: glabella past-due',
    ]);
    expect(list[2]).toBe('past due earlier: glabella past-due');
    expect(list.slice(3, -1).toSorted()).toEqual([
      'combinable: glabella due',
      'due: glabella due',
      'half booked: glabella due',
      'in New York: glabella due',
      'masseter: masseter due',
      'on abo: glabella due',
    ]);
    expect(list.slice(-3)).toEqual([
      'on abo: glabella due',
      'masseter: masseter due',
      'lapsed: glabella lapsed',
    ]);
  });

  it('gives the desk what it needs to call', async () => {
    const { items } = await due({ area: 'masseter' });
    expect(items).toMatchObject([
      {
        givenName: 'Zoë',
        phone: null,
        state: 'due',
        suppressed: false,
        areas: [
          { areaName: 'Masseter', productName: 'onabotulinumtoxinA', recommendedTo: null, reasons: [] },
        ],
      },
    ]);
  });

  it('says what could be combined', async () => {
    const found = (await due()).items.find(({ patientId }) => who.get(patientId) === 'combinable');
    expect(found?.areas[0]?.reasons).toMatchObject([
      { code: 'combinable', suppresses: false, because: { on: '2026-06-09' } },
    ]);
  });

  it('leaves out whom nobody should ask, and shows them with the reason on request', async () => {
    const all = await due({ includeSuppressed: 'true' });
    const reasons = Object.fromEntries(
      all.items.map(({ patientId, suppressed, areas }) => [
        who.get(patientId),
        suppressed ? areas.flatMap((area) => area.reasons.map(({ code }) => code)) : null,
      ]),
    );
    expect(reasons).toMatchObject({
      booked: ['booked'],
      pregnant: ['on-hold'],
      gone: ['transferred'],
      silent: ['do-not-contact'],
      combinable: null,
      'half booked': null,
    });
    expect(names(all)).toContain('half booked: forehead due: glabella due');
  });

  it('is filtered by state, place, area and product', async () => {
    expect(names(await due({ state: ['lapsed'] })).toSorted()).toEqual([
      'both: forehead lapsed',
      'lapsed: glabella lapsed',
    ]);
    expect(names(await due({ locationId: work.desk.newYork.id }))).toEqual(['in New York: glabella due']);
    expect(names(await due({ product: 'abo' }))).toEqual(['on abo: glabella due']);
    expect(names(await due({ area: 'forehead' }))).toEqual(['both: forehead lapsed']);
    await expect(due({ area: 'nose', product: 'botox' })).rejects.toMatchObject({
      facts: { errors: [{ pointer: '/area' }, { pointer: '/product' }] },
    });
  });

  it('agrees with the state of each window on every day', async () => {
    expect(names(await due({ on: '2026-05-09', area: 'masseter' }))).toEqual([]);
    expect(names(await due({ on: '2026-05-10', product: 'abo' }))).toEqual(['on abo: glabella due']);
    const ends = (await due({ product: 'abo' })).items[0]?.areas[0];
    if (!ends?.recommendedTo || !ends.lapsedAfter) throw new Error('abo has an end');
    expect(names(await due({ on: ends.recommendedTo, product: 'abo' }))).toEqual(['on abo: glabella due']);
    expect(names(await due({ on: ends.lapsedAfter, product: 'abo' }))).toEqual(['on abo: glabella past-due']);
  });

  it('pages without losing or repeating anybody, whatever the size', async () => {
    const whole = (await due({ includeSuppressed: 'true' })).items.map(({ patientId }) => patientId);
    expect(new Set(whole).size).toBe(whole.length);
    for (const limit of [1, 2, 3, 7]) {
      for (const includeSuppressed of ['true', 'false'] as const) {
        const seen: string[] = [];
        let after: string | null = null;
        do {
          const page: DuePage = await due({ limit, includeSuppressed, ...(after === null ? {} : { after }) });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...page.items.map(({ patientId }) => patientId));
          after = page.next;
        } while (after !== null);
        const expected = (await due({ includeSuppressed })).items.map(({ patientId }) => patientId);
        expect(seen).toEqual(expected);
      }
    }
    expect(() => due({ after: 'bm9uc2Vuc2U' })).toThrow(InvalidInput);
  });

  it('knows nobody of another clinic', async () => {
    const foreign = await aClinic(work.db);
    const list = await work.module
      .get(RecallListService)
      .due(foreign.actor.receptionist, { limit: 50, on: '2026-06-01', includeSuppressed: 'true' });
    expect(list.items).toEqual([]);
  });
});
