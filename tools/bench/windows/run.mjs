// `npm run bench -- --windows`: recompute of all windows beside one hand-written statement, in turn on one database,
// and the forecast of one patient.
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkout, databaseFolder, serverAccount } from '../../postgres/account.mjs';
import { startEmbeddedPostgres } from '../../postgres/embedded-postgres.mjs';
import { connected, letServiceSignIn, urlFor } from '../../postgres/server.mjs';
import { step } from '../../steps/progress.mjs';
import { makeMigrated, recipe } from '../database.mjs';
import { forecastOfOne } from './forecast.mjs';
import { LIMIT, PLAIN_TABLE } from './limit.mjs';
import { DESK_WORK } from '../recall/load.mjs';
import { CLINIC, load } from './load.mjs';

const DATABASE = 'bench_windows';
const RECIPE = recipe('windows/load.mjs');

/** @param {{ fresh: boolean, rounds: number }} options */
export async function benchWindows({ fresh, rounds }) {
  forecastOfOne();
  await onPatients(fresh, (adminUrl, serviceUrl) => measure(adminUrl, serviceUrl, rounds));
}

/** The recall list over the same patients. @param {{ fresh: boolean }} options */
export async function benchRecall({ fresh }) {
  await onPatients(fresh, async (adminUrl, serviceUrl) => {
    await windowsFor(adminUrl, serviceUrl);
    await inProcess('tools/bench/recall/run.mjs', serviceUrl);
  });
}

async function onPatients(fresh, work) {
  const account = serverAccount();
  const folder = join(databaseFolder(account).folder, 'bench-windows');
  const mark = join(folder, 'loaded.json');
  const good = !fresh && existsSync(mark) && readFileSync(mark, 'utf8') === RECIPE;
  if (!good) rmSync(mark, { force: true });
  const server = await startEmbeddedPostgres({ folder, account });
  const adminUrl = server.url(DATABASE);
  try {
    if (!good) {
      await makeMigrated(server, DATABASE);
      await connected(adminUrl, load);
      writeFileSync(mark, RECIPE);
    }
    const password = randomBytes(24).toString('hex');
    await connected(adminUrl, (admin) => letServiceSignIn(admin, password));
    await connected(adminUrl, (admin) => admin.query(PLAIN_TABLE));
    await work(adminUrl, urlFor(adminUrl, 'revisit_service', password));
  } finally {
    await server.stop();
  }
}

/** Every window computed anew, and what the desk did with them. */
async function windowsFor(adminUrl, serviceUrl) {
  const worker = new Recomputer(serviceUrl);
  await worker.ready();
  try {
    await step('257,142 windows', () =>
      connected(adminUrl, async (admin) => {
        await forget(admin);
        await recompute(admin, worker);
      }),
    );
    await step('What the desk did', () =>
      connected(adminUrl, async (admin) => {
        await admin.query(DESK_WORK);
        await admin.query('VACUUM ANALYZE');
      }),
    );
  } finally {
    worker.stop();
  }
}

