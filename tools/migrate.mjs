// `npm run db:migrate`: brings a database to this release's schema. Safe to run again, and by several at once.
import { fileURLToPath } from 'node:url';
import { connected, requireVersion, shown } from './postgres/server.mjs';
import { publishCatalogue } from './publish-catalogue.mjs';
import { migrateJobQueues } from './steps/job-queues.mjs';
import { prisma } from './steps/prisma-command.mjs';
import { Obstacle, runTool } from './steps/progress.mjs';

/** Held while migrating: any number, as long as every copy uses the same. */
const TURN = 7_348_243;

/**
 * Migrates the schema and the job queue, publishes the clinical catalogue, and grants the service role what it needs.
 * @param {string} url as the role that owns the schema and may create roles
 */
export async function migrate(url) {
  await connected(url, async (client) => {
    await requireVersion(client);
    await client.query('SELECT pg_advisory_lock($1)', [TURN]);
    const { code, output } = await prisma(['migrate', 'deploy'], { MIGRATE_DATABASE_URL: url });
    if (code !== 0) throw new Obstacle(`The migration of ${shown(url)} failed:\n${output}`);
    await publishCatalogue(client);
    await migrateJobQueues(url);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runTool(async () => {
    const url = process.env['MIGRATE_DATABASE_URL'] ?? process.env['DATABASE_URL'];
    if (!url) throw new Obstacle('Set MIGRATE_DATABASE_URL (or DATABASE_URL) to the database to migrate.');
    await migrate(url);
    console.log(`${shown(url)} is up to date.`);
  });
}
