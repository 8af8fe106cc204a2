// `npm run check:prisma`: the migrations, replayed in an empty database, give what prisma/schema says.
import { ready } from './steps/install.mjs';

if (await ready(import.meta.url)) {
  const { checkForDrift } = await import('./steps/drift.mjs');
  const { runTool } = await import('./steps/progress.mjs');
  await runTool(checkForDrift);
}
