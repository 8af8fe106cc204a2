// `npm start`: everything from a bare clone to a running service. This first part runs on older Nodes too.
import { ready } from './steps/install.mjs';

if (await ready(import.meta.url)) {
  const { runTool } = await import('./steps/progress.mjs');
  const { run } = await import('./steps/run.mjs');
  await runTool(run);
}
