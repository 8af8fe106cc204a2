// Roles and databases of a server, seen from its administrator.
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { Obstacle } from '../steps/progress.mjs';

const OLDEST = 18;
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'ECONNRESET',
  'EHOSTUNREACH',
]);

/** A URL without its password, fit for a message. @param {string} url */
export function shown(url) {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${hostname}${port && `:${port}`}${pathname}`;
  } catch {
    return 'the database URL';
  }
}

/**
 * Connects, works, disconnects; a server that cannot be used is an obstacle with its reason.
 * @template T
 * @param {string} url
 * @param {(client: Client) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function connected(url, work) {
  const client = await connect(url);
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Whether a URL's role and password are let in. @param {string} url */
export async function accepts(url) {
  return connected(url, async () => true).catch(() => false);
}

async function connect(url) {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new Obstacle('A database URL must look like postgresql://role:password@host:5432/database.');
  }
  try {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
    // A server that stops while we are connected must not end this process.
    client.on('error', () => {});
    await client.connect();
    return client;
  } catch (error) {
    throw new Obstacle(refusalOf(error, url));
  }
}

function refusalOf(error, url) {
  const where = shown(url);
  if (UNREACHABLE.has(error.code))
    return `No database answers at ${where}: start it, or correct the URL in the environment.`;
  if (error.code === '28P01' || error.code === '28000') {
    return `The database at ${where} refuses this user or password: correct the URL in the environment.`;
  }
  if (error.code === '3D000')
    return `There is no database ${where}: create it, or correct the URL in the environment.`;
  return `The database at ${where} cannot be used: ${error.message}`;
}

/**
 * Refuses a server older than PostgreSQL 18, which the migrations and `uuidv7()` need.
 * @param {Client} client
 */
export async function requireVersion(client) {
  const { rows } = await client.query('SHOW server_version_num');
  const major = Math.floor(Number(rows[0].server_version_num) / 10_000);
  if (major >= OLDEST) return;
  throw new Obstacle(`This database is PostgreSQL ${major}; Revisit needs ${OLDEST} or later.`);
}

/**
 * Makes (or gives a new password to) the role that owns the schema: no superuser, bound by row-level security.
 * @param {Client} admin
 * @returns {Promise<string>} its password
 */
export async function letOwnerSignIn(admin) {
  const password = randomBytes(24).toString('hex');
  const { rowCount } = await admin.query("SELECT FROM pg_roles WHERE rolname = 'revisit_owner'");
  if (rowCount === 0) await admin.query('CREATE ROLE revisit_owner');
  await admin.query(
    `ALTER ROLE revisit_owner LOGIN NOSUPERUSER NOBYPASSRLS CREATEROLE CREATEDB PASSWORD '${password}'`,
  );
  return password;
}

/**
 * Makes a database unless it is there.
 * @param {Client} admin
 * @param {string} name
 * @param {string} [owner]
 */
export async function makeDatabase(admin, name, owner) {
  const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (rowCount !== 0) return;
  const of = owner ? ` OWNER ${admin.escapeIdentifier(owner)}` : '';
  await admin.query(`CREATE DATABASE ${admin.escapeIdentifier(name)}${of}`);
}

/**
 * Gives the service role, which the migrations made without a login, a password.
 * @param {Client} admin a superuser, or the role that made it
 * @param {string} password
 */
export async function letServiceSignIn(admin, password) {
  await admin.query(`ALTER ROLE revisit_service LOGIN PASSWORD ${admin.escapeLiteral(password)}`);
}

/**
 * The same server and database for another role.
 * @param {string} url
 * @param {string} user
 * @param {string} password
 */
export function urlFor(url, user, password) {
  const other = new URL(url);
  other.username = encodeURIComponent(user);
  other.password = encodeURIComponent(password);
  return other.href;
}
