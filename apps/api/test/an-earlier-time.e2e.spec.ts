import { aDesk, type TestDesk } from '#scheduling/testing';
import { aClinic } from '#identity/testing';
import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { TestApi, type Answer } from './harness/test-api.js';

interface Told extends Record<string, unknown> {
  readonly id: string;
  readonly code?: string;
  readonly offer?: { readonly id: string } | null;
  readonly errors?: readonly { readonly pointer: string }[];
}

describe('an earlier time, over HTTP', () => {
  let api: TestApi;
  let desk: TestDesk;
  const day = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
  const ask = (
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    body?: unknown,
    headers = {},
  ): Promise<Answer<Told>> =>
    api.send<Told>('receptionist', method, `/v1/${path}`, {
      ...(body === undefined ? {} : { body }),
      headers,
    });
  const wish = async (change: object = {}) => ({
    patientId: await desk.aPatient(),
    typeId: desk.type.treatment,
    to: day,
    ...change,
  });
  const slot = () => ({
    practitionerId: desk.nurseId,
    locationId: desk.london.id,
    startsAt: `${day}T10:00`,
  });

  beforeAll(async () => {
    api = await TestApi.start();
    desk = await aDesk(api.db, api.clinic);
  });
  afterAll(() => api.stop());

  it('is wished for, offered and taken; the time that frees is looked into by a job of the same transaction', async () => {
    const patientId = await desk.aPatient();
    const later = `${new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)}T10:00`;
    const booked = await ask('POST', 'appointments', {
      ...slot(),
      patientId,
      typeId: desk.type.treatment,
      startsAt: later,
    });
    const key = { 'idempotency-key': newId() };
    const body = await wish({ patientId, replacesId: booked.body.id });
    const joined = await ask('POST', 'waitlist', body, key);
    expect([joined.status, joined.headers['etag']]).toEqual([201, '"1"']);
    expect((await ask('POST', 'waitlist', body, key)).body.id).toBe(joined.body.id);

    const found = await ask(
      'GET',
      `waitlist-matches?practitionerId=${desk.nurseId}&locationId=${desk.london.id}&from=${day}T09:55&to=${day}T10:40`,
    );
    expect(found.body['items']).toMatchObject([{ entryId: joined.body.id, rank: 1, heldBack: null }]);
    const offered = await ask('POST', `waitlist/${joined.body.id}/offers`, slot());
    expect(offered.status).toBe(201);
    const accepted = await ask('POST', `waitlist-offers/${offered.body.offer?.id}/accept`);
    expect([accepted.status, accepted.body['replacedId']]).toEqual([200, booked.body.id]);
    const again = await ask('POST', `waitlist-offers/${offered.body.offer?.id}/accept`);
    expect([again.status, again.body.code]).toEqual([409, 'waitlist_offer_over']);
    const { rows } = await api.db.admin.query<{ name: string; n: number }>(
      `SELECT name, count(*)::int AS n FROM pgboss.job WHERE name LIKE 'waitlist-%' GROUP BY 1 ORDER BY 1`,
    );
    expect(rows).toEqual([
      { name: 'waitlist-end-offer', n: 1 },
      { name: 'waitlist-match', n: 1 },
      { name: 'waitlist-offer-message', n: 1 },
    ]);
  });

  it('is looked for in the time of somebody who is there again', async () => {
    const { body } = await ask('POST', 'waitlist', await wish());
    const looks = async (): Promise<number> => {
      const { rows } = await api.db.admin.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pgboss.job WHERE name = 'waitlist-match' AND data ->> 'practitionerId' = $1`,
        [desk.nurseId],
      );
      return rows[0]?.n ?? 0;
    };
    const before = await looks();
    for (const verb of ['deactivate', 'reactivate'])
      expect((await api.send('admin', 'POST', `/v1/staff-members/${desk.nurseId}/${verb}`)).status).toBe(200);
    expect(await looks()).toBeGreaterThan(before);
    await ask('POST', `waitlist/${body.id}/leave`, { reason: 'Found another day' });
  });

  it('is changed by who read it last, declined, and left', async () => {
    const { body } = await ask('POST', 'waitlist', await wish());
    expect(
      (await ask('PATCH', `waitlist/${body.id}`, { priority: 'soon' }, { 'if-match': '"1"' })).status,
    ).toBe(200);
    const stale = await ask('PATCH', `waitlist/${body.id}`, { priority: 'soon' }, { 'if-match': '"1"' });
    expect([stale.status, stale.body.code]).toEqual([412, 'stale_version']);
    const offered = await ask('POST', `waitlist/${body.id}/offers`, { ...slot(), startsAt: `${day}T12:00` });
    const declined = await ask('POST', `waitlist-offers/${offered.body.offer?.id}/decline`, {});
    expect([declined.status, declined.body.offer]).toEqual([200, null]);
    expect((await ask('POST', `waitlist/${body.id}/leave`, { reason: 'Moved' })).body['status']).toBe('left');
    const history = await ask('GET', `waitlist/${body.id}/history`);
    expect(history.body['items']).toMatchObject(
      ['leave', 'decline', 'offer', 'change', 'join'].map((verb) => ({ verb })),
    );
  });

  it.each<[string, object, string[]]>([
    ['an unknown field', { wish: 1 }, ['/wish']],
    ['a day that does not exist', { to: '2026-02-30' }, ['/to']],
    ['no last day', { to: undefined }, ['/to']],
    ['a weekday there is none', { weekdays: [0] }, ['/weekdays']],
    ['a time there is none', { timeFrom: '25:00' }, ['/timeFrom']],
    ['null for a list', { practitionerIds: null }, ['/practitionerIds']],
    ['an id that is none', { locationIds: ['x'] }, ['/locationIds']],
    ['a priority there is none', { priority: 'very' }, ['/priority']],
  ])('answers 400 with a JSON pointer for %s', async (_, change, pointers) => {
    const { status, body } = await ask('POST', 'waitlist', await wish(change));
    expect([status, body.errors?.map(({ pointer }) => pointer)]).toEqual([400, pointers]);
  });

  it('asks of another clinic as of what is not there', async () => {
    const { body } = await ask('POST', 'waitlist', await wish());
    const offered = await ask('POST', `waitlist/${body.id}/offers`, { ...slot(), startsAt: `${day}T15:00` });
    const other = await aClinic(api.db);
    const who = { token: other.token.receptionist };
    const foreign = [
      ['GET', `waitlist/${body.id}`, undefined],
      ['GET', `waitlist/${body.id}/history`, undefined],
      ['PATCH', `waitlist/${body.id}`, {}],
      ['POST', `waitlist/${body.id}/leave`, { reason: 'x' }],
      ['POST', `waitlist-offers/${offered.body.offer?.id}/accept`, undefined],
      ['POST', `waitlist-offers/${offered.body.offer?.id}/decline`, {}],
    ] as const;
    for (const [method, path, sent] of foreign) {
      const told = await api.send<Told>(who, method, `/v1/${path}`, sent === undefined ? {} : { body: sent });
      const id = /[0-9a-f-]{36}/.exec(path)?.[0] ?? '';
      const absent = await api.send<Told>(
        who,
        method,
        `/v1/${path.replace(id, newId())}`,
        sent === undefined ? {} : { body: sent },
      );
      const bare = ({ requestId: __, instance: ___, ...rest }: Told) => rest;
      expect([told.status, bare(told.body)]).toEqual([404, bare(absent.body)]);
    }
  });
});
