// One slot, a hundred callers, one winner: each verb, every mix of two, and a crowded desk at random.
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { onceStopped } from '../postgres/temporary-server.mjs';
import { Obstacle } from '../steps/progress.mjs';
import { callersOf } from './callers.mjs';
import { crowd } from './crowd.mjs';
import { deadlocks, overlaps, Table } from './findings.mjs';
import { openScene } from './scene.mjs';
import { alternating, expireSoon, KEPT, pairs, VERBS } from './verbs.mjs';

const OPTIONS = {
  rounds: { type: 'string', default: '30' },
  callers: { type: 'string', default: '100' },
  mixes: { type: 'string', default: '30' },
  attempts: { type: 'string', default: '20000' },
  'no-build': { type: 'boolean', default: false },
  // Shows that the proof can fail: the overlap constraints are dropped in its scratch database.
  'without-constraint': { type: 'boolean', default: false },
};
const EXPIRES_IN_MS = 25;
/** The server tells its statistics at the latest so long after the last query. */
const STATISTICS_MS = 11_000;

/** @param {string[]} args */
export async function prove(args) {
  const { values } = parseArgs({ args, options: OPTIONS });
  const [rounds, callers, mixes, attempts] = ['rounds', 'callers', 'mixes', 'attempts'].map((name) =>
    Number(values[name]),
  );
  const withoutConstraint = values['without-constraint'];
  const scene = await openScene({ callers, withoutConstraint });
  const stop = onceStopped(scene.stop);
  const admin = new Client({ connectionString: scene.adminUrl });
  admin.on('error', () => {});
  try {
    await admin.connect();
    const stage = { post: callersOf(scene), admin };
    const table = new Table();
    const all = Array.from({ length: callers }, (_, n) => n);
    const race = racing(stage, table);

    for (const [name, { prepare }] of Object.entries(VERBS))
      await race(name, rounds, [1, 1], (goal) => prepare(stage, all, goal));
    for (const [name, keep] of Object.entries(KEPT))
      await race(name, rounds, [1, 1], async (goal) => (await keep(stage, all, goal)).calls);
    for (const [first, second] of pairs(Object.keys(VERBS))) {
      const [one, two] = [VERBS[first], VERBS[second]];
      const winners = one.takes.some((what) => two.takes.includes(what)) ? 1 : 2;
      await race(`${first} + ${second}`, mixes, [winners, winners], async (goal) =>
        alternating(
          await one.prepare(
            stage,
            all.filter((n) => n % 2 === 0),
            goal,
          ),
          await two.prepare(
            stage,
            all.filter((n) => n % 2 === 1),
            goal,
          ),
        ),
      );
    }
    // Whoever is first at the very moment the time is up: at most one; nobody where all came a moment too early or late.
    for (const [name, keep] of Object.entries(KEPT)) {
      for (const [other, { prepare, takes }] of Object.entries(VERBS)) {
        if (other === 'offer from waitlist') continue;
        const odd = all.filter((n) => n % 2 === 1);
        const most = takes.length === 0 ? 2 : 1;
        await race(`${name} at its end + ${other}`, mixes, [0, most], async (goal) => {
          const takers = await prepare(stage, odd, goal);
          const { holdId, calls } = await keep(
            stage,
            all.filter((n) => n % 2 === 0),
            goal,
          );
          await expireSoon(admin, holdId, EXPIRES_IN_MS);
          return alternating(calls, takers);
        });
      }
    }
    await crowd(stage, attempts, table);

    await wait(STATISTICS_MS);
    const total = { overlaps: await overlaps(admin), deadlocks: await deadlocks(admin) };
    console.log(`\nAltogether: ${total.overlaps} overlaps by self-join, ${total.deadlocks} deadlocks.`);
    const failures = table.failures();
    if (total.overlaps > 0) failures.push(`${total.overlaps} overlaps`);
    if (total.deadlocks > 0) failures.push(`${total.deadlocks} deadlocks`);
    if (failures.length > 0)
      throw new Obstacle(
        `The proof FAILS${withoutConstraint ? ' without the constraints' : ''}: ${failures.join('; ')}.`,
      );
    console.log('The proof holds.');
  } finally {
    await admin.end().catch(() => {});
    await stop();
  }
}

/** Runs the rounds of one line of the table, each at a time nobody has used yet. */
function racing({ admin }, table) {
  let used = 0;
  const goalOf = () => {
    used += 1;
    const day = new Date(Date.now() + (2 + (used % 380)) * 86_400_000).toISOString().slice(0, 10);
    return `${day}T${['08:30', '11:30', '14:30', '17:30'][Math.floor(used / 380)] ?? ''}:00.000Z`;
  };
  return async (name, rounds, [least, most], prepare) => {
    if (rounds === 0) return;
    const told = { name, rounds, winners: [], answers: [], unexpected: 0, overlaps: 0, deadlocks: 0 };
    const deadlocksBefore = await deadlocks(admin);
    for (let round = 0; round < rounds; round += 1) {
      const calls = await prepare(goalOf());
      const answers = await Promise.all(calls.map((call) => call()));
      told.answers.push(...answers);
      told.winners.push(answers.filter(({ status }) => status < 300).length);
    }
    told.unexpected = told.winners.filter((count) => count < least || count > most).length;
    told.overlaps = await overlaps(admin);
    told.deadlocks = (await deadlocks(admin)) - deadlocksBefore;
    table.line(told);
  };
}
