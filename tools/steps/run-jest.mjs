import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureClient } from './build.mjs';
import { checkout } from '../postgres/account.mjs';
import { whenAbandoned } from './parent.mjs';

/**
 * Runs jest and ends as it ends.
 * @param {string[]} argv jest's own arguments
 */
export async function runJest(argv) {
  await ensureClient();
  const jest = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    `--import=${new URL('end-at-once.mjs', import.meta.url).href}`,
    join(checkout, 'node_modules/jest/bin/jest.js'),
    ...argv,
  ];
  const child = spawn(process.execPath, jest, { cwd: checkout, stdio: 'inherit' });
  // A terminal sends Ctrl-C to jest as well, which stops its database; this process only waits.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  whenAbandoned(() => child.kill('SIGTERM'));
  process.exitCode = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
