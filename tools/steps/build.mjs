// Builds when the sources differ from those of the last build.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkout } from '../postgres/account.mjs';
import { prisma } from './prisma-command.mjs';
import { Obstacle, step } from './progress.mjs';

const SCHEMA = ['prisma/schema', 'prisma.config.ts', 'package-lock.json'];
const SOURCES = [
  'apps',
  'libs',
  'prisma',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'nest-cli.json',
];
const CLIENT = 'libs/database/src/generated';

/** Writes the Prisma client when the schema changed. */
export async function ensureClient() {
  await whenChanged('.revisit/client.sha256', SCHEMA, CLIENT, () =>
    step('Writing the database client', async () => {
      const { code, output } = await prisma(['generate']);
      if (code !== 0) throw new Obstacle(`prisma generate failed:\n${output}`);
    }),
  );
}

/** Compiles the apps when any source changed. */
export async function ensureBuilt() {
  await ensureClient();
  await whenChanged('.revisit/build.sha256', SOURCES, 'dist/apps/api/src/main.js', () =>
    step('Compiling', async () => {
      const { code, output } = await nestBuild();
      if (code !== 0) throw new Obstacle(`The build failed:\n${output}`);
    }),
  );
}

async function whenChanged(mark, sources, product, work) {
  const now = hashOf(sources);
  const path = join(checkout, mark);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (before === now && existsSync(join(checkout, product))) return;
  rmSync(path, { force: true });
  await work();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, now);
}

function hashOf(paths) {
  const hash = createHash('sha256');
  const add = (path) => {
    const whole = join(checkout, path);
    if (path === CLIENT || !existsSync(whole)) return;
    if (!statSync(whole).isDirectory()) {
      hash.update(`${path}\0`).update(readFileSync(whole)).update('\0');
      return;
    }
    for (const name of readdirSync(whole).toSorted()) add(`${path}/${name}`);
  };
  paths.forEach(add);
  return hash.digest('hex');
}

function nestBuild() {
  const nest = join(checkout, 'node_modules/@nestjs/cli/bin/nest.js');
  const child = spawn(process.execPath, [nest, 'build', '--all'], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output: output.trim() }));
  });
}
