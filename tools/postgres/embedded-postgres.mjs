// The PostgreSQL that comes with Revisit: a real server from npm packages, started as a child of this process.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { clearLeftovers, takeLock } from './lock.mjs';
import { serverPrograms } from './account.mjs';
import { Obstacle } from '../steps/progress.mjs';

const ROOM_NEEDED = 300 * 1024 * 1024;
const DURABLE = { synchronous_commit: 'on', shared_buffers: '128MB', max_connections: '100' };
const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_connections: '200',
};
const ALWAYS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  deadlock_timeout: '200ms',
  jit: 'off',
};

/**
 * Starts the server of a folder, making its data on the first run.
 * @param {object} options
 * @param {string} options.folder holds `data`, the superuser's password, the log and the lock
 * @param {{ uid?: number, gid?: number }} options.account
 * @param {number} [options.port] a port the user insists on
 * @param {number} [options.preferredPort] taken while it is free, otherwise any
 * @param {boolean} [options.fast] gives up durability, for tests
 * @param {(line: string) => void} [options.say]
 * @returns {Promise<{ port: number, url: (database: string) => string, exited: Promise<void>, stop: () => Promise<void> }>}
 */
export async function startEmbeddedPostgres(options) {
  const { folder, account, fast = false, say = () => {} } = options;
  fs.mkdirSync(folder, { recursive: true });
  requireRoom(folder);
  const programs = await serverPrograms(account, folder);
  const data = join(folder, 'data');
  requireSameVersion(data, programs.major);
  requireOwner(data, account);
  const release = takeLock(join(folder, 'lock'));
  try {
    if ((await clearLeftovers(data)) === 'stopped')
      say('Stopped a database that an interrupted run had left.');
    const password = superuserPassword(folder, data);
    if (!fs.existsSync(data)) initialise({ folder, data, account, programs, password, fast });
    const port = options.port ?? (await freePort(options.preferredPort ?? 0));
    const server = await launch({ folder, data, account, programs, port, settings: fast ? FAST : DURABLE });
    const url = (database) => `postgresql://postgres:${password}@127.0.0.1:${server.port}/${database}`;
    await untilReady(server, url('postgres'), folder);
    return {
      port: server.port,
      url,
      exited: server.exited,
      stop: async () => {
        await shutDown(server);
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** Refuses when a folder's disk is nearly full: a server that cannot write stops. @param {string} folder */
export function requireRoom(folder) {
  const { bavail, bsize } = fs.statfsSync(folder);
  if (bavail * bsize >= ROOM_NEEDED) return;
  const left = Math.floor((bavail * bsize) / 1024 / 1024);
  throw new Obstacle(
    `Only ${left} MB are free on the disk of ${folder}: free at least 300 MB, then try again.`,
  );
}

function requireSameVersion(data, major) {
  const file = join(data, 'PG_VERSION');
  if (!fs.existsSync(file)) return;
  const found = fs.readFileSync(file, 'utf8').trim();
  if (found === major) return;
  throw new Obstacle(
    `The data in ${data} was written by PostgreSQL ${found}, and this release brings ${major}: move that folder away to begin with a new demo clinic, or restore a dump of it.`,
  );
}

function requireOwner(data, { uid = process.getuid?.() }) {
  if (uid === undefined || !fs.existsSync(data)) return;
  const owner = fs.statSync(data).uid;
  if (owner === uid) return;
  throw new Obstacle(
    `The data in ${data} belongs to another account (uid ${owner}), from a run as ${owner === 0 ? 'root' : 'someone else'}: run as that user again, or move the folder away.`,
  );
}

function superuserPassword(folder, data) {
  const file = join(folder, 'superuser.secret');
  if (fs.existsSync(file)) return fs.readFileSync(file, 'utf8').trim();
  if (fs.existsSync(data)) {
    throw new Obstacle(
      `The password file ${file} is missing: put it back, or move ${data} away to begin anew.`,
    );
  }
  const password = randomBytes(24).toString('hex');
  fs.writeFileSync(file, password, { mode: 0o600 });
  return password;
}

/** Makes the data beside its final place, so that an interrupted first run leaves nothing half-made. */
function initialise({ folder, data, account, programs, password, fast }) {
  const draft = join(folder, 'data.new');
  const secret = join(folder, 'data.new.secret');
  const clear = () => [draft, secret].forEach((path) => fs.rmSync(path, { recursive: true, force: true }));
  clear();
  fs.mkdirSync(draft, { mode: 0o700 });
  fs.writeFileSync(secret, `${password}\n`, { mode: 0o600 });
  if (account.uid !== undefined) {
    for (const path of [draft, secret]) fs.chownSync(path, account.uid, account.gid ?? account.uid);
  }
  const owner = ['-D', draft, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${secret}`, '-E', 'UTF8'];
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const run = (ctype) =>
    spawnSync(programs.initdb, [...owner, ...locale, `--lc-ctype=${ctype}`, ...(fast ? ['--no-sync'] : [])], {
      ...account,
      cwd: folder,
      env: environment(),
      encoding: 'utf8',
    });
  let made = run(process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8');
  if (/invalid locale/.test(made.stderr ?? '')) made = run('C');
  if (made.status === 0) fs.renameSync(draft, data);
  clear();
  if (made.status === 0) return;
  const output = `${made.stdout ?? ''}${made.stderr ?? ''}${made.error?.message ?? ''}`;
  throw new Obstacle(sentenceFor(output) ?? `The database could not be made in ${folder}:\n${output}`);
}

/** The server's environment: none of the user's PG* variables, and UTC. */
const environment = () => ({ PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' });

async function launch({ folder, data, account, programs, port, settings }) {
  const log = fs.openSync(join(folder, 'postgres.log'), 'w', 0o600);
  const flags = Object.entries({ ...ALWAYS, ...settings, port }).map(([name, value]) => `${name}=${value}`);
  const command = [programs.postgres, '-D', data, ...flags.flatMap((flag) => ['-c', flag])];
  // On Linux the kernel ends the server when this process dies without a word.
  const guarded = spawnSync('setpriv', ['--pdeathsig', 'INT', 'true'], { cwd: '/' }).status === 0;
  const [program, ...argv] = guarded ? ['setpriv', '--pdeathsig', 'INT', ...command] : command;
  // Detached, because Ctrl-C in a terminal reaches the whole process group and the API is to stop first.
  const child = spawn(program, argv, {
    ...account,
    cwd: folder,
    env: environment(),
    stdio: ['ignore', log, log],
    detached: true,
  });
  fs.closeSync(log);
  const exited = new Promise((resolve) => {
    child.once('exit', () => resolve(undefined));
    child.once('error', () => resolve(undefined));
  });
  return { child, exited, port };
}

async function untilReady(server, url, folder) {
  let gone = false;
  void server.exited.then(() => (gone = true));
  for (let waited = 0; waited < 60_000; waited += 25) {
    if (gone) {
      const log = fs.readFileSync(join(folder, 'postgres.log'), 'utf8').trim();
      const last = log.split('\n').slice(-5).join('\n');
      throw new Obstacle(sentenceFor(last, server.port) ?? `The database did not start:\n${last}`);
    }
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    client.on('error', () => {});
    const connected = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => {});
    if (connected) return;
    await wait(25);
  }
  await shutDown(server);
  throw new Obstacle(`The database does not answer: see ${join(folder, 'postgres.log')}.`);
}

/** A fast shutdown; after half a minute an immediate one, from which the next start recovers. */
async function shutDown({ child, exited }) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGINT');
  const patience = new AbortController();
  const stopped = await Promise.race([
    exited.then(() => true),
    wait(30_000, false, { signal: patience.signal }).catch(() => true),
  ]);
  patience.abort();
  if (!stopped) {
    child.kill('SIGQUIT');
    await exited;
  }
}

function sentenceFor(output, port) {
  if (/No space left on device/.test(output)) {
    return 'The disk is full: free at least 300 MB, then try again. Nothing was changed.';
  }
  if (/could not bind|Address already in use/.test(output)) {
    return `Port ${port} is taken: stop what uses it, or set REVISIT_DATABASE_PORT to another (or leave it unset).`;
  }
  return undefined;
}

/**
 * The preferred port while it is free, otherwise any free one.
 * @param {number} preferred
 * @returns {Promise<number>}
 */
function freePort(preferred) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => (preferred === 0 ? reject(error) : resolve(freePort(0))));
    probe.listen(preferred, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
