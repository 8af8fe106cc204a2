// Read by whatever Node is on the PATH (14.18 and later): installs what is missing, then hands over to Node 26.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whenAbandoned } from './parent.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const runtime = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

/**
 * Prepares this checkout for a tool.
 * @param {string} tool its own `import.meta.url`, run again under the installed Node when this one is older
 * @returns {Promise<boolean>} whether the tool may go on in this process
 */
export async function ready(tool) {
  if (!installed()) await install();
  if (Number(process.versions.node.split('.')[0]) >= 26) return true;
  await handOver(fileURLToPath(tool));
  return false;
}

/** Whether node_modules holds what the lock asks for; never asks the network. */
function installed() {
  const present = packagesIn('node_modules/.package-lock.json');
  const wanted = packagesIn('package-lock.json');
  if (!present || !wanted || !existsSync(runtime)) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = present[path];
    // Another platform's packages are optional and stay away.
    const elsewhere = entry.optional || (entry.devOptional && (entry.os || entry.cpu));
    return found ? found.version === entry.version : Boolean(elsewhere);
  });
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

async function install() {
  const began = Date.now();
  const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`;
  console.log('Installing what is missing (npm install) …');
  const tick = setInterval(() => console.log(`  installing … ${seconds()}`), 5000);
  const code = await npmInstall();
  clearInterval(tick);
  if (code === 0 && existsSync(runtime)) {
    console.log(`  installed: ${seconds()}`);
    return;
  }
  console.error(
    code === 0
      ? '\nnpm did not run the install scripts that bring Node 26: run `npm rebuild node`, then try again.'
      : '\nThe installation did not finish: check the network and the disk, then run the same command again.',
  );
  process.exit(1);
}

/** @returns {Promise<number>} npm's exit code */
function npmInstall() {
  const npm = process.env['npm_execpath'] || '';
  // The warnings are about the older Node that npm itself runs on.
  const argv = [
    'install',
    // A fresh checkout stays as it was cloned: what the registry lacks today must not change the lock.
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--include=dev',
    '--include=optional',
    '--loglevel=error',
  ];
  const options = { cwd: root, stdio: 'inherit', env: { ...process.env, SCARF_ANALYTICS: 'false' } };
  const child = /npm-cli\.[cm]?js$/.test(npm)
    ? spawn(process.execPath, [npm, ...argv], options)
    : spawn('npm', argv, { ...options, shell: process.platform === 'win32' });
  return new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code === null ? 1 : code));
  });
}

/** Runs the tool under the installed Node and ends as it ends. */
function handOver(tool) {
  const path = `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] || ''}`;
  const child = spawn(runtime, [tool, ...process.argv.slice(2)], {
    // The channel tells the tool when this process is gone, however it went.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: path },
  });
  // A terminal sends Ctrl-C to both processes; this one waits for the other to stop cleanly.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  whenAbandoned(() => child.kill('SIGTERM'));
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`Node 26 did not start (${error.message}): run \`npm rebuild node\`, then try again.`);
      process.exitCode = 1;
      resolve(undefined);
    });
    child.once('exit', (code) => {
      process.exitCode = code === null ? 1 : code;
      resolve(undefined);
    });
  });
}
