// The bench's own server and database, kept between runs: loading takes a minute or two, measuring should not wait for it.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../migrate.mjs';
import { checkout, databaseFolder, serverAccount } from '../postgres/account.mjs';
import { startEmbeddedPostgres } from '../postgres/embedded-postgres.mjs';
import { connected, letOwnerSignIn, letServiceSignIn, makeDatabase, urlFor } from '../postgres/server.mjs';
import { step } from '../steps/progress.mjs';
import { dayAfter } from './clinic.mjs';
import { load } from './load.mjs';

const DATABASE = 'bench';
const SHELF_LIFE_DAYS = 14;
/** The past reaches 18 months back, the diary 6 months ahead. */
const PAST_DAYS = 548;

/**
 * @param {{ fresh: boolean }} options
 * @returns {Promise<{ adminUrl: string, serviceUrl: string, today: string, stop: () => Promise<void> }>} a loaded
 * database on a durable server (fsync and synchronous_commit on); `today` is the day it was loaded for
 */
export async function openBenchDatabase({ fresh }) {
  const account = serverAccount();
  const folder = join(databaseFolder(account).folder, 'bench');
  const mark = join(folder, 'loaded.json');
  const kept = existsSync(mark) ? JSON.parse(readFileSync(mark, 'utf8')) : undefined;
  const wanted = { recipe: recipe('clinic.mjs', 'load.mjs'), today: new Date().toISOString().slice(0, 10) };
  const stillGood =
    !fresh && kept?.recipe === wanted.recipe && wanted.today <= dayAfter(kept.today, SHELF_LIFE_DAYS);
  if (!stillGood) rmSync(mark, { force: true });
  const server = await startEmbeddedPostgres({ folder, account });
  try {
    const adminUrl = server.url(DATABASE);
    const { today } = stillGood ? kept : wanted;
    if (!stillGood) {
      await makeMigrated(server, DATABASE);
      await connected(adminUrl, (admin) => load(admin, dayAfter(today, -PAST_DAYS)));
      writeFileSync(mark, JSON.stringify(wanted));
    }
    const password = randomBytes(24).toString('hex');
    await connected(adminUrl, (admin) => letServiceSignIn(admin, password));
    return { adminUrl, serviceUrl: urlFor(adminUrl, 'revisit_service', password), today, stop: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A migrated database of this name, in place of the one there may be. */
export async function makeMigrated(server, name) {
  const ownerUrl = await connected(server.url('postgres'), async (admin) => {
    const password = await letOwnerSignIn(admin);
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    // Room for a day's log between checkpoints, as on any server that is meant to last.
    await admin.query(`ALTER SYSTEM SET max_wal_size = '4GB'`);
    await admin.query('SELECT pg_reload_conf()');
    await makeDatabase(admin, name, 'revisit_owner');
    return urlFor(server.url(name), 'revisit_owner', password);
  });
  await step('The schema', () => migrate(ownerUrl));
}

/** What loaded data depends on: another schema or another load is another database. */
export function recipe(...loaders) {
  const hash = createHash('sha256');
  const migrations = join(checkout, 'prisma/migrations');
  for (const name of readdirSync(migrations).toSorted()) {
    const file = join(migrations, name, 'migration.sql');
    if (existsSync(file)) hash.update(readFileSync(file));
  }
  for (const file of loaders) hash.update(readFileSync(join(checkout, 'tools/bench', file)));
  return hash.digest('hex');
}
