// `npm run bench`: how fast the service is, beside a bare server over the same database. docs/performance.md tells more.
import { ready } from './steps/install.mjs';

if (await ready(import.meta.url)) {
  const { runTool } = await import('./steps/progress.mjs');
  const { bench } = await import('./bench/run.mjs');
  await runTool(() => bench(process.argv.slice(2)));
}
