// One server a data folder: who holds it, whether they still live, and what an interrupted run left behind.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Obstacle } from '../steps/progress.mjs';

/** A process id with its start time, because ids are used again after a restart. */
function identity(pid) {
  const stat = `/proc/${pid}/stat`;
  if (existsSync(stat)) {
    const fields = readFileSync(stat, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? undefined : `${pid} ${fields[19]}`;
  }
  try {
    process.kill(pid, 0);
    return `${pid} `;
  } catch (error) {
    return error.code === 'EPERM' ? `${pid} ` : undefined;
  }
}

/** Whether the process that wrote a lock still lives. @param {string} written the lock file's text */
export const holds = (written) => written !== '' && identity(Number.parseInt(written, 10)) === written;

/**
 * Takes something only one process may have.
 * @param {string} path the lock file
 * @returns {() => void} gives it back
 */
export function takeLock(path) {
  const mine = identity(process.pid) ?? `${process.pid} `;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return () => {
        if (existsSync(path) && readFileSync(path, 'utf8') === mine) rmSync(path, { force: true });
      };
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const holder = readFileSync(path, 'utf8');
      if (holds(holder)) {
        throw new Obstacle(
          `Revisit is already running from this folder (process ${Number.parseInt(holder, 10)}): stop it there with Ctrl-C first.`,
        );
      }
      rmSync(path, { force: true });
    }
  }
  throw new Obstacle(`Another run is starting at this moment (${path}): wait for it, then try again.`);
}

/**
 * Makes way for a new server: stops one that an interrupted run left behind, and clears a pid file whose process
 * is gone. Call it only while holding the lock.
 * @param {string} data
 * @returns {Promise<'nothing' | 'stopped' | 'cleared'>}
 */
export async function clearLeftovers(data) {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return 'nothing';
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (!Number.isInteger(pid) || pid <= 1 || identity(pid) === undefined || !serves(pid, data)) {
    rmSync(file, { force: true });
    return 'cleared';
  }
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    throw new Obstacle(
      `A database server (process ${pid}) of another user still runs on ${data}: stop it, then try again.`,
    );
  }
  for (let waited = 0; waited < 30_000; waited += 50) {
    if (identity(pid) === undefined) {
      rmSync(file, { force: true });
      return 'stopped';
    }
    await wait(50);
  }
  throw new Obstacle(`A database server (process ${pid}) on ${data} does not stop: stop it, then try again.`);
}

/** Whether a living process is the server of this data folder (its working directory is the folder). */
function serves(pid, data) {
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
    } catch (error) {
      return error.code !== 'ENOENT';
    }
  }
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).includes(data);
  } catch {
    return false;
  }
}
