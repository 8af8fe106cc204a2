// Asks the registry for known vulnerabilities of what the service runs on. A registry that does not answer such questions
// fails nothing (a build must not hang on another's server), but it is said; `--strict` fails then too.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SERIOUS = new Set(['high', 'critical']);

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  encoding: 'utf8',
  shell: process.platform === 'win32',
  timeout: 60_000,
});
const answer = read(stdout);
if (answer === null) {
  console.log('Known vulnerabilities were NOT checked: the registry does not answer `npm audit`.');
  if (process.argv.includes('--strict')) process.exitCode = 1;
} else {
  const found = Object.values(answer.vulnerabilities);
  const serious = found.filter(({ severity }) => SERIOUS.has(severity));
  console.log(
    `${found.length} known vulnerabilities in what the service runs on, ${serious.length} of them serious.`,
  );
  for (const { name, severity, range } of found) console.log(`  ${severity}: ${name} ${range}`);
  if (serious.length > 0) process.exitCode = 1;
}

/** The report, or null when what came back is none. */
function read(text) {
  try {
    const report = JSON.parse(text);
    return typeof report.vulnerabilities === 'object' && report.vulnerabilities !== null ? report : null;
  } catch {
    return null;
  }
}
