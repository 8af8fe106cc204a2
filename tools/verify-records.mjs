// `npm run verify:records`: reads every signed record anew and says which is not what was signed.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ready } from './steps/install.mjs';

if (await ready(import.meta.url)) {
  const { checkout } = await import('./postgres/account.mjs');
  const { ensureBuilt } = await import('./steps/build.mjs');
  const { useKeptDatabase } = await import('./steps/kept-database.mjs');
  const { Obstacle, runTool } = await import('./steps/progress.mjs');
  await runTool(async () => {
    useKeptDatabase();
    if (!process.env['DATABASE_URL'])
      throw new Obstacle('Set DATABASE_URL to the database to verify, or start the service with npm start.');
    await ensureBuilt();
    const { verifyRecords } = await import(
      pathToFileURL(join(checkout, 'dist/apps/worker/src/verify-records.js')).href
    );
    let faults = 0;
    const { clinics, records, redacted, certificates } = await verifyRecords(
      ({ clinicId, kind, id, differs }) => {
        faults += 1;
        console.log(
          kind === 'erasure'
            ? `The certificate of erasure ${id} of clinic ${clinicId} proves nothing: ${differs.join(', ')}`
            : `${kind} ${id} of clinic ${clinicId} is not what was signed: ${differs.join(', ')}`,
        );
      },
    );
    if (faults > 0) throw new Obstacle(`${faults} findings in ${records} signed records.`);
    console.log(`${records} signed records of ${clinics} clinics are what was signed.`);
    if (redacted > 0)
      console.log(
        `Of them, ${redacted} had somebody taken out, as ${certificates} certificates of erasures say; the rest of each is intact.`,
      );
  });
}
