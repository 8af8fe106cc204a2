// Measures the service and the limit in turn, on one database, and prints both with their ratio.
import { parseArgs } from 'node:util';
import { cpus } from 'node:os';
import { connected } from '../postgres/server.mjs';
import { onceStopped } from '../postgres/temporary-server.mjs';
import { Obstacle } from '../steps/progress.mjs';
import { openBenchDatabase } from './database.mjs';
import { explainHotQueries } from './explain.mjs';
import { forgetBookings, sameAnswers } from './answers.mjs';
import { loadTreatments } from './load-treatments.mjs';
import { benchReturns, RETURN_SCENARIOS } from './returns.mjs';
import { SCENARIOS } from './scenarios.mjs';
import { serve, startGenerator } from './servers.mjs';
import { benchRecall, benchWindows } from './windows/run.mjs';

const OPTIONS = {
  only: { type: 'string', default: [...Object.keys(SCENARIOS), ...RETURN_SCENARIOS].join(',') },
  concurrency: { type: 'string', default: '1,8,32' },
  rounds: { type: 'string', default: '3' },
  seconds: { type: 'string', default: '2' },
  explain: { type: 'boolean', default: false },
  // The repeat-visit windows instead: see windows/run.mjs.
  windows: { type: 'boolean', default: false },
  // The recall list over the same patients: see recall/run.mjs.
  recall: { type: 'boolean', default: false },
  fresh: { type: 'boolean', default: false },
  'no-build': { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
  // What the audit trail costs: the second server is the service without its rows.
  audit: { type: 'boolean', default: false },
  // What waiting for the disk costs; never a setting to run with.
  unflushed: { type: 'boolean', default: false },
};
/** Faster than any server here, so that requests never run out. */
const MOST_BOOKINGS_A_SECOND = 2500;
const REPEATED = 2000;

/** @param {string[]} args */
export async function bench(args) {
  const { values: options } = parseArgs({ args, options: OPTIONS });
  if (options.recall) return benchRecall({ fresh: options.fresh });
  if (options.windows) return benchWindows({ fresh: options.fresh, rounds: Number(options.rounds) });
  const asked = options.only.split(',');
  const names = asked.filter((name) => !RETURN_SCENARIOS.includes(name));
  const returns = asked.filter((name) => RETURN_SCENARIOS.includes(name));
  const unknown = names.find((name) => !(name in SCENARIOS));
  if (unknown !== undefined)
    throw new Obstacle(
      `There is no scenario ${unknown}; there are ${[...Object.keys(SCENARIOS), ...RETURN_SCENARIOS].join(', ')}.`,
    );
  const database = await openBenchDatabase({ fresh: options.fresh });
  const running = [database];
  const stop = onceStopped(async () => {
    for (const part of running.toReversed()) await part.stop();
  });
  try {
    await connected(database.adminUrl, (admin) =>
      admin.query(`ALTER ROLE revisit_service SET synchronous_commit = ${options.unflushed ? 'off' : 'on'}`),
    );
    if (options.explain) return await explainHotQueries(database);
    if (returns.length > 0) {
      await connected(database.adminUrl, (admin) => loadTreatments(admin, database.today));
      await benchReturns(database, returns, Number(options.rounds));
    }
    if (names.length === 0) return;
    const profile = options.profile ? ['--cpu-prof', '--cpu-prof-dir=.revisit/profiles'] : [];
    const api = await serve('dist/apps/api/src/main.js', database.serviceUrl, profile);
    running.push(api);
    const limit = options.audit
      ? await serve('dist/apps/api/src/main.js', database.serviceUrl, [
          '--import',
          './tools/bench/without-audit.mjs',
        ])
      : await serve('tools/bench/limit-server.mjs', database.serviceUrl);
    running.push(limit);
    if (options.audit) console.log('\n"limit" below is the service itself without its audit rows.');
    const generator = startGenerator();
    running.push(generator);
    if (!options.audit) await sameAnswers(names, database.today, api.port, limit.port);
    heading(options);
    const measure = new Measure(generator, database.today, options);
    for (const name of names) {
      for (const connections of options.concurrency.split(',').map(Number)) {
        const [ours, bare] = await measure.both(name, connections, api.port, limit.port);
        line(SCENARIOS[name], connections, ours, bare);
      }
      if (name === 'book') await connected(database.adminUrl, forgetBookings);
    }
  } finally {
    await stop();
  }
}

class Measure {
  #booked = 0;

  constructor(generator, today, { rounds, seconds }) {
    this.generator = generator;
    this.today = today;
    this.rounds = Number(rounds);
    this.seconds = Number(seconds);
  }

  /** Medians of several short runs in turn, because the machine may have other work; the first run only warms up. */
  async both(scenario, connections, ...ports) {
    const runs = ports.map(() => []);
    for (let round = 0; round <= this.rounds; round += 1) {
      for (const [index, port] of ports.entries()) {
        const result = await this.#once(
          scenario,
          connections,
          port,
          round === 0 ? this.seconds / 2 : this.seconds,
        );
        if (round > 0) runs[index].push(result);
      }
    }
    return runs.map((results) => ({
      perSecond: median(results.map(({ perSecond }) => perSecond)),
      p50: median(results.map(({ p50 }) => p50)),
      p99: median(results.map(({ p99 }) => p99)),
      failures: results.flatMap(({ failures }) => Object.entries(failures)),
    }));
  }

  async #once(scenario, connections, port, seconds) {
    const books = scenario === 'book';
    const prepared = books ? Math.ceil(seconds * MOST_BOOKINGS_A_SECOND) : REPEATED;
    const first = books ? this.#booked : 0;
    const job = { scenario, today: this.today, port, connections, seconds, first, prepared };
    const result = await this.generator.run(job);
    if (books) this.#booked += result.sent;
    return result;
  }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const column = (value, width) => String(value).padStart(width);
const ms = (value) => value.toFixed(value < 10 ? 2 : 1);

function heading({ rounds, seconds }) {
  console.log(
    `\nMedians of ${rounds} runs of ${seconds} s, service and limit in turn; ${cpus().length} cores for all.`,
  );
  console.log(
    `${'scenario'.padEnd(45)}${column('conc', 5)}${column('ops/s', 9)}${column('p50 ms', 9)}${column('p99 ms', 9)}${column('limit/s', 9)}${column('p50', 8)}${column('p99', 8)}${column('ratio', 7)}  wanted`,
  );
}

function line({ title, wanted }, connections, ours, bare) {
  const ratio = ours.perSecond / bare.perSecond;
  const verdict = connections === 8 ? `≥ ${wanted} ${ratio >= wanted ? 'yes' : 'NO'}` : '';
  const failed = [...ours.failures, ...bare.failures]
    .map(([status, count]) => ` ${count} × ${status}`)
    .join(',');
  console.log(
    `${title.padEnd(45)}${column(connections, 5)}${column(Math.round(ours.perSecond), 9)}${column(ms(ours.p50), 9)}${column(ms(ours.p99), 9)}${column(Math.round(bare.perSecond), 9)}${column(ms(bare.p50), 8)}${column(ms(bare.p99), 8)}${column(ratio.toFixed(2), 7)}  ${verdict}${failed}`,
  );
}
