// `npm run clinic -- <create|list|reset-admin|reseal>`: what only the operator may do, as the role that owns the schema; secrets
// are sealed anew as the service itself.
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { checkout } from './postgres/account.mjs';
import { connected } from './postgres/server.mjs';
import { useKeptDatabase } from './steps/kept-database.mjs';
import { Obstacle, runTool } from './steps/progress.mjs';

const USAGE = `Usage, with MIGRATE_DATABASE_URL (or DATABASE_URL) set to a connection of the schema's owner (npm start keeps one in .revisit/database.env):
  npm run clinic -- create --slug harley --name "Harley Street Skin" --market UK --email office@harley.example --admin "Max Office"
  npm run clinic -- list
  npm run clinic -- reset-admin --slug harley --email office@harley.example [--remove-second-factor]
  npm run clinic -- reseal      with SECRETS_KEYS and DATABASE_URL as the service has them, the new key first: afterwards the old one may go
There are no default passwords: create and reset-admin print a link that sets one, once, within 72 hours.`;

const MARKETS = ['US', 'EU', 'UK', 'CH'];
const LINK_HOURS = 72;
const text = { type: /** @type {const} */ ('string') };
const OPTIONS = {
  slug: text,
  name: text,
  market: text,
  email: text,
  admin: text,
  'remove-second-factor': { type: /** @type {const} */ ('boolean') },
};

/**
 * Founds a clinic with its first admin.
 * @param {import('pg').Client} client
 * @param {{ slug: string, name: string, market: string, email: string, admin: string }} wanted
 * @returns {Promise<{ clinicId: string, token: string }>}
 */
export async function createClinic(client, { slug, name, market, email, admin }) {
  if (!/^[a-z0-9][a-z0-9-]{1,62}$/.test(slug))
    throw new Obstacle('--slug takes 2 to 63 small letters, digits and hyphens.');
  if (!MARKETS.includes(market)) throw new Obstacle(`--market is one of ${MARKETS.join(', ')}.`);
  if (!/^\S+@\S+\.\S+$/.test(email)) throw new Obstacle('--email is the address the admin signs in with.');
  return inTransaction(client, async () => {
    const clinicId = await newId(client);
    await enter(client, clinicId);
    const made = await client.query(
      'INSERT INTO clinic (id, slug, name, market) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      [clinicId, slug, name, market],
    );
    if (made.rowCount === 0) throw new Obstacle(`There is a clinic "${slug}" already.`);
    const staffId = await newId(client);
    await client.query(
      `INSERT INTO staff (clinic_id, id, email, display_name, roles, joined_at) VALUES ($1, $2, $3, $4, ARRAY['admin'], NULL)`,
      [clinicId, staffId, email.toLowerCase(), admin],
    );
    await audit(client, clinicId, 'clinic.create', clinicId);
    return { clinicId, token: await newLink(client, clinicId, staffId, 'invitation') };
  });
}

/**
 * Every clinic, with how many admins can sign in and how many people work there.
 * @param {import('pg').Client} client
 */
export function listClinics(client) {
  return inTransaction(client, async () => {
    await client.query(`SELECT set_config('app.system', 'clinics', true)`);
    const { rows } = await client.query(
      'SELECT id, slug, name, market, created_at::date::text AS since FROM clinic ORDER BY slug',
    );
    const clinics = [];
    for (const { id, ...clinic } of rows) {
      await enter(client, id);
      const { rows: counts } = await client.query(
        `SELECT count(*) FILTER (WHERE 'admin' = ANY (roles) AND joined_at IS NOT NULL)::int AS admins, count(*)::int AS people
           FROM staff WHERE clinic_id = $1 AND active AND kind = 'person'`,
        [id],
      );
      clinics.push({ ...clinic, ...counts[0] });
    }
    return clinics;
  });
}

/**
 * Lets somebody of the clinic back in as an admin: active again, all sessions ended, with a link for a new password; where
 * passwords were forbidden, everybody may use them again.
 * @param {import('pg').Client} client
 * @param {{ slug: string, email: string, removeSecondFactor: boolean }} wanted
 * @returns {Promise<{ token: string, allowedPasswords: boolean }>}
 */
export async function resetAdmin(client, { slug, email, removeSecondFactor }) {
  return inTransaction(client, async () => {
    await client.query(`SELECT set_config('app.clinic_slug', $1, true)`, [slug]);
    const { rows: clinics } = await client.query('SELECT id FROM clinic WHERE slug = $1', [slug]);
    if (clinics.length === 0) throw new Obstacle(`There is no clinic "${slug}": npm run clinic -- list`);
    const [{ id: clinicId }] = clinics;
    await enter(client, clinicId);
    const { rows: people } = await client.query(
      `UPDATE staff SET active = true, deactivated_at = NULL, version = version + 1,
              roles = CASE WHEN 'admin' = ANY (roles) THEN roles ELSE roles || 'admin'::text END
        WHERE clinic_id = $1 AND email = $2 AND kind = 'person' RETURNING id`,
      [clinicId, email.toLowerCase()],
    );
    if (people.length === 0) throw new Obstacle(`Nobody at "${slug}" has the address ${email}.`);
    const [{ id: staffId }] = people;
    await client.query(
      'UPDATE session SET revoked_at = now() WHERE clinic_id = $1 AND staff_id = $2 AND revoked_at IS NULL',
      [clinicId, staffId],
    );
    if (removeSecondFactor) {
      for (const table of ['recovery_code', 'second_factor'])
        await client.query(`DELETE FROM ${table} WHERE clinic_id = $1 AND staff_id = $2`, [
          clinicId,
          staffId,
        ]);
    }
    const { rowCount } = await client.query(
      'UPDATE clinic SET passwords_allowed = true WHERE id = $1 AND NOT passwords_allowed',
      [clinicId],
    );
    const allowedPasswords = rowCount === 1;
    if (allowedPasswords) await audit(client, clinicId, 'sign-in-policy.change', clinicId);
    await audit(client, clinicId, 'staff.reset-admin', staffId);
    return { token: await newLink(client, clinicId, staffId, 'reset'), allowedPasswords };
  });
}

