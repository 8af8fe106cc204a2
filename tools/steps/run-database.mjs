// The database `npm start` serves from: the one that comes with Revisit, or the user's own by DATABASE_URL.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  accepts,
  connected,
  letOwnerSignIn,
  letServiceSignIn,
  makeDatabase,
  requireVersion,
  shown,
  urlFor,
} from '../postgres/server.mjs';
import { startEmbeddedPostgres } from '../postgres/embedded-postgres.mjs';
import { migrate } from '../migrate.mjs';
import { checkout, databaseFolder, serverAccount } from '../postgres/account.mjs';
import { Obstacle, step } from './progress.mjs';

const USUAL_PORT = 54_329;

/**
 * @typedef {object} RunningDatabase
 * @property {string} serviceUrl for the apps: a role that owns nothing
 * @property {string} ownerUrl for migrations
 * @property {string} description one line for the reader
 * @property {Promise<void>} [exited] settles when the embedded server ends, wanted or not
 * @property {() => Promise<void>} stop
 */

/** @returns {Promise<RunningDatabase>} migrated and ready to serve */
export async function openDatabase() {
  const given = process.env['DATABASE_URL'];
  return given ? useGiven(given) : useEmbedded();
}

async function useEmbedded() {
  const account = serverAccount();
  const { folder, outside } = databaseFolder(account);
  if (outside) {
    console.log(`  The database's account cannot enter ${checkout}, so its data is kept in ${folder}.`);
  }
  const server = await step('Starting PostgreSQL', () =>
    startEmbeddedPostgres({ folder, account, ...ports(), say: (line) => console.log(`  ${line}`) }),
  );
  try {
    const ownerUrl = await connected(server.url('postgres'), async (admin) => {
      const password = await letOwnerSignIn(admin);
      await makeDatabase(admin, 'revisit', 'revisit_owner');
      return urlFor(server.url('revisit'), 'revisit_owner', password);
    });
    await step('Bringing the schema up to date', () => migrate(ownerUrl));
    const password = randomBytes(24).toString('hex');
    await connected(server.url('revisit'), (admin) => letServiceSignIn(admin, password));
    const serviceUrl = urlFor(ownerUrl, 'revisit_service', password);
    const note = join(checkout, '.revisit/database.env');
    keep(note, `DATABASE_URL=${serviceUrl}\nMIGRATE_DATABASE_URL=${ownerUrl}\n`);
    const description = `PostgreSQL 18 on port ${server.port}, data in ${join(folder, 'data')}, URLs in .revisit/database.env`;
    return { serviceUrl, ownerUrl, description, exited: server.exited, stop: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The port the user insists on, or the usual one while it is free. */
function ports() {
  const fixed = process.env['REVISIT_DATABASE_PORT'];
  if (!fixed) return { preferredPort: USUAL_PORT };
  const port = Number(fixed);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return { port };
  throw new Obstacle(`REVISIT_DATABASE_PORT must be a port number, not "${fixed}".`);
}

async function useGiven(url) {
  const ownerUrl = process.env['MIGRATE_DATABASE_URL'] || url;
  await connected(url, requireVersion);
  await connected(ownerUrl, requireMigrator);
  await step('Bringing the schema up to date', () => migrate(ownerUrl));
  const role = await connected(url, roleFacts);
  const done = { ownerUrl, stop: async () => {} };
  if (!role.passesBy) {
    return { ...done, serviceUrl: url, description: `${shown(url)} as ${role.name} (DATABASE_URL)` };
  }
  if (process.env['NODE_ENV'] === 'production') {
    throw new Obstacle(
      `The role ${role.name} of DATABASE_URL ${role.passesBy}, so row-level security would not hold it: in production give DATABASE_URL a login that is a member of revisit_service, and this one as MIGRATE_DATABASE_URL.`,
    );
  }
  const serviceUrl = await step('Giving the service its own role', () => serviceLogin(url));
  const description = `${shown(url)} as revisit_service, because ${role.name} ${role.passesBy}`;
  return { ...done, serviceUrl, description };
}

/** The migrations change the schema and make revisit_service; without the right to, somebody else must have. */
async function requireMigrator(client) {
  const { rows } = await client.query(`
    SELECT current_user AS name, rolsuper OR rolcreaterole AS "makesRoles",
           has_schema_privilege('public', 'CREATE') AS "changesSchema",
           EXISTS (SELECT FROM pg_roles WHERE rolname = 'revisit_service') AS "serviceThere"
      FROM pg_roles WHERE rolname = current_user`);
  const [{ name, makesRoles, changesSchema, serviceThere }] = rows;
  if (!changesSchema) {
    throw new Obstacle(
      `The role ${name} may not change the schema: put the owner’s URL in MIGRATE_DATABASE_URL, beside DATABASE_URL.`,
    );
  }
  if (makesRoles || serviceThere) return;
  throw new Obstacle(
    `The role ${name} may not create roles, and revisit_service is not there yet: let an administrator run \`CREATE ROLE revisit_service; GRANT revisit_service TO ${name} WITH ADMIN OPTION;\`, or give ${name} CREATEROLE, then try again.`,
  );
}

/** What lets a role see past row-level security, as the end of a sentence; null for a fit one. */
async function roleFacts(client) {
  const { rows } = await client.query(`
    SELECT r.rolname AS name,
           CASE WHEN r.rolsuper THEN 'is a superuser'
                WHEN r.rolbypassrls THEN 'may bypass row-level security'
                WHEN EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                              WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
                                AND pg_has_role(r.oid, c.relowner, 'MEMBER')) THEN 'owns the tables'
           END AS "passesBy"
      FROM pg_roles r WHERE r.rolname = current_user`);
  return rows[0];
}

/** A password for revisit_service, kept for this server; one that somebody else gave it is left alone. */
async function serviceLogin(url) {
  const file = join(checkout, '.revisit/service-logins.json');
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const server = new URL(url).host;
  const known = kept[server];
  if (known && (await accepts(urlFor(url, 'revisit_service', known))))
    return urlFor(url, 'revisit_service', known);
  const password = randomBytes(24).toString('hex');
  await connected(url, async (client) => {
    const { rows } = await client.query("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'revisit_service'");
    if (rows[0]?.rolcanlogin && !known) {
      throw new Obstacle(
        'The role revisit_service of this server has a password already: put its URL in DATABASE_URL and the owner’s in MIGRATE_DATABASE_URL, or run `ALTER ROLE revisit_service NOLOGIN` to let npm start give it a new one.',
      );
    }
    await letServiceSignIn(client, password).catch((error) => {
      throw new Obstacle(
        `revisit_service could not be given a password (${error.message}): let an administrator do it, and put its URL in DATABASE_URL and the owner’s in MIGRATE_DATABASE_URL.`,
      );
    });
  });
  keep(file, JSON.stringify({ ...kept, [server]: password }, undefined, 2));
  return urlFor(url, 'revisit_service', password);
}

/** Writes a file only its owner can read. */
function keep(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
}
