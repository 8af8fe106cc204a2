// `npm run openapi` writes docs/openapi.json from the built API; with --check it only says whether it is current.
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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

/**
 * What makes a document say less, or other things, than the API answers: two classes of one name, of which only one is
 * described, and a class in a file the build's plugin does not read, which is described as empty.
 */
function holes(document, checkout) {
  const files = globSync('{apps,libs}/*/src/**/*.ts', { cwd: checkout, exclude: ['**/generated'] });
  const classes = files.flatMap((file) => {
    const text = readFileSync(join(checkout, file), 'utf8');
    return [...text.matchAll(/^(?:export )?(?:abstract )?class (\w+)/gm)].map(([, name]) => ({ name, file }));
  });
  const described = classes.filter(({ name }) => name in document.components.schemas);
  const shared = [...Map.groupBy(described, ({ name }) => name)].filter(([, places]) => places.length > 1);
  const empty = Object.entries(document.components.schemas).filter(([, schema]) => {
    return schema.type === 'object' && Object.keys(schema.properties ?? {}).length === 0;
  });
  return [
    ...shared.map(
      ([name, places]) => `two classes are named ${name}: ${places.map(({ file }) => file).join(', ')}`,
    ),
    ...empty.map(([name]) => `${name} is described without fields`),
  ];
}

/** @returns {Promise<{ text: string, document: object }>} the document of the built API */
async function currentDocument(api) {
  const { openApiDocument } = await import(pathToFileURL(api).href);
  const document = await openApiDocument();
  const { openapi, info, ...rest } = document;
  const text = `${JSON.stringify({ openapi, info, ...ordered(rest) }, undefined, 2)}\n`;
  return { text, document };
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
    const { text: current, document } = await currentDocument(api);
    const missing = holes(document, checkout);
    if (missing.length > 0) throw new Obstacle(`The API is not described in full: ${missing.join('; ')}`);
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
