// `npm test`: installs what is missing, then runs jest with the given arguments on the installed Node.
import { ready } from './steps/install.mjs';

if (await ready(import.meta.url)) {
  const { runTool } = await import('./steps/progress.mjs');
  const { runJest } = await import('./steps/run-jest.mjs');
  await runTool(() => runJest(process.argv.slice(2)));
}
