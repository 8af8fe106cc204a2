// `npm run check:dependencies`: SQL is written in *.repository.ts, *.queries.ts (reading only) and *.sql.ts only, so that whoever looks for what
// the database is asked finds all of it. Tests may ask for themselves.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './postgres/account.mjs';
import { Obstacle, runTool } from './steps/progress.mjs';

const HOMES = /\.(repository|queries|sql|spec)\.ts$|\/testing\/|^libs\/database\/src\//;
/** The queue's own statements are made of pg-boss's text. */
const STRAYS = new Set(['libs/jobs/src/jobs.ts']);
const WRITES = /\b(?:INSERT INTO|DELETE FROM|UPDATE \w+(?: \w+)? SET)\b/;
const ASKS = /\bsql\s*[(`]|\$(?:queryRaw|executeRaw)/;

/** The lines of product code that hold SQL where none belongs. */
function strayLines() {
  const files = globSync(['libs/*/src/**/*.ts', 'apps/*/src/**/*.ts'], { cwd: checkout });
  return files
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.queries.ts') || (!HOMES.test(file) && !STRAYS.has(file)))
    .flatMap((file) =>
      readFileSync(join(checkout, file), 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          (file.endsWith('.queries.ts') ? WRITES : ASKS).test(line) ? [`  ${file}:${index + 1}`] : [],
        ),
    );
}

await runTool(async () => {
  const found = strayLines();
  if (found.length > 0)
    throw new Obstacle(
      `SQL belongs in a *.repository.ts, *.queries.ts (what reads only) or *.sql.ts beside these:\n${found.join('\n')}`,
    );
});
