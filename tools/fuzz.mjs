// `npm run fuzz`: 20,000 malformed requests made from docs/openapi.json, answered in one process on a database of its own;
// `npm run fuzz -- 50000 7` sends another number of them, made from another seed. The tests send a few hundred each time.
import { ready } from './steps/install.mjs';

if (await ready(import.meta.url)) {
  const [requests = '20000', seed] = process.argv.slice(2);
  process.env['FUZZ_REQUESTS'] = requests;
  if (seed !== undefined) process.env['FUZZ_SEED'] = seed;
  process.argv.splice(2, Infinity, '--selectProjects', 'e2e', '--testPathPatterns', 'malformed-requests');
  await import('./test.mjs');
}
