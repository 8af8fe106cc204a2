// The return rates beside the best single statements over the raw records, in turn, on one database, as the service role.
import { Database } from '../../dist/libs/database/src/database.js';
import { createPool } from '../../dist/libs/database/src/pool.js';
import { CoursesRepository } from '../../dist/libs/reports/src/courses/courses.repository.js';
import { CyclesReader } from '../../dist/libs/reports/src/courses/cycles.reader.js';
import { ReportFrame } from '../../dist/libs/reports/src/report-frame.js';
import { ReportFrameQueries } from '../../dist/libs/reports/src/report-frame.queries.js';
import { ReturnGroupsService } from '../../dist/libs/reports/src/return-groups.service.js';
import { StaffService } from '../../dist/libs/identity/src/staff.service.js';
import { Obstacle } from '../steps/progress.mjs';
import { CLINIC, receptionistId } from './clinic.mjs';

const WANTED = 0.5;
const HORIZONS = [90, 120, 180, 270, 365];

/** Who may see everything: what is measured is the counting, not the hiding. */
const ACTOR = {
  clinicId: CLINIC,
  staffId: receptionistId,
  market: 'UK',
  permissions: new Set(['reports:read', 'charts:read']),
};

// One cycle an area and day: the next day the patient was treated there, as known on the day asked for.
const CYCLES = `
  SELECT practitioner_id, area_id, treated_on, next_on,
         coalesce(next_on, $2::date) - treated_on AS days, next_on IS NOT NULL AS returned
    FROM (SELECT t.patient_id, t.practitioner_id, i.area_id, t.treated_on,
                 lead(t.treated_on) OVER (PARTITION BY t.patient_id, i.area_id ORDER BY t.treated_on) AS next_on
            FROM treatment t
            JOIN injection i ON i.clinic_id = t.clinic_id AND i.treatment_id = t.id
            LEFT JOIN treatment_withdrawal w ON w.clinic_id = t.clinic_id AND w.treatment_id = t.id AND w.at < $2::date + 1
           WHERE t.clinic_id = $1 AND t.status = 'signed' AND t.kind = 'full' AND t.treated_on <= $2
             AND t.signed_at < $2::date + 1 AND w.treatment_id IS NULL) c`;

const within = HORIZONS.map(
  (days) => `count(*) FILTER (WHERE returned AND days <= ${days})::int AS r${days},
             count(*) FILTER (WHERE treated_on <= $2::date - ${days})::int AS w${days}`,
).join(', ');

