// `npm run verify:audit`: reads every clinic's audit trail again and holds it to its seals. `--anchors <file>` holds it to
// seals kept elsewhere as well; `--keep <file>` writes the present ones there for the next time.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ready } from './steps/install.mjs';

if (await ready(import.meta.url)) {
  const { checkout } = await import('./postgres/account.mjs');
  const { ensureBuilt } = await import('./steps/build.mjs');
  const { useKeptDatabase } = await import('./steps/kept-database.mjs');
  const { Obstacle, runTool } = await import('./steps/progress.mjs');
  const { values } = parseArgs({ options: { anchors: { type: 'string' }, keep: { type: 'string' } } });
  await runTool(async () => {
    const built = (lib) => join(checkout, `dist/libs/${lib}/src/index.js`);
    useKeptDatabase();
    if (!process.env['DATABASE_URL'])
      throw new Obstacle('Set DATABASE_URL to the database to verify, or start the service with npm start.');
    await ensureBuilt();
    const load = (lib) => import(pathToFileURL(built(lib)).href);
    const { readConfig } = await load('config');
    const { verifyTrail } = await load('audit');
    const { createPool, Database } = await load('database');
    const { SystemClock } = await load('kernel');
    const config = readConfig();
    if (config.auditKeys.size === 0)
      throw new Obstacle('Set AUDIT_KEYS to the keys the trail was sealed with.');
    const anchors = values.anchors === undefined ? {} : JSON.parse(readFileSync(values.anchors, 'utf8'));
    const database = new Database(createPool(config), new SystemClock());
    const kept = {};
    let found = 0;
    try {
      const clinics = new Set([...(await database.clinicIds()), ...Object.keys(anchors)]);
      for (const clinicId of clinics) {
        const { findings, anchor, seals, rows, unsealed } = await verifyTrail(
          database,
          clinicId,
          config.auditKeys,
          anchors[clinicId] ?? null,
        );
        console.log(`${clinicId}: ${rows} rows under ${seals} seals hold, ${unsealed} wait for theirs.`);
        for (const finding of findings) console.log(`  ✗ ${finding}`);
        found += findings.length;
        if (anchor !== null) kept[clinicId] = anchor;
      }
    } finally {
      await database.close();
    }
    if (found > 0) throw new Obstacle(`${found} findings: the audit trail is not what was written.`);
    if (values.keep !== undefined) writeFileSync(values.keep, `${JSON.stringify(kept, undefined, 2)}\n`);
    console.log('The audit trail is what was written.');
  });
}
