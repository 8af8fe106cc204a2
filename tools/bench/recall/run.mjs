// `npm run bench -- --recall`: the first page of the recall list over 120,000 patients beside the bare indexed query, in turn
// on one database and one connection each.
import { NestFactory } from '@nestjs/core';
import { CLINIC } from '../windows/load.mjs';
import { TODAY } from './load.mjs';

const LIMIT = 50;
const STAFF = '0190b000-0000-7000-8003-000000000000';
const TYPE = '0190b000-0000-7000-80a0-000000000000';

// The expression of the index window_by_end.
const ENDS = `(CASE WHEN w.recommended_to IS NOT NULL THEN w.recommended_to
       WHEN w.lapsed_after IS NOT NULL THEN w.lapsed_after ELSE '9999-12-31'::date END)`;

// The limit: the same places with the names and dates a list must show, by one hand-written statement on the same index; no
// reasons, no other areas, no contacts, no visit.
const BARE = {
  name: 'bare_recall_list',
  text: `
    SELECT p.id, p.number, p.given_name, p.family_name, p.phone, w.area_id, w.product_id, w.earliest, w.recommended_from, w.target,
           w.recommended_to, w.lapsed_after
      FROM repeat_visit_window w
      JOIN patient p ON p.clinic_id = w.clinic_id AND p.id = w.patient_id
     WHERE w.clinic_id = $1 AND w.status = 'open'
       AND ${ENDS} < $2
       AND (w.lapsed_after IS NULL OR w.lapsed_after >= $2)
     ORDER BY ${ENDS} DESC, w.patient_id DESC, w.area_id DESC
     LIMIT $3`,
};

const [
  { readConfig },
  { Database },
  { RepeatVisitsModule, RecallListService },
  { ConfigModule },
  { DatabaseModule },
  { JobsModule },
] = await Promise.all(
  ['config', 'database', 'repeat-visits', 'config', 'database', 'jobs'].map(
    (lib) => import(`../../../dist/libs/${lib}/src/index.js`),
  ),
);
const { Module } = await import('@nestjs/common');

class Bench {}
Module({ imports: [ConfigModule.with(readConfig()), DatabaseModule, JobsModule, RepeatVisitsModule] })(Bench);
const app = await NestFactory.createApplicationContext(Bench, { logger: false });
const database = app.get(Database);
const list = app.get(RecallListService);
const actor = {
  clinicId: CLINIC,
  staffId: STAFF,
  market: 'UK',
  roles: ['receptionist'],
  permissions: new Set(),
  isPrescriber: false,
};

const kinds = {
  bare: () => database.read(actor, (tx) => tx.rows(BARE, [CLINIC, TODAY, LIMIT])),
  page: () => list.due(actor, { on: TODAY, limit: LIMIT }),
  suppressed: () => list.due(actor, { on: TODAY, limit: LIMIT, includeSuppressed: 'true' }),
  slots: () => list.due(actor, { on: TODAY, limit: LIMIT, typeId: TYPE }),
  waiting: () => list.due(actor, { on: TODAY, limit: LIMIT, minWaiting: 100 }),
  uncalled: () => list.due(actor, { on: TODAY, limit: LIMIT, lastContactBefore: '2025-06-01' }),
  practitioner: () => list.due(actor, { on: TODAY, limit: LIMIT, practitionerId: STAFF }),
  area: () => list.due(actor, { on: TODAY, limit: LIMIT, area: 'lateral_canthal' }),
  nobody: () => list.due(actor, { on: TODAY, limit: LIMIT, assigned: 'nobody' }),
};
const SAYS = {
  bare: 'bare indexed query',
  page: 'first page',
  suppressed: 'with those nobody should ask',
  slots: 'with three free times each',
  waiting: 'waiting for 100 area-days',
  uncalled: 'not called since 1 June',
  practitioner: 'of one practitioner',
  area: 'of one area',
  nobody: 'assigned to nobody',
};

const times = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]));
for (let round = 0; round < 220; round += 1) {
  for (const [kind, run] of Object.entries(kinds)) {
    const began = performance.now();
    await run();
    // The first rounds warm caches and plans.
    if (round >= 20) times[kind].push(performance.now() - began);
  }
}
const at = (values, share) => values.toSorted((a, b) => a - b)[Math.floor(values.length * share)];
const bare = at(times.bare, 0.5);
for (const [kind, values] of Object.entries(times)) {
  const [p50, p99] = [at(values, 0.5), at(values, 0.99)];
  console.log(
    `${SAYS[kind].padEnd(30)} p50 ${p50.toFixed(2).padStart(6)} ms  p99 ${p99.toFixed(2).padStart(6)} ms  ${(p50 / bare).toFixed(1)} × the bare query`,
  );
}
const page = await kinds.page();
console.log(`${page.items.length} patients on the page; wanted: first page < 5 × the bare query`);
await app.close();
