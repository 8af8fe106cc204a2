// A server for the length of one task: fast, in a temporary folder, gone afterwards however the task ends.
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverAccount } from './account.mjs';
import { startEmbeddedPostgres } from './embedded-postgres.mjs';
import { holds } from './lock.mjs';

const PREFIX = 'revisit-test-';

/**
 * @returns {Promise<{ url: (database: string) => string, stop: () => Promise<void> }>} as the superuser; stop also
 * removes the folder
 */
export async function startTemporaryServer() {
  sweep();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  // The server's account passes through to its data, which only it can read.
  chmodSync(folder, 0o711);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const server = await startEmbeddedPostgres({ folder, account: serverAccount(), fast: true });
    return { url: server.url, stop: () => server.stop().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

/**
 * @template T
 * @param {(server: { url: (database: string) => string }) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withTemporaryServer(work) {
  const server = await startTemporaryServer();
  const stop = onceStopped(server.stop);
  try {
    return await work(server);
  } finally {
    await stop();
  }
}

/**
 * Stops once, also when the run is interrupted.
 * @param {() => Promise<void>} stop
 * @returns {() => Promise<void>}
 */
export function onceStopped(stop) {
  let stopping;
  const once = () => (stopping ??= stop());
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
    process.once(signal, () => {
      void once().finally(() => process.exit(code));
    });
  }
  return once;
}

/** Removes folders of runs that were killed before they could. */
function sweep() {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const lock = join(tmpdir(), name, 'lock');
    if (!existsSync(lock) || holds(readFileSync(lock, 'utf8'))) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Another user's leftovers are theirs to remove.
    }
  }
}
