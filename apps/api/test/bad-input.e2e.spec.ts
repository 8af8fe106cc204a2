import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { TestApi, type Answer } from './harness/test-api.js';

interface Problem extends Record<string, unknown> {
  code: string;
  errors?: { pointer: string; in: string; detail: string }[];
}

const someone = { givenName: 'Zoë', familyName: 'Núñez', birthDate: '1984-03-12' };

describe('bad input never breaks anything', () => {
  let api: TestApi;
  const post = (url: string, body: unknown, headers = {}): Promise<Answer<Problem>> =>
    api.send<Problem>('receptionist', 'POST', url, { body, headers });
  const patients = async (): Promise<number> =>
    Number((await api.db.admin.query('SELECT count(*) FROM patient')).rows[0].count);

  beforeAll(async () => {
    api = await TestApi.start();
  });
  afterAll(() => api.stop());

  it.each<[string, unknown, string[]]>([
    ['an unknown field', { ...someone, nickname: 'Z' }, ['/nickname']],
    ['a mistyped field', { ...someone, givenName: 7 }, ['/givenName']],
    ['missing fields', {}, ['/givenName', '/familyName', '/birthDate']],
    ['an impossible date', { ...someone, birthDate: '2023-02-30' }, ['/birthDate']],
    ['a blank name', { ...someone, givenName: ' \t' }, ['/givenName']],
    ['NUL in a text', { ...someone, note: 'a\0b' }, ['/note']],
    ['an unknown element of a list', { ...someone, contactChannels: ['email', 'fax'] }, ['/contactChannels']],
    ['a list instead of an object', [someone], ['']],
    ['null instead of an object', null, ['']],
    ['a text too long for any field', { ...someone, note: 'x'.repeat(20_001) }, ['/note']],
    ['a number beyond exactness', { ...someone, givenName: 1e308 }, ['/givenName']],
    ['a text that is no JSON', '{"givenName":', ['']],
    [
      'half a surrogate pair',
      `{"givenName":"\\ud800","familyName":"B","birthDate":"1984-03-12"}`,
      ['/givenName'],
    ],
    [
      'a poisoned prototype',
      `{"__proto__":{"x":1},"givenName":"A","familyName":"B","birthDate":"1984-03-12"}`,
      [''],
    ],
    [
      'a field that stands twice',
      `{"givenName":"A","familyName":"B","birthDate":"1984-03-12","\\u0067ivenName":"C"}`,
      ['/givenName'],
    ],
    [
      'a field that stands twice deep inside',
      `{"a":[{"x":"}{,[\\"x\\":"},{"b/c":1,"d":{},"b/c" : 2}]}`,
      ['/a/1/b~1c'],
    ],
    ['an oversize body', JSON.stringify({ ...someone, note: 'x'.repeat(600_000) }), ['']],
    ['null where a text belongs', { ...someone, note: null }, ['/note']],
    ['null where a list belongs', { ...someone, contactChannels: null }, ['/contactChannels']],
    [
      'more unknown fields than a person can mend',
      Object.fromEntries(Array.from({ length: 500 }, (__, i) => [`f${i}`, 1])),
      Array.from({ length: 20 }, (__, i) => `/f${i}`),
    ],
    [
      'the same field in two objects',
      `{"a":{"x":1},"b":{"x":"x"},"c":[{"x":1},{"x":1}],"x":{}}`,
      ['/a', '/b', '/c', '/x', '/givenName', '/familyName', '/birthDate'],
    ],
    ['a pointer that needs escaping', { ...someone, 'a/b~c': 1 }, ['/a~1b~0c']],
  ])('answers 400 with a JSON pointer for %s', async (_, body, pointers) => {
    const before = await patients();
    const answer = await post('/v1/patients', body);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_input']);
    expect(answer.headers['content-type']).toMatch('application/problem+json');
    expect(answer.body.errors?.map(({ pointer }) => pointer)).toEqual(pointers);
    expect(await patients()).toBe(before);
  });

  it('says of a missing field that it is required, not how long it may be', async () => {
    const { body } = await post('/v1/patients', { familyName: 'B', birthDate: '1984-03-12' });
    expect(body.errors).toEqual([{ pointer: '/givenName', in: 'body', detail: 'This field is required' }]);
  });

  it.each(['2026-02-30T10:00', '2026-13-01T10:00', '0000-10-25T10:00:00Z', '9999-12-31T23:59:00Z'])(
    'points at a start of %s, on no day of the calendar',
    async (startsAt) => {
      const answer = await post('/v1/appointments', { startsAt });
      expect(answer.status).toBe(400);
      expect(answer.body.errors?.map(({ pointer }) => pointer)).toContain('/startsAt');
    },
  );

  it('refuses a list inside a list, where the validator would look away', async () => {
    const body = { market: 'UK', assessedOn: '2026-05-01', doses: [[]] };
    const answer = await post('/v1/repeat-visits/forecast', body);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_input']);
    const hours = await api.send<Problem>(
      'admin',
      'PUT',
      `/v1/locations/${api.clinic.clinicId}/opening-hours`,
      {
        body: { hours: [[]] },
      },
    );
    expect(hours.status).toBe(400);
  });

  it('refuses bytes that are no UTF-8, instead of keeping a broken name', async () => {
    const fastify = api.app.getHttpAdapter().getInstance();
    const latin = Buffer.concat([Buffer.from('{"givenName":"Zo'), Buffer.from([0xeb]), Buffer.from('"}')]);
    for (const type of ['application/json', 'application/json; charset=iso-8859-1']) {
      const headers = { 'content-type': type, authorization: `Bearer ${api.clinic.token.receptionist}` };
      const answer = await fastify.inject({ method: 'POST', url: '/v1/patients', headers, payload: latin });
      expect([answer.statusCode, JSON.parse(answer.body).code]).toEqual([400, 'invalid_input']);
    }
  });

  it('takes no form where JSON is asked for', async () => {
    const answer = await post('/v1/sessions', 'email=a%40b.example&password=x', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_input']);
  });

  it('reads an id in capitals as the same id', async () => {
    const { body } = await post('/v1/patients', { ...someone, givenName: 'Capital', notADuplicate: true });
    const id = String(body['id']).toUpperCase();
    expect((await api.send('receptionist', 'GET', `/v1/patients/${id}`)).status).toBe(200);
    const followUps = await api.send('receptionist', 'GET', `/v1/follow-ups?patientId=${id}`);
    expect(followUps.status).toBe(200);
  });

  it('answers an address that is none as a problem, without echoing it', async () => {
    for (const url of ['/v1/patients/%', '/v1/patients/%ZZ', `/v1/patients/${'x'.repeat(300)}`]) {
      const answer = await api.send<Problem>('receptionist', 'GET', url);
      expect([answer.status, answer.headers['content-type']]).toEqual([
        400,
        'application/problem+json; charset=utf-8',
      ]);
      expect(JSON.stringify(answer.body)).not.toContain('xxx');
    }
  });

  it('leaves a row of who was refused what', async () => {
    const absent = '01900000-0000-7000-8000-00000000dead';
    await api.send('practitioner', 'GET', `/v1/patients/${absent}`);
    await post(`/v1/patients/${absent}/prior-toxins`, { indication: 'x', givenOn: '2026-01-01' });
    const { rows } = await api.db.admin.query(
      `SELECT action, staff_id, detail FROM audit_event WHERE outcome = 'refused' AND entity_id = $1 ORDER BY id`,
      [absent],
    );
    expect(rows).toEqual([
      {
        action: 'request.patient_not_found',
        staff_id: api.clinic.actor.practitioner.staffId,
        detail: { method: 'GET', route: '/v1/patients/:id' },
      },
      {
        action: 'request.not_permitted',
        staff_id: api.clinic.actor.receptionist.staffId,
        detail: { method: 'POST', route: '/v1/patients/:id/prior-toxins' },
      },
    ]);
  });

  it('answers 400 for nesting that no form has', async () => {
    const deep = `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`;
    expect((await post('/v1/patients', deep)).status).toBe(400);
  });

  it('answers 400 for another content type', async () => {
    const answer = await post('/v1/patients', 'givenName=A', { 'content-type': 'text/csv' });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_input']);
  });

  it.each([
    ['limit=0', '/limit'],
    ['limit=1e9', '/limit'],
    ['limit=ten', '/limit'],
    ['after=%00', '/after'],
    ['after=bm90IGpzb24', '/after'],
    ['colour=red', '/colour'],
    ['find=a&find=b', '/find'],
  ])('answers 400 for the query %s', async (query, pointer) => {
    const answer = await api.send<Problem>('receptionist', 'GET', `/v1/patients?${query}`);
    expect([answer.status, answer.body.errors?.[0]]).toEqual([
      400,
      expect.objectContaining({ pointer, in: 'query' }),
    ]);
  });

  it('refuses query parameters and bodies where none is read', async () => {
    const query = await api.send<Problem>('receptionist', 'GET', '/v1/sessions/current?verbose=1');
    expect(query.body.errors).toEqual([{ pointer: '/verbose', in: 'query', detail: expect.any(String) }]);
  });

  it('answers 400 for an id that is none and 404 for one that is absent or of another clinic', async () => {
    const get = (id: string): Promise<Answer<Problem>> =>
      api.send<Problem>('receptionist', 'GET', `/v1/patients/${id}`);
    expect((await get('42')).body).toMatchObject({ status: 400, errors: [{ pointer: '/id', in: 'path' }] });
    const absent = await get('01900000-0000-7000-8000-000000000000');
    expect([absent.status, absent.body.code]).toEqual([404, 'patient_not_found']);
  });

  it('answers 404 for an address or method that is not there', async () => {
    for (const [method, url] of [
      ['GET', '/v1/nothing'],
      ['PUT', '/v1/patients'],
      ['GET', '/'],
    ] as const) {
      const answer = await api.send<Problem>('receptionist', method, url);
      expect([answer.status, answer.body.code]).toEqual([404, 'no_such_endpoint']);
    }
  });

  it('answers 401 without a session and 403 without the permission', async () => {
    const nobody = await api.send<Problem>(null, 'GET', '/v1/patients');
    expect([nobody.status, nobody.body.code, nobody.headers['www-authenticate']]).toEqual([
      401,
      'not_signed_in',
      'Bearer',
    ]);
    const guessed = await api.send<Problem>({ token: 'A'.repeat(43) }, 'GET', '/v1/patients');
    expect(guessed.status).toBe(401);
    const desk = await post('/v1/patients/01900000-0000-7000-8000-000000000000/health-facts', {
      kind: 'allergy',
      text: 'x',
    });
    expect([desk.status, desk.body.code]).toEqual([403, 'not_permitted']);
  });

  describe('the Idempotency-Key', () => {
    it('gives the same answer again for the same body, and 422 for another', async () => {
      const before = await patients();
      const key = { 'idempotency-key': 'register-1' };
      const body = { ...someone, givenName: 'Once' };
      const first = await post('/v1/patients', body, key);
      const again = await post('/v1/patients', body, key);
      expect([first.status, again.status]).toEqual([201, 201]);
      expect(again.body).toEqual(first.body);
      expect(again.headers['etag']).toBe(first.headers['etag']);
      const other = await post('/v1/patients', { ...body, givenName: 'Twice' }, key);
      expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
      const elsewhere = await post(
        `/v1/patients/${String(first.body['id'])}/depart`,
        { cause: 'transferred', on: '2026-01-01' },
        key,
      );
      expect(elsewhere.status).toBe(422);
      expect(await patients()).toBe(before + 1);
    });

    it('never does the work twice, however many send it at once', async () => {
      const before = await patients();
      const send = () =>
        post('/v1/patients', { ...someone, givenName: 'Atonce' }, { 'idempotency-key': 'register-2' });
      const answers = await Promise.all(Array.from({ length: 20 }, send));
      const statuses = new Set(answers.map(({ status }) => status));
      expect([...statuses].every((status) => status === 201 || status === 409)).toBe(true);
      expect(
        answers
          .filter(({ status }) => status === 409)
          .every(({ body }) => body.code === 'idempotency_key_in_flight'),
      ).toBe(true);
      expect(new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body['id'])).size).toBe(
        1,
      );
      expect(await patients()).toBe(before + 1);
    });

    it('belongs to the person who sent it', async () => {
      const key = { 'idempotency-key': 'mine' };
      const body = { ...someone, givenName: 'Mine', notADuplicate: true };
      const mine = await post('/v1/patients', body, key);
      const theirs = await api.send('admin', 'POST', '/v1/patients', { body, headers: key });
      expect(theirs.body['id']).not.toBe(mine.body['id']);
    });

    it('must be plain text', async () => {
      const answer = await post('/v1/patients', someone, { 'idempotency-key': 'with space' });
      expect(answer.body.errors).toEqual([
        expect.objectContaining({ pointer: '/idempotency-key', in: 'header' }),
      ]);
    });
  });

  it('answers 412 to a stale If-Match and keeps the other change', async () => {
    const { body } = await post('/v1/patients', { ...someone, givenName: 'Versioned', notADuplicate: true });
    const url = `/v1/patients/${String(body['id'])}`;
    const patch = (note: string, etag: string) =>
      api.send<Problem>('receptionist', 'PATCH', url, { body: { note }, headers: { 'if-match': etag } });
    const mine = await patch('mine', '"1"');
    expect([mine.status, mine.headers['etag']]).toEqual([200, '"2"']);
    const stale = await patch('stale', '"1"');
    expect([stale.status, stale.body.code, stale.body['present']]).toEqual([412, 'stale_version', 2]);
    expect((await patch('odd', 'two')).status).toBe(400);
    expect((await api.send('receptionist', 'GET', url)).body['note']).toBe('mine');
  });

  it('carries the request id of the caller through, and makes one when it is none', async () => {
    const given = await api.send(null, 'GET', '/health/live', {
      headers: { 'x-request-id': 'desk-0123456789' },
    });
    expect(given.headers['x-request-id']).toBe('desk-0123456789');
    const made = await api.send(null, 'GET', '/health/live', { headers: { 'x-request-id': 'a b' } });
    expect(made.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});
