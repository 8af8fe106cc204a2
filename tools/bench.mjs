// `npm run bench`: how fast the service is, beside a bare server over the same database. docs/performance.md tells more.
import { ready } from './steps/install.mjs';

if (await ready(import.meta.url)) {
  const { runTool } = await import('./steps/progress.mjs');
  // What is measured is imported from dist, so it is built before that.
  if (!process.argv.includes('--no-build')) await (await import('./steps/build.mjs')).ensureBuilt();
  const { bench } = await import('./bench/run.mjs');
  await runTool(() => bench(process.argv.slice(2)));
}
