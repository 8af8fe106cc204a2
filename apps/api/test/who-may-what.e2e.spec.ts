import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { isRole, permissionsOf, SCOPES } from '#identity';
import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';

import { seed } from '../../../prisma/seed/main.js';
import { describeApi } from '../src/configure.js';
import { joinKey, joinPerson, openSession } from './harness/callers.js';
import { isIdField, singular } from './harness/id-fields.js';
import { TestApi, type Answer } from './harness/test-api.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const ABSENT = '01900000-0000-7000-8000-00000000dead';
/** Ends the sessions that ask: tried last. */
const LAST = ['DELETE /v1/sessions/others', 'DELETE /v1/sessions/current'];
/** Both refuse everybody alike before a handler is reached. */
const STOPPED = new Set(['not_signed_in', 'not_permitted', 'second_factor_due']);

/** Fields that are taken without a look at what they name: neither answer tells whether the row exists. */
/** Refused for something else before it is looked up: the example is refused itself, or the place takes no id. */
const REFUSED_BEFORE: readonly string[] = [
  'GET /v1/photos/{id}/file id: 400',
  'PATCH /v1/patients/{id} id: 400',
  'POST /v1/consultations/{id}/consents id: 400',
  'POST /v1/consultations/{id}/findings/{findingKey}/decide findingKey: 409',
  'POST /v1/patients/{id}/documents id: 400',
  'POST /v1/patients/{id}/emergency-access id: 400',
  'POST /v1/patients/{id}/photos id: 400',
  'POST /v1/practitioners/{id}/absences id: 400',
  'PUT /v1/repeat-visits/message-templates/{language} language: 400',
];

const NOT_LOOKED_UP = [
  // A list of who was erased before a backup was restored: whoever the backup lacks is passed over.
  'POST /v1/erased-patients/erase-again patientIds',
  // Beside an absence, which says where and when, the place and the span are not read.
  'POST /v1/group-moves locationId',
];

interface Route {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly permission: string;
  readonly body: Record<string, unknown> | null;
}

interface Caller {
  readonly kind: string;
  readonly token: string | null;
  readonly may: (permission: string) => boolean;
  /** What those are told who may not. */
  readonly told: 'not_signed_in' | 'not_permitted';
}