/** What is compared: the same rows by the service and by one statement; `essence` is what must agree. */
const QUESTIONS = {
  'return-curves': {
    title: 'return probability, practitioner × area, with curves',
    sql: `
      WITH ended AS (SELECT practitioner_id, area_id, days, count(*) FILTER (WHERE returned) AS events, count(*) AS leaving
                       FROM (${CYCLES}) c GROUP BY 1, 2, 3),
           steps AS (SELECT *, sum(leaving) OVER (PARTITION BY practitioner_id, area_id ORDER BY days DESC) AS at_risk FROM ended)
      SELECT practitioner_id, area_id, days, at_risk::int, events::int,
             CASE WHEN at_risk = events THEN 1
                  ELSE 1 - exp(sum(ln(1 - events::float8 / NULLIF(at_risk, events)::float8)) OVER (PARTITION BY practitioner_id, area_id ORDER BY days)) END AS back
        FROM steps ORDER BY 1, 2, 3`,
    ask: (service, asOf) =>
      service.groups(ACTOR, {
        asOf,
        scope: 'same-area',
        horizons: HORIZONS,
        by: ['practitioner', 'area'],
        curves: true,
        limit: 500,
      }),
    essence: {
      ours: ({ items }) =>
        new Map(
          items.map(({ values, figures }) => [
            `${values.practitioner} ${values.area}`,
            figures.horizons.find(({ days }) => days === 180).probability.toFixed(9),
          ]),
        ),
      theirs: (rows) =>
        new Map(
          rows
            .filter(({ days, events }) => days <= 180 && events > 0)
            .map(({ practitioner_id: who, area_id: area, back }) => [`${who} ${area}`, back.toFixed(9)]),
        ),
    },
  },
  'return-cohorts': {
    title: 'cohort table, month × practitioner × area',
    sql: `
      SELECT practitioner_id, area_id, date_trunc('month', treated_on)::date AS cohort, count(*)::int AS n,
             count(*) FILTER (WHERE NOT returned)::int AS open, ${within}
        FROM (${CYCLES}) c GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    ask: (service, asOf) =>
      service.cohorts(ACTOR, {
        asOf,
        scope: 'same-area',
        horizons: HORIZONS,
        by: ['practitioner', 'area'],
        cohortBy: 'month',
        limit: 50_000,
      }),
    essence: {
      ours: ({ items }) =>
        new Map(
          items.map(({ values, cohort, treatments, open, cells }) => [
            `${values.practitioner} ${values.area} ${cohort}`,
            [treatments, open, ...cells.map(({ returned, watched }) => `${returned}/${watched}`)].join(),
          ]),
        ),
      theirs: (rows) =>
        new Map(
          rows.map((row) => [
            `${row.practitioner_id} ${row.area_id} ${row.cohort.slice(0, 7)}`,
            [row.n, row.open, ...HORIZONS.map((days) => `${row[`r${days}`]}/${row[`w${days}`]}`)].join(),
          ]),
        ),
    },
  },
};

export const RETURN_SCENARIOS = Object.keys(QUESTIONS);

/**
 * Prints medians of both and their ratio.
 * @param {{ serviceUrl: string, today: string }} database with its treatments loaded
 * @param {string[]} names @param {number} rounds
 */
export async function benchReturns({ serviceUrl, today }, names, rounds) {
  const pool = createPool({ databaseUrl: serviceUrl, databasePoolSize: 2 });
  const database = new Database(pool, { now: () => new Date(`${today}T23:00:00Z`) });
  const frame = new ReportFrame(new StaffService(database), new ReportFrameQueries());
  const service = new ReturnGroupsService(database, frame, new CyclesReader(new CoursesRepository(), frame));
  try {
    console.log(`\nReturn rates over 1,000,000 treatments, medians of ${rounds} runs in turn:`);
    console.log(
      `${'question'.padEnd(55)}${'ours ms'.padStart(9)}${'SQL ms'.padStart(9)}${'ratio'.padStart(7)}  wanted`,
    );
    for (const name of names) {
      const { title, sql, ask, essence } = QUESTIONS[name];
      const [ours, raw] = [[], []];
      for (let round = 0; round <= rounds; round += 1) {
        const [answer, took] = await timed(() => ask(service, today));
        const [rows, tookRaw] = await timed(() => asked(pool, sql, [CLINIC, today]));
        if (round === 0) assertSame(title, essence.ours(answer), essence.theirs(rows));
        else {
          ours.push(took);
          raw.push(tookRaw);
        }
      }
      const ratio = median(ours) / median(raw);
      console.log(
        `${title.padEnd(55)}${median(ours).toFixed(0).padStart(9)}${median(raw).toFixed(0).padStart(9)}${ratio.toFixed(2).padStart(7)}  ≤ ${WANTED} ${ratio <= WANTED ? 'yes' : 'NO'}`,
      );
    }
  } finally {
    await database.close();
  }
}

/** The raw statement may use as much memory as it likes, and two workers. */
async function asked(pool, sql, values) {
  const connection = await pool.connect();
  try {
    await connection.query('BEGIN');
    await connection.query(
      `SELECT set_config('app.clinic_id', $1, true), set_config('work_mem', '512MB', true),
              set_config('max_parallel_workers_per_gather', '2', true)`,
      [CLINIC],
    );
    return (await connection.query(sql, values)).rows;
  } finally {
    await connection.query('ROLLBACK');
    connection.release();
  }
}

async function timed(work) {
  const started = performance.now();
  return [await work(), performance.now() - started];
}

function assertSame(title, ours, theirs) {
  const wrong = [...theirs].find(([key, value]) => ours.get(key) !== value);
  if (wrong || theirs.size !== ours.size)
    throw new Obstacle(
      `${title}: ${ours.size} and ${theirs.size} groups; ${wrong ? `${wrong.join(' = ')} and ${ours.get(wrong[0])}` : ''}`,
    );
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
