import { randomBytes } from 'node:crypto';

import { SystemClock, type Clock } from '#kernel';
import pg from 'pg';

import { Database } from '../database.js';
import { createPool } from '../pool.js';

/** A database of its own for one test file, cloned from the migrated template of the run. */
export interface TestDatabase {
  /** As the service signs in: owns nothing, sees one clinic at a time. */
  readonly url: string;
  readonly adminUrl: string;
  readonly database: Database;
  /** As the superuser, for arranging and for looking past row-level security. */
  readonly admin: pg.Pool;
  drop(): Promise<void>;
}

export async function createTestDatabase(clock: Clock = new SystemClock()): Promise<TestDatabase> {
  const adminUrl = needed('REVISIT_TEST_ADMIN_URL');
  const template = needed('REVISIT_TEST_TEMPLATE');
  const name = `${template}_${randomBytes(4).toString('hex')}`;
  await clone(adminUrl, template, name);
  const service = at(adminUrl, name);
  service.username = needed('REVISIT_TEST_SERVICE_USER');
  service.password = needed('REVISIT_TEST_SERVICE_PASSWORD');
  const admin = new pg.Pool({
    connectionString: at(adminUrl, name).href,
    max: 4,
    // What a test arranges by hand has always been so, whatever its clock says.
    options: '-c timezone=UTC -c app.now=1990-01-01T00:00:00Z',
  });
  // Dropping the database ends idle connections; that is no fault of the test.
  admin.on('error', () => undefined);
  const database = new Database(createPool({ databaseUrl: service.href, databasePoolSize: 8 }), clock);
  const drop = async (): Promise<void> => {
    await Promise.all([database.close(), admin.end()]);
    await asAdmin(adminUrl, (server) => server.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));
  };
  return { url: service.href, adminUrl: at(adminUrl, name).href, database, admin, drop };
}

// Two clones of one template cannot be made at the same moment, so test files take turns.
const clone = (adminUrl: string, template: string, name: string): Promise<unknown> =>
  asAdmin(adminUrl, async (server) => {
    await server.query('SELECT pg_advisory_lock(4242)');
    await server.query(`CREATE DATABASE "${name}" TEMPLATE "${template}" STRATEGY FILE_COPY`);
  });

async function asAdmin(url: string, work: (server: pg.Client) => Promise<unknown>): Promise<void> {
  const server = new pg.Client({ connectionString: url });
  await server.connect();
  try {
    await work(server);
  } finally {
    await server.end();
  }
}

function at(url: string, database: string): URL {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address;
}

function needed(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is missing: run the tests with npm test`);
  return value;
}
