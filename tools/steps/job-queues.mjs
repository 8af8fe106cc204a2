// The job queue's own schema: made and upgraded by the owner, used by the service role.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';
import { connected } from '../postgres/server.mjs';
import { checkout } from '../postgres/account.mjs';
import { Obstacle } from './progress.mjs';

const GRANTS = `
  GRANT USAGE ON SCHEMA pgboss TO revisit_service;
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pgboss TO revisit_service;
  GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA pgboss TO revisit_service;
  GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pgboss TO revisit_service;
  ALTER DEFAULT PRIVILEGES IN SCHEMA pgboss GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO revisit_service;
  ALTER DEFAULT PRIVILEGES IN SCHEMA pgboss GRANT USAGE, SELECT ON SEQUENCES TO revisit_service;
  ALTER DEFAULT PRIVILEGES IN SCHEMA pgboss GRANT EXECUTE ON FUNCTIONS TO revisit_service;
`;

/**
 * The queues libs/jobs declares: name and pg-boss's queue options.
 * @returns {{ name: string, policy?: string, partition?: boolean }[]}
 */
function declaredQueues() {
  const file = join(checkout, 'libs/jobs/src/queues.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

/**
 * Brings the queue's schema and the declared queues up to date.
 * @param {string} url as the owner
 */
export async function migrateJobQueues(url) {
  const boss = new PgBoss({
    connectionString: url,
    schema: 'pgboss',
    max: 2,
    supervise: false,
    schedule: false,
    registerInstance: false,
  });
  const failures = [];
  boss.on('error', (error) => failures.push(error));
  await boss.start();
  try {
    await untilIndexesAreBuilt(url, failures);
    for (const { name, ...options } of declaredQueues()) {
      await boss.createQueue(name, options);
      const { policy: _policy, partition: _partition, ...changeable } = options;
      if (Object.keys(changeable).length > 0) await boss.updateQueue(name, changeable);
    }
  } finally {
    await boss.stop({ graceful: false });
  }
  await connected(url, (client) => followPolicies(client));
  await connected(url, (client) => client.query(GRANTS));
}

/** pg-boss never changes the policy of a queue there is; a job keeps the one it was sent under, the next ones get this. */
async function followPolicies(client) {
  const declared = declaredQueues().map(({ name, policy = 'standard' }) => ({ name, policy }));
  await client.query(
    `UPDATE pgboss.queue q SET policy = d.policy, updated_on = now() FROM jsonb_to_recordset($1) AS d (name text, policy text)
      WHERE q.name = d.name AND q.policy IS DISTINCT FROM d.policy AND NOT q.partition`,
    [JSON.stringify(declared)],
  );
}

/** An upgrade builds its indexes in the background, which only the owner may do: the service starts after it. */
async function untilIndexesAreBuilt(url, failures) {
  await connected(url, async (client) => {
    for (let waited = 0; waited < 300_000; waited += 200) {
      const { rows } = await client.query(`
        SELECT count(*) FILTER (WHERE status IN ('pending', 'in_progress'))::int AS open,
               min(error) FILTER (WHERE status = 'failed') AS error FROM pgboss.bam`);
      if (rows[0].error) throw new Obstacle(`The job queue's upgrade failed: ${rows[0].error}`);
      if (rows[0].open === 0) return;
      await wait(200);
    }
    throw new Obstacle(`The job queue's upgrade does not end. ${failures.map(String).join(' ')}`);
  });
}
