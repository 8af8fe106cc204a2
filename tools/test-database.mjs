// Jest's globalSetup: one real PostgreSQL a run, with the real migrations in a template that each test clones.
//   TEST_DATABASE unset           the embedded server, in a temporary folder
//   TEST_DATABASE=testcontainers  postgres:18 in a container
//   TEST_DATABASE=<url>           a server of yours; the role makes and drops databases named revisit_test_…
// Tests find it by REVISIT_TEST_ADMIN_URL, REVISIT_TEST_TEMPLATE (clones are named `<template>_…`),
// REVISIT_TEST_SERVICE_USER and REVISIT_TEST_SERVICE_PASSWORD.
import { randomBytes } from 'node:crypto';
import { migrate } from './migrate.mjs';
import {
  connected,
  letOwnerSignIn,
  letServiceSignIn,
  makeDatabase,
  requireVersion,
  urlFor,
} from './postgres/server.mjs';
import { onceStopped, startTemporaryServer } from './postgres/temporary-server.mjs';
import { explain, Obstacle } from './steps/progress.mjs';

/** Called by jest before the first test that needs a database. */
export default async function setup() {
  try {
    const stop = await startTestDatabase();
    globalThis.stopTestDatabase = stop;
  } catch (error) {
    console.error(explain(error));
    process.exit(1);
  }
}

/** @returns {Promise<() => Promise<void>>} drops what was made and stops what was started */
async function startTestDatabase() {
  const choice = process.env['TEST_DATABASE'] ?? '';
  if (choice === '') return onEmbedded();
  if (choice === 'testcontainers') return onContainer();
  const drop = await prepareTemplate(choice, 'shared');
  return onceStopped(drop);
}

async function onEmbedded() {
  const server = await startTemporaryServer();
  return preparing(server.url('postgres'), server.stop);
}

async function onContainer() {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await new PostgreSqlContainer('postgres:18')
    .withCommand([
      'postgres',
      '-c',
      'fsync=off',
      '-c',
      'timezone=UTC',
      '-c',
      'deadlock_timeout=200ms',
      '-c',
      'max_connections=200',
    ])
    .start();
  const stop = () => container.stop().then(() => undefined);
  return preparing(container.getConnectionUri(), stop);
}

async function preparing(adminUrl, stop) {
  const stopOnce = onceStopped(stop);
  try {
    await prepareTemplate(adminUrl, 'ours');
    return stopOnce;
  } catch (error) {
    await stopOnce();
    throw error;
  }
}

/**
 * The template database, owned like a real one: on a server of ours by revisit_owner, on a shared server by its role.
 * There the tests sign in as a member of revisit_service, whose password belongs to whoever runs that server.
 * @param {string} adminUrl
 * @param {'ours' | 'shared'} server
 * @returns {Promise<() => Promise<void>>} drops databases and roles of this run
 */
async function prepareTemplate(adminUrl, server) {
  const template = `revisit_test_${randomBytes(4).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  const user = server === 'ours' ? 'revisit_service' : `${template}_service`;
  const templateUrl = new URL(adminUrl);
  templateUrl.pathname = `/${template}`;
  let madeService = false;
  const drop = () => connected(adminUrl, (admin) => dropRun(admin, template, madeService));
  try {
    const migrator = await connected(adminUrl, async (admin) => {
      await requireVersion(admin);
      const { rowCount } = await admin.query("SELECT FROM pg_roles WHERE rolname = 'revisit_service'");
      madeService = rowCount === 0;
      if (server === 'shared') {
        await requireMight(admin);
        await makeDatabase(admin, template);
        return templateUrl.href;
      }
      const ownerPassword = await letOwnerSignIn(admin);
      await makeDatabase(admin, template, 'revisit_owner');
      return urlFor(templateUrl.href, 'revisit_owner', ownerPassword);
    });
    await migrate(migrator);
    await connected(adminUrl, async (admin) => {
      if (server === 'ours') await letServiceSignIn(admin, password);
      else await letMemberSignIn(admin, user, password);
    });
  } catch (error) {
    await drop().catch(() => {});
    throw error;
  }
  process.env['REVISIT_TEST_ADMIN_URL'] = adminUrl;
  process.env['REVISIT_TEST_TEMPLATE'] = template;
  process.env['REVISIT_TEST_SERVICE_USER'] = user;
  process.env['REVISIT_TEST_SERVICE_PASSWORD'] = password;
  return drop;
}

async function dropRun(admin, template, madeService) {
  const { rows } = await admin.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [
    template,
  ]);
  for (const { datname } of rows) await admin.query(`DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`);
  await admin.query(`DROP ROLE IF EXISTS "${template}_service"`);
  // Another database of that server may have come to rely on it meanwhile: then it stays.
  if (madeService) await admin.query('DROP ROLE IF EXISTS revisit_service').catch(() => {});
}

async function letMemberSignIn(admin, user, password) {
  await admin
    .query(`CREATE ROLE "${user}" LOGIN PASSWORD '${password}' IN ROLE revisit_service`)
    .catch((error) => {
      throw new Obstacle(
        `TEST_DATABASE needs a role that may make others and grant revisit_service (${error.message}): a superuser, or the role that made revisit_service.`,
      );
    });
}

/** Tests lay out rows of several clinics, which row-level security would hide from a lesser role. */
async function requireMight(admin) {
  const { rows } = await admin.query(`
    SELECT rolname AS name, rolsuper OR (rolbypassrls AND rolcreatedb AND rolcreaterole) AS mighty
      FROM pg_roles WHERE rolname = current_user`);
  if (rows[0].mighty) return;
  throw new Obstacle(
    `TEST_DATABASE signs in as ${rows[0].name}, which cannot prepare tests: give it a superuser, or CREATEDB, CREATEROLE and BYPASSRLS.`,
  );
}
