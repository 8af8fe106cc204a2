// `npm run tour`: a first visit, played against the running service as four people. Every step is a real request.
import { ready } from './steps/install.mjs';

if (await ready(import.meta.url)) {
  const { Obstacle, runTool } = await import('./steps/progress.mjs');
  const { playDesk } = await import('./tour/desk.mjs');
  const { playTreatment } = await import('./tour/treatment.mjs');
  const { playAfterwards } = await import('./tour/afterwards.mjs');
  const { Service } = await import('./tour/service.mjs');

  await runTool(async () => {
    const service = new Service(
      process.env['REVISIT_URL'] ?? `http://127.0.0.1:${process.env['PORT'] ?? 3000}`,
    );
    if (!(await service.isUp())) {
      throw new Obstacle(`Nothing answers at ${service.url}. Start it with npm start (or set REVISIT_URL).`);
    }
    const people = await service.signInAll();
    const visit = await playDesk(people);
    await playTreatment(people, visit);
    await playAfterwards(people, visit);
  });
}