/** Generated from what the handlers declare: a new route is in it the day it is written. */
describe('who may what', () => {
  let api: TestApi;
  let routes: Route[];
  const clinics = { own: '', foreign: '' };
  const counts: Record<string, number> = {};
  const count = (what: string): void => void (counts[what] = (counts[what] ?? 0) + 1);

  const send = ({ method, path, body }: Route, token: string | null, sent: unknown = body): Promise<Answer> =>
    api.send(token === null ? null : { token }, method, path, sent === null ? {} : { body: sent });

  const staffOf = (roles: string[], isPrescriber = false, clinicId = clinics.own): Promise<string> =>
    joinPerson(api.db.admin, clinicId, { roles, isPrescriber });
  const sessionOf = async (staffId: string, change = '', clinicId = clinics.own): Promise<string> => {
    const token = await openSession(api.db.admin, clinicId, staffId);
    if (change)
      await api.db.admin.query(`UPDATE session SET ${change} WHERE token_hash = $1`, [sha256(token)]);
    return token;
  };
  const keyWith = async (scopes: string[]): Promise<string> =>
    (await joinKey(api.db.admin, clinics.own, scopes)).token;

  beforeAll(async () => {
    api = await TestApi.start();
    await seed({ ownerUrl: api.db.adminUrl });
    const { rows } = await api.db.admin.query<{ id: string }>(
      `SELECT id FROM clinic WHERE id <> $1 ORDER BY slug DESC`,
      [api.clinic.clinicId],
    );
    [clinics.own, clinics.foreign] = [String(rows[0]?.id), String(rows[1]?.id)];
    // The fields of bodies are written by the build's plugin: the kept document has them, and a check holds it to the code.
    const kept: unknown = JSON.parse(
      await readFile(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'),
    );
    routes = routesOf(describeApi(api.app), kept as OpenAPIObject);
  }, 120_000);
  afterAll(() => api.stop());

  it('every route answers every kind of caller as its permission says', async () => {
    const everybody = await callers();
    const wrong: string[] = [];
    for (const route of routes) {
      for (const { kind, token, may, told } of everybody) {
        const shown = await send({ ...route, path: withIds(route.path, ABSENT), body: null }, token);
        const code = String(shown.body['code']);
        const expected = route.permission === 'none' || may(route.permission) ? 'let in' : told;
        const got = STOPPED.has(code) ? code : 'let in';
        // The open routes have refusals of their own for who has no right to be there.
        if (route.permission !== 'none' && expected !== got) wrong.push(`${kind} ${route.name}: ${got}`);
        if (shown.status >= 500 && shown.status !== 503) wrong.push(`${kind} ${route.name}: ${shown.status}`);
        count(`${kind}: ${expected}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 240_000);

  it('an id of another clinic is answered as one that never was, in every path', async () => {
    const everything = await sessionOf(await staffOf(['receptionist', 'practitioner', 'admin'], true));
    const [own, foreign] = [await idsByTable(clinics.own), await idsByTable(clinics.foreign)];
    const others: string[] = [];
    const leaks: string[] = [];
    for (const route of routes.filter(
      ({ path, permission }) => path.includes('{') && permission !== 'none',
    )) {
      // One place after another, the others filled with rows of one's own: the second is not asked where the first refuses.
      for (const place of placesOf(route.path)) {
        const asked = (id: string): Promise<Answer> =>
          send({ ...route, path: withOneOf(route.path, place, id, own) }, everything);
        const absent = await asked(ABSENT);
        if (absent.status !== 404) others.push(`${route.name} ${place.name}: ${absent.status}`);
        for (const [table, id] of tablesFor(route.path, foreign)) {
          const other = plain(await asked(id));
          if (other !== plain(absent))
            leaks.push(`${route.name} with a ${table}: ${other} instead of ${plain(absent)}`);
          count('foreign ids in paths');
        }
      }
    }
    expect(others.toSorted((one, two) => one.localeCompare(two))).toEqual(REFUSED_BEFORE);
    expect(leaks).toEqual([]);
    expect(counts['foreign ids in paths']).toBeGreaterThan(50);
  }, 240_000);

  it('an id of another clinic is answered as one that never was, in every field of a body', async () => {
    const everything = await sessionOf(await staffOf(['receptionist', 'practitioner', 'admin'], true));
    const [own, foreign] = [await idsByTable(clinics.own), await idsByTable(clinics.foreign)];
    const unchecked: string[] = [];
    const leaks: string[] = [];
    for (const route of routes.filter(({ body, permission }) => body !== null && permission !== 'none')) {
      const mine = ownPath(route.path, own);
      for (const field of idFields(route.body)) {
        const [table] = tablesFor(`/${field.replace(/Ids?$/, '')}`, foreign);
        if (!table) continue;
        const filled = fill(route.body ?? {}, own);
        const ask = (id: string): Promise<Answer> =>
          send({ ...route, path: mine }, everything, put(filled, field, id));
        const absent = await ask(ABSENT);
        count('foreign ids in bodies');
        count(`foreign ids in bodies answered ${absent.status}`);
        if (absent.status < 300) {
          unchecked.push(`${route.name} ${field}`);
          continue;
        }
        const other = await ask(table[1]);
        if (plain(absent) !== plain(other))
          leaks.push(`${route.name} ${field}: ${plain(other)} instead of ${plain(absent)}`);
      }
    }
    expect(unchecked.toSorted((one, two) => one.localeCompare(two))).toEqual(NOT_LOOKED_UP);
    expect(leaks).toEqual([]);
    expect(counts['foreign ids in bodies']).toBeGreaterThan(10);
  }, 240_000);

  it('a draft is changed, signed and thrown away by its practitioner only', async () => {
    const [mine, theirs] = [await staffOf(['practitioner'], true), await staffOf(['practitioner'], true)];
    const [me, them] = [await sessionOf(mine), await sessionOf(theirs)];
    const verbs = routes.filter(
      ({ path, permission, method }) =>
        path.startsWith('/v1/treatments/{id}') &&
        method !== 'GET' &&
        permission.startsWith('treatments:') &&
        /(injections|sign)$|\{id\}$/.test(path),
    );
    expect(verbs.length).toBeGreaterThanOrEqual(3);
    const body = (route: Route): unknown => (route.method === 'PUT' ? { injections: [] } : route.body);
    for (const route of verbs.toSorted(
      (one, other) => Number(one.method === 'DELETE') - Number(other.method === 'DELETE'),
    )) {
      const path = withIds(route.path, await aDraftOf(mine));
      const other = await send({ ...route, path }, them, body(route));
      expect([route.name, other.body['code']]).toEqual([route.name, 'treatment_of_another']);
      const own = await send({ ...route, path }, me, body(route));
      expect([route.name, own.body['code']]).not.toEqual([route.name, 'treatment_of_another']);
      count('own and other’s draft');
    }
  });

  it('a receptionist sees no injection, finding or outcome until the clinic allows it', async () => {
    const desk = await sessionOf(await staffOf(['receptionist']));
    const { rows } = await api.db.admin.query<{ id: string }>(
      `SELECT id FROM treatment WHERE clinic_id = $1 AND status = 'signed' LIMIT 1`,
      [clinics.own],
    );
    const read = () => api.send({ token: desk }, 'GET', `/v1/treatments/${rows[0]?.id}`);
    expect((await read()).body['code']).toBe('not_permitted');
    await api.db.admin.query('UPDATE clinic SET desk_reads_charts = true WHERE id = $1', [clinics.own]);
    expect((await read()).status).toBe(200);
    const write = await api.send({ token: desk }, 'POST', `/v1/patients/${ABSENT}/health-facts`, {
      body: {},
    });
    expect(write.body['code']).toBe('not_permitted');
    await api.db.admin.query('UPDATE clinic SET desk_reads_charts = false WHERE id = $1', [clinics.own]);
    expect((await read()).status).toBe(403);
  });

  it('who may only read charts changes nothing in them', () => {
    const changing = routes.filter(
      ({ method, permission }) => method !== 'GET' && permission === 'charts:read',
    );
    expect(changing.map(({ name }) => name)).toEqual([]);
  });

  it('counts what was tried', () => {
    process.stdout.write(`${JSON.stringify({ routes: routes.length, ...counts }, null, 1)}\n`);
    expect(routes.length).toBeGreaterThan(100);
  });

  async function callers(): Promise<Caller[]> {
    const person = async (kind: string, roles: string[], isPrescriber = false): Promise<Caller> => ({
      kind,
      token: await sessionOf(await staffOf(roles, isPrescriber)),
      may: (permission) =>
        permission === 'signed-in' || new Set<string>(permissionsOf(roles.filter(isRole))).has(permission),
      told: 'not_permitted',
    });
    const nobody = (kind: string, token: string | null): Caller => ({
      kind,
      token,
      may: () => false,
      told: 'not_signed_in',
    });
    const desk = await staffOf(['receptionist', 'practitioner', 'admin'], true);
    const key = async (kind: string, scopes: string[]): Promise<Caller> => ({
      kind,
      token: await keyWith(scopes),
      may: (permission) => scopes.includes(permission),
      told: 'not_permitted',
    });
    return [
      await person('receptionist', ['receptionist']),
      await person('practitioner', ['practitioner']),
      await person('prescriber', ['practitioner'], true),
      await person('admin', ['admin']),
      nobody('nobody', null),
      nobody('guessed token', 'A'.repeat(43)),
      nobody('expired session', await sessionOf(desk, `expires_at = now() - interval '1 second'`)),
      nobody('idle session', await sessionOf(desk, `last_seen_at = now() - interval '3 hours'`)),
      nobody('revoked session', await sessionOf(desk, 'revoked_at = now()')),
      await key('key without scope', []),
      await key('key with every scope', [...SCOPES]),
    ];
  }

  /** The id of some row of a clinic, table by table. */
  async function idsByTable(clinicId: string): Promise<Map<string, string>> {
    const { rows: tables } = await api.db.admin.query<{ name: string }>(`
      SELECT table_name AS name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
       WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND column_name IN ('clinic_id', 'id') AND udt_name = 'uuid'
       GROUP BY table_name HAVING count(*) = 2 ORDER BY table_name`);
    const found = new Map<string, string>();
    for (const { name } of tables) {
      const { rows } = await api.db.admin.query<{ id: string }>(
        `SELECT id FROM "${name}" WHERE clinic_id = $1 ORDER BY id LIMIT 1`,
        [clinicId],
      );
      if (rows[0]) found.set(name, rows[0].id);
    }
    const { rows } = await api.db.admin.query<{ id: string }>(
      `SELECT id FROM staff WHERE clinic_id = $1 AND 'practitioner' = ANY (roles) ORDER BY id LIMIT 1`,
      [clinicId],
    );
    return found.set('practitioner', String(rows[0]?.id)).set('prescriber', String(rows[0]?.id));
  }

  async function aDraftOf(practitionerId: string): Promise<string> {
    const id = newId();
    const { rows } = await api.db.admin.query<Record<string, unknown>>(
      `SELECT * FROM treatment WHERE clinic_id = $1 AND status = 'signed' AND kind = 'full' LIMIT 1`,
      [clinics.own],
    );
    const draft: Record<string, unknown> = {
      ...rows[0],
      id,
      practitioner_id: practitionerId,
      status: 'draft',
    };
    for (const name of Object.keys(draft))
      if (/^(signed_|content_hash|appointment_id|amends_id)/.test(name)) draft[name] = null;
    await api.db.admin.query(
      `INSERT INTO treatment SELECT * FROM json_populate_record(NULL::treatment, $1)`,
      [JSON.stringify(draft)],
    );
    return id;
  }
});

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

const withIds = (path: string, id: string): string => path.replace(/\{[^}]+\}/g, id);

interface Place {
  readonly name: string;
  readonly at: number;
}

/** Where ids stand in a path. */
const placesOf = (path: string): Place[] =>
  [...path.matchAll(/\{([^}]+)\}/g)].map(({ 1: name = '', index }) => ({ name, at: index }));

/** The path with an id in one place and rows of one's own, by the word before, in the others. */
const withOneOf = (path: string, place: Place, id: string, own: ReadonlyMap<string, string>): string =>
  path.replace(/\{[^}]+\}/g, (_, at: number) => {
    if (at === place.at) return id;
    const before = path.slice(0, at).split('/').at(-2) ?? '';
    return tablesFor(`/${before}`, own)[0]?.[1] ?? ABSENT;
  });

/** The answer as sent, without what differs between any two requests: the request's id and the ids it was asked with. */
function plain({ status, body }: Answer): string {
  const { requestId: _, ...rest } = body;
  return `${status} ${JSON.stringify(rest)}`
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replace(/"createdAt":"[^"]+"/g, '"createdAt":"<now>"');
}

/** The tables whose rows a path or a field may mean, by their names; all of them when none fits. */
function tablesFor(path: string, ids: ReadonlyMap<string, string>): [string, string][] {
  const words = path
    .replace(/\{[^}]+\}/g, '')
    .split(/[/-]/)
    .filter((word) => word.length > 2)
    .map((word) => singular(word.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)));
  const fitting = [...ids].filter(([table]) =>
    words.some((word) => table.includes(word) || word.includes(table)),
  );
  return fitting.length > 0 ? fitting : [...ids];
}

function ownPath(path: string, own: ReadonlyMap<string, string>): string {
  const [, first = ''] = /^\/v1\/([\w-]+)/.exec(path) ?? [];
  const [one] = tablesFor(`/${first}`, own);
  return withIds(path, one?.[1] ?? ABSENT);
}

/** The id fields of a body, as JSON pointers without their first slash. */
function idFields(value: unknown, at = ''): string[] {
  if (Array.isArray(value)) return idFields(value[0], `${at}0/`);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    isIdField(name) ? [`${at}${name}`] : idFields(inner, `${at}${name}/`),
  );
}

/** The example with ids of one's own clinic wherever one is asked for. */
function fill(value: unknown, own: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((inner) => fill(inner, own));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (!isIdField(name)) return [name, fill(inner, own)];
      const id = tablesFor(`/${name.replace(/Ids?$/, '')}`, own)[0]?.[1] ?? ABSENT;
      return [name, Array.isArray(inner) ? [id] : id];
    }),
  );
}

function put(value: unknown, pointer: string, id: string): unknown {
  const [first = '', ...rest] = pointer.split('/');
  if (Array.isArray(value))
    return value.map((inner, index) => (String(index) === first ? put(inner, rest.join('/'), id) : inner));
  const held = value as Record<string, unknown>;
  if (rest.length > 0) return { ...held, [first]: put(held[first], rest.join('/'), id) };
  return { ...held, [first]: Array.isArray(held[first]) ? [id] : id };
}

function routesOf(document: OpenAPIObject, kept: OpenAPIObject): Route[] {
  const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    METHODS.flatMap((method): Route[] => {
      const operation = operations[method];
      if (!operation) return [];
      const permission: unknown = Reflect.get(operation, 'x-permission');
      const known = kept.paths[path]?.[method]?.requestBody;
      const body: unknown = known && 'content' in known ? known.content['application/json']?.example : null;
      const upper = method.toUpperCase() as Route['method'];
      return [
        {
          name: `${upper} ${path}`,
          method: upper,
          path,
          permission: typeof permission === 'string' ? permission : '(none declared)',
          body: typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : null,
        },
      ];
    }),
  );
  return routes.toSorted((one, other) => LAST.indexOf(one.name) - LAST.indexOf(other.name));
}