function inProcess(script, serviceUrl) {
  const env = { ...process.env, DATABASE_URL: serviceUrl, LOG_LEVEL: 'error' };
  const child = spawn(process.execPath, [script], { cwd: checkout, env, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${script} ended with ${code}`))));
  });
}

async function measure(adminUrl, serviceUrl, rounds) {
  const worker = new Recomputer(serviceUrl);
  await worker.ready();
  const results = { full: [], unchanged: [] };
  try {
    for (let round = 1; round <= rounds; round += 1) {
      await connected(adminUrl, forget);
      for (const kind of ['full', 'unchanged']) {
        const limit = await connected(serviceUrl, plainDates);
        const ours = await connected(adminUrl, (admin) => recompute(admin, worker));
        results[kind].push(ours.seconds / limit.seconds);
        console.log(
          `round ${round} ${kind.padEnd(9)}  limit ${limit.seconds.toFixed(2)} s (${limit.rows} rows)  ours ${ours.seconds.toFixed(2)} s ` +
            `(${ours.issued} issued, ${ours.unchanged} looked at and unchanged, ${ours.cpuSeconds.toFixed(2)} s of our CPU)  ` +
            `ratio ${(ours.seconds / limit.seconds).toFixed(2)}  peak memory ${Math.round(ours.megabytes)} MB`,
        );
      }
      if (round === 1) await connected(adminUrl, same);
    }
  } finally {
    worker.stop();
  }
  const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
  console.log(
    `median ratio: full build ${median(results.full).toFixed(2)} (wanted ≤ 3), unchanged ${median(results.unchanged).toFixed(2)} (wanted ≤ 2)`,
  );
}

async function plainDates(service) {
  await service.query(`SELECT set_config('app.clinic_id', '${CLINIC}', false)`);
  await service.query(`SET work_mem = '128MB'; SET jit = off`);
  const began = performance.now();
  const { rowCount } = await service.query(LIMIT, [CLINIC]);
  return { seconds: (performance.now() - began) / 1000, rows: rowCount };
}

async function recompute(admin, worker) {
  const recomputeId = randomUUID();
  await admin.query(
    `INSERT INTO window_recompute (clinic_id, id, cause, requested_at) VALUES ($1, $2, 'asked', now())`,
    [CLINIC, recomputeId],
  );
  const measured = await worker.run({ clinicId: CLINIC, recomputeId });
  const { rows } = await admin.query(
    'SELECT status, issued, ended, unchanged FROM window_recompute WHERE id = $1',
    [recomputeId],
  );
  if (rows[0]?.status !== 'done') throw new Error('The recompute did not end');
  return { ...measured, ...rows[0] };
}

/** Before anything is believed, both must have come to the same dates. */
async function same(admin) {
  const { rows } = await admin.query(`
    SELECT count(*) FILTER (WHERE (p.earliest, p.recommended_from, p.target, p.recommended_to, p.lapsed_after)
             IS DISTINCT FROM (w.earliest, w.recommended_from, w.target, w.recommended_to, w.lapsed_after))::int AS differ,
           count(*)::int AS compared
      FROM plain_window p FULL JOIN repeat_visit_window w
        ON w.clinic_id = p.clinic_id AND w.patient_id = p.patient_id AND w.area_id = p.area_id AND w.status = 'open'`);
  console.log(`${rows[0].compared} windows compared, ${rows[0].differ} differ`);
  if (rows[0].differ > 0) throw new Error('Limit and recompute give different dates');
}

async function forget(admin) {
  // Its triggers refuse what only a bench does.
  await admin.query('SET session_replication_role = replica');
  await admin.query(
    `TRUNCATE plain_window, window_state_change, repeat_visit_window, window_basis, window_recompute, recall_message, contact_attempt, recall_card`,
  );
  // Treatments refer to these tables, so they cannot be truncated without them.
  for (const table of ['appointment', 'appointment_type', 'opening_hours', 'working_hours'])
    await admin.query(`DELETE FROM ${table}`);
  await admin.query('SET session_replication_role = origin');
  await admin.query('CHECKPOINT');
}

class Recomputer {
  constructor(serviceUrl) {
    const env = { ...process.env, DATABASE_URL: serviceUrl, LOG_LEVEL: 'error' };
    // A small heap, as in a small container: what a recompute needs, not what the garbage collector leaves lying about.
    this.child = spawn(process.execPath, ['--max-old-space-size=256', 'tools/bench/windows/recompute.mjs'], {
      cwd: checkout,
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async ready() {
    await this.#line();
  }

  run(job) {
    this.child.stdin.write(`${JSON.stringify(job)}\n`);
    return this.#line();
  }

  stop() {
    this.child.stdin.end();
  }

  async #line() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('The recompute ended early');
    return JSON.parse(value);
  }
}
