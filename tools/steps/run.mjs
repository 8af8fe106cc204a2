// The second part of `npm start`: database, schema, demo clinic, then the API and the worker in this process.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { checkout } from '../postgres/account.mjs';
import { requireRoom } from '../postgres/embedded-postgres.mjs';
import { takeLock } from '../postgres/lock.mjs';
import { whenAbandoned } from './parent.mjs';
import { explain, Obstacle, step } from './progress.mjs';
import { openDatabase } from './run-database.mjs';

/** Runs until told to stop; what was started stops in the opposite order. */
export async function run() {
  const began = Date.now();
  const running = new Running();
  running.heed();
  const state = join(checkout, '.revisit');
  mkdirSync(state, { recursive: true });
  const release = takeLock(join(state, 'start.lock'));
  try {
    process.env['HOST'] ||= '127.0.0.1';
    process.env['PORT'] ||= '3000';
    // What happens is said here; the service's own log would bury it.
    process.env['LOG_LEVEL'] ||= 'warn';
    await requireFreePort(process.env['HOST'], process.env['PORT']);
    requireRoom(checkout);
    await ensureBuilt();
    const database = await running.start(openDatabase());
    if (database) await serve(running, database, began);
  } catch (error) {
    await running.stop();
    throw error;
  } finally {
    await running.ended;
    release();
  }
}

async function serve(running, database, began) {
  // The apps read their settings from the environment.
  process.env['DATABASE_URL'] = database.serviceUrl;
  process.env['SECRETS_KEYS'] ||= keptSecretsKey();
  const accounts = await step('Preparing the demo clinic', () => seedOnce(database));
  if (running.stopping) return;
  const api = await running.start(step('Starting the API', async () => (await app('api')).startApi()));
  if (api) await running.start(step('Starting the worker', async () => (await app('worker')).startWorker()));
  if (running.stopping || !api) return;
  void stopWithout(database.exited, running);
  announce(api.url, database, accounts, began);
}

/** Outside production a key of this checkout seals secrets; in production the operator gives one. */
function keptSecretsKey() {
  if (process.env['NODE_ENV'] === 'production') return '';
  const file = join(checkout, '.revisit', 'secrets-key');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** A database that ends by itself takes the rest along. */
async function stopWithout(exited, running) {
  if (!exited) return;
  await exited;
  if (running.stopping) return;
  console.error('\nThe database ended by itself: see postgres.log beside its data, then start again.');
  process.exitCode = 1;
  await running.stop();
}

const app = (name) => import(pathToFileURL(join(checkout, `dist/apps/${name}/src/main.js`)).href);

/** Seeds a database without a demo clinic, outside production; the seed itself knows whether it was there. */
async function seedOnce(database) {
  const seed = join(checkout, 'dist/prisma/seed/main.js');
  if (process.env['NODE_ENV'] === 'production' || !existsSync(seed)) return [];
  const module = await import(pathToFileURL(seed).href);
  await module.seed({ databaseUrl: database.serviceUrl, ownerUrl: database.ownerUrl });
  const accounts = join(checkout, 'dist/prisma/seed/demo-accounts.js');
  return existsSync(accounts) ? (await import(pathToFileURL(accounts).href)).demoAccounts : [];
}

/** What runs, in the order it was started. */
class Running {
  #parts = [];
  #stopped = /** @type {Promise<void> | undefined} */ (undefined);
  #end = () => {};
  ended = new Promise((resolve) => (this.#end = () => resolve(undefined)));

  get stopping() {
    return this.#stopped !== undefined;
  }

  /**
   * Remembers a part once it runs; one that finishes starting while we stop is stopped at once.
   * @template {{ stop: () => Promise<void> }} T
   * @param {Promise<T>} starting
   * @returns {Promise<T | undefined>}
   */
  async start(starting) {
    const part = await starting;
    if (this.stopping) {
      await part.stop();
      return undefined;
    }
    this.#parts.push(part);
    return part;
  }

  stop() {
    this.#stopped ??= (async () => {
      while (this.#parts.length > 0) {
        await this.#parts
          .pop()
          .stop()
          .catch((error) => {
            console.error(explain(error));
            process.exitCode = 1;
          });
      }
      this.#end();
    })();
    return this.#stopped;
  }

  /** Ctrl-C, a service manager's TERM, a closed terminal, or the process that started this one gone. */
  heed() {
    const stop = async () => {
      if (this.stopping) return;
      console.log('\nStopping …');
      await this.stop();
      console.log('Stopped.');
      // An open socket of a client must not keep a stopped service alive.
      setTimeout(() => process.exit(), 500).unref();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop());
    whenAbandoned(() => void stop());
  }
}

/** @param {string} host @param {string} port */
function requireFreePort(host, port) {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Obstacle(`PORT must be a port number, not "${port}": PORT=3000 npm start`);
  }
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      const code = /** @type {NodeJS.ErrnoException} */ (error).code;
      if (code === 'EADDRINUSE') {
        reject(
          new Obstacle(`Port ${port} is taken: stop what uses it, or choose another: PORT=3001 npm start`),
        );
      } else if (code === 'EACCES') {
        reject(new Obstacle(`Port ${port} is not for this user: choose one above 1023: PORT=3000 npm start`));
      } else {
        reject(
          new Obstacle(`Nothing can listen on ${host}:${port} (${error.message}): correct HOST or PORT.`),
        );
      }
    });
    probe.listen({ host, port: Number(port) }, () => probe.close(() => resolve(undefined)));
  });
}

function announce(url, database, accounts, began) {
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  const lines = [
    '',
    `Revisit is running (${seconds} s).`,
    `  API        ${url}`,
    `  Docs       ${url}/docs`,
    `  Database   ${database.description}`,
  ];
  if (accounts.length > 0) {
    lines.push('  Sign in    (demo clinic)');
    for (const { role, email, password } of accounts)
      lines.push(`    ${role.padEnd(26)} ${email.padEnd(24)} ${password}`);
  }
  lines.push('  Try        npm run tour', '  Stop       Ctrl-C', '');
  console.log(lines.join('\n'));
}