async function newLink(client, clinicId, staffId, purpose) {
  const token = randomBytes(32).toString('base64url');
  await client.query('DELETE FROM account_token WHERE clinic_id = $1 AND staff_id = $2 AND used_at IS NULL', [
    clinicId,
    staffId,
  ]);
  await client.query(
    `INSERT INTO account_token (clinic_id, id, staff_id, purpose, token_hash, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, now(), now() + make_interval(hours => $6))`,
    [
      clinicId,
      await newId(client),
      staffId,
      purpose,
      createHash('sha256').update(token).digest(),
      LINK_HOURS,
    ],
  );
  return token;
}

const audit = (client, clinicId, action, entityId) =>
  client.query(
    `INSERT INTO audit_event (clinic_id, at, action, entity, entity_id, outcome, detail)
     VALUES ($1, now(), $2, split_part($2, '.', 1), $3, 'done', '{"by":"operator"}')`,
    [clinicId, action, entityId],
  );

const enter = (client, clinicId) => client.query(`SELECT set_config('app.clinic_id', $1, true)`, [clinicId]);

/** A UUID of version 7, as the service makes them: 48 bits of time, the rest random. */
async function newId(client) {
  const { rows } = await client.query(
    `SELECT lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') AS time`,
  );
  const random = randomBytes(10).toString('hex');
  const variant = '89ab'[randomBytes(1)[0] % 4];
  const hex = `${rows[0].time}7${random.slice(0, 3)}${variant}${random.slice(3, 18)}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

async function inTransaction(client, work) {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** The owner's connection: as set, or as `npm start` keeps it. */
function ownerUrl() {
  useKeptDatabase();
  const url = process.env['MIGRATE_DATABASE_URL'] || process.env['DATABASE_URL'];
  if (!url) throw new Obstacle(USAGE);
  return url;
}

/** Where links begin, known before anything is changed. */
function linkBase() {
  const webUrl = process.env['WEB_URL'];
  if (!webUrl && process.env['NODE_ENV'] === 'production')
    throw new Obstacle(
      'WEB_URL is missing: the address people open the service at; the link begins with it.',
    );
  return `${(webUrl || 'http://127.0.0.1:3000').replace(/\/+$/, '')}/set-password#`;
}

async function main() {
  const { command, values } = readArguments();
  const need = (...names) =>
    Object.fromEntries(
      names.map((name) => {
        const value = values[name]?.trim();
        if (!value) throw new Obstacle(`--${name} is missing.\n${USAGE}`);
        return [name, value];
      }),
    );
  if (command === 'reseal') return reseal();
  await connected(ownerUrl(), async (client) => {
    if (command === 'list') return console.table(await listClinics(client));
    const base = linkBase();
    if (command === 'create') {
      const { token } = await createClinic(client, need('slug', 'name', 'market', 'email', 'admin'));
      return console.log(
        `The clinic is founded. Its admin chooses a password here, within ${LINK_HOURS} hours:\n${base}${token}`,
      );
    }
    if (command !== 'reset-admin') throw new Obstacle(USAGE);
    const removeSecondFactor = values['remove-second-factor'] ?? false;
    const { token, allowedPasswords } = await resetAdmin(client, {
      ...need('slug', 'email'),
      removeSecondFactor,
    });
    if (allowedPasswords) console.log('Passwords were forbidden at this clinic and are allowed again.');
    console.log(`They choose a new password here, within ${LINK_HOURS} hours:\n${base}${token}`);
  });
}

/** Seals every secret with the newest key. What is stopped half-way is run again. */
async function reseal() {
  useKeptDatabase();
  if (!process.env['DATABASE_URL'] || !process.env['SECRETS_KEYS']) throw new Obstacle(USAGE);
  const { ensureBuilt } = await import('./steps/build.mjs');
  await ensureBuilt();
  const { resealAll } = await import(pathToFileURL(join(checkout, 'dist/apps/worker/src/reseal.js')).href);
  const { clinics, resealed, unreadable } = await resealAll();
  console.log(
    `${resealed} secrets of ${clinics} clinics were sealed anew; every other one had the newest key already.`,
  );
  for (const { clinicId, table, id } of unreadable)
    console.log(`  ${table} ${id} of clinic ${clinicId} opens with none of the keys given.`);
  if (unreadable.length > 0)
    throw new Obstacle(
      `${unreadable.length} secrets were left as they are: keep the key they were sealed with.`,
    );
}

function readArguments() {
  try {
    const { positionals, values } = parseArgs({ options: OPTIONS, allowPositionals: true });
    return { command: positionals[0], values };
  } catch (error) {
    throw new Obstacle(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runTool(main);
