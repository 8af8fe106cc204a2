import { withTemporaryServer } from '../postgres/temporary-server.mjs';
import { prisma } from './prisma-command.mjs';
import { Obstacle } from './progress.mjs';

const DIFF = ['--from-migrations', 'prisma/migrations', '--to-schema', 'prisma/schema', '--exit-code'];

/** Refuses when the migrations and the schema differ, with the difference. */
export async function checkForDrift() {
  await withTemporaryServer(async (server) => {
    const { code, output } = await prisma(['migrate', 'diff', ...DIFF], {
      MIGRATE_DATABASE_URL: server.url('postgres'),
    });
    if (code === 0) console.log('prisma/migrations and prisma/schema agree.');
    else if (code === 2) throw new Obstacle(`prisma/migrations and prisma/schema differ:\n${output}`);
    else throw new Obstacle(`The comparison failed:\n${output}`);
  });
}
