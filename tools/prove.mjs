// `npm run prove`: that one slot is never given to two, whatever verb takes it and however many ask at once.
import { ready } from './steps/install.mjs';

if (await ready(import.meta.url)) {
  const { runTool } = await import('./steps/progress.mjs');
  if (!process.argv.includes('--no-build')) await (await import('./steps/build.mjs')).ensureBuilt();
  const { prove } = await import('./proofs/hot-slot.mjs');
  await runTool(() => prove(process.argv.slice(2)));
}
