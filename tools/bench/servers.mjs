// The two servers and the load generator, each a process of its own.
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { checkout } from '../postgres/account.mjs';
import { Obstacle } from '../steps/progress.mjs';

const POOL_SIZE = '16';
const PATIENCE_MS = 30_000;

/**
 * @param {string} file from the checkout's root
 * @param {string} databaseUrl as the service role
 * @param {string[]} [execArgv]
 * @returns {Promise<{ port: number, stop: () => Promise<void> }>}
 */
export async function serve(file, databaseUrl, execArgv = []) {
  const port = await freePort();
  const child = fork(join(checkout, file), [], {
    cwd: checkout,
    execArgv,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      WEB_URL: 'http://127.0.0.1',
      LOG_LEVEL: 'error',
      SERVE_DOCS: 'false',
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      DATABASE_POOL_SIZE: POOL_SIZE,
      SECRETS_KEYS: randomBytes(32).toString('base64'),
    },
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await gone;
  };
  const answers = () =>
    fetch(`http://127.0.0.1:${port}/health/live`).then(
      () => true,
      () => false,
    );
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await wait(50)) {
    if (child.exitCode !== null) throw new Obstacle(`${file} ended while starting: see the lines above.`);
    if (await answers()) return { port, stop };
  }
  await stop();
  throw new Obstacle(`${file} does not answer.`);
}

/** One load generator, asked again and again. */
export function startGenerator() {
  const child = fork(join(checkout, 'tools/bench/load-generator.mjs'));
  return {
    /** @returns {Promise<{ perSecond: number, p50: number, p99: number, sent: number, failures: Record<string, number> }>} */
    run: (job) =>
      new Promise((resolve, reject) => {
        const ended = () => reject(new Error('The load generator ended'));
        child.once('exit', ended);
        child.once('message', (result) => {
          child.off('exit', ended);
          resolve(result);
        });
        child.send(job);
      }),
    stop: () => void child.kill(),
  };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ host: '127.0.0.1', port: 0 }, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
