// `npm run openapi` writes docs/openapi.json from the built API; with --check it only says whether it is current.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ready } from './steps/install.mjs';

/** Object keys in one order, so that a change in the file is a change in the API. */
function ordered(value) {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== 'object') return value;
  const keys = Object.keys(value).toSorted();
  return Object.fromEntries(keys.map((key) => [key, ordered(value[key])]));
}

/** @returns {Promise<string>} the document of the built API */
async function currentDocument(api) {
  const { openApiDocument } = await import(pathToFileURL(api).href);
  const { openapi, info, ...rest } = await openApiDocument();
  return `${JSON.stringify({ openapi, info, ...ordered(rest) }, undefined, 2)}\n`;
}

/** The first line in which two texts differ. */
function firstDifference(kept, current) {
  const [a, b] = [kept.split('\n'), current.split('\n')];
  const line = b.findIndex((text, i) => text !== a[i]);
  const at = line === -1 ? b.length : line;
  return `line ${at + 1}\n  - ${a[at] ?? '(end)'}\n  + ${b[at] ?? '(end)'}`;
}

if (await ready(import.meta.url)) {
  const { checkout } = await import('./postgres/account.mjs');
  const { Obstacle, runTool } = await import('./steps/progress.mjs');
  await runTool(async () => {
    const api = join(checkout, 'dist/apps/api/src/main.js');
    const file = join(checkout, 'docs/openapi.json');
    if (!existsSync(api)) throw new Obstacle('The API is not built: run `npm run build` first.');
    const current = await currentDocument(api);
    if (!process.argv.includes('--check')) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, current);
      console.log('docs/openapi.json is written.');
      return;
    }
    const kept = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (kept !== current) {
      throw new Obstacle(
        `docs/openapi.json is not what the API answers; run \`npm run openapi\` and commit it. First difference: ${firstDifference(kept, current)}`,
      );
    }
    console.log('docs/openapi.json is current.');
  });
}
