// What the tools say: a line for every step worth waiting for, and one sentence when something stands in the way.

/** The apps' own refusals to start, whose messages say what to do. */
const SPOKEN = new Set(['BadSetting', 'UnfitDatabase']);

/** Something the reader can put right: shown as its sentence, without a stack. */
export class Obstacle extends Error {}

/**
 * Runs a step; says so once it takes over a second, keeps counting, and says how long it took.
 * @template T
 * @param {string} label
 * @param {() => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function step(label, work) {
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  let said = false;
  const tick = setInterval(() => {
    if (process.stdout.isTTY) process.stdout.write(`\r  ${label} … ${seconds()} s`);
    else if (!said || seconds() % 10 === 0) console.log(`  ${label} … ${seconds()} s`);
    said = true;
  }, 1000);
  try {
    return await work();
  } finally {
    clearInterval(tick);
    if (said) {
      const took = ((Date.now() - began) / 1000).toFixed(1);
      console.log(`${process.stdout.isTTY ? '\r' : ''}  ${label}: ${took} s      `);
    }
  }
}

/**
 * Runs a tool's main function: an obstacle ends as its sentence, anything else with its stack, both non-zero.
 * @param {() => Promise<unknown>} main
 */
export async function runTool(main) {
  try {
    await main();
  } catch (error) {
    console.error(explain(error));
    process.exitCode = 1;
    // Whatever was left open must not keep a failed tool alive.
    setTimeout(() => process.exit(), 500).unref();
  }
}

/** @param {unknown} error */
export function explain(error) {
  if (error instanceof Obstacle || (error instanceof Error && SPOKEN.has(error.name)))
    return `\n${error.message}`;
  if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === '53100')) {
    return '\nThe disk is full: free some space and run the same command again. Nothing was changed.';
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
