import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { checkout } from '../postgres/account.mjs';

/**
 * Runs Prisma's command line on this Node, quietly.
 * @param {string[]} argv
 * @param {Record<string, string>} [env] e.g. MIGRATE_DATABASE_URL
 * @returns {Promise<{ code: number, output: string }>}
 */
export function prisma(argv, env = {}) {
  // A debugger's or jest's NODE_OPTIONS would change how Prisma itself loads.
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [join(checkout, 'node_modules/prisma/build/index.js'), ...argv], {
    cwd: checkout,
    env: {
      ...inherited,
      PATH: `${join(checkout, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      NO_COLOR: '1',
      ...env,
    },
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
