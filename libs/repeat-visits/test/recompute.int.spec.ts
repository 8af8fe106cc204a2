import { createPool, Database, systemActor } from '#database';
import { calendarDate, FixedClock } from '#kernel';
import { ProtocolsService } from '#catalogue';
import { aLot } from '#treatments/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';

import { FiguresInForce } from '../src/figures-in-force.js';
import { WindowEvents, WindowsService } from '../src/index.js';
import { PreviewService } from '../src/preview/preview.service.js';
import { BulkWindows } from '../src/recompute/bulk-windows.js';
import { HistoriesRepository } from '../src/recompute/histories.repository.js';
import { RecomputeWindows } from '../src/recompute/recompute.job.js';
import { RecomputesRepository } from '../src/recompute/recomputes.repository.js';
import { RecomputesService } from '../src/recompute/recomputes.service.js';
import { RestateWindows } from '../src/recompute/restate.job.js';
import { WindowsOfPiece } from '../src/recompute/windows-of-piece.js';
import { WindowBasisRepository } from '../src/window-basis.repository.js';
import { WindowsRepository } from '../src/windows.repository.js';
import { ClinicAtWork } from '../src/testing/clinic-at-work.js';

const TODAY = '2026-06-01';
const PATIENTS = 240;

/** Everything of the windows but what names a run: ids and moments. */
const ROWS = `
  SELECT patient_id, area_id, treatment_id, location_id, product_id, status, ended_by, earliest::text, recommended_from::text,
         target::text, recommended_to::text, lapsed_after::text, review_from::text, review_to::text, non_response_check::text,
         protocol_version, input_hash, input::text, outcome::text, state, changes_on::text
    FROM repeat_visit_window ORDER BY patient_id, area_id, status, input_hash`;

describe('all windows of a clinic', () => {
  let work: ClinicAtWork;
  let recomputes: RecomputesService;
  const admin = () => work.clinic.actor.admin;
  const get = <T>(type: new (...of: never[]) => T): T => work.module.get(type, { strict: false });
  const rows = async (): Promise<unknown[]> => (await work.db.admin.query(ROWS)).rows;
  const run = async (recomputeId: string): Promise<void> =>
    get(RecomputeWindows).work({ clinicId: work.clinic.clinicId, recomputeId });
  const recompute = async () => {
    const { id } = await recomputes.ask(admin());
    await run(id);
    return recomputes.read(admin(), id);
  };

  /** Histories as years of work leave them, by SQL: what signing would do is what is tested here. */
  async function history(): Promise<void> {
    const lot = await aLot(work.db, work.clinic, { product: 'ona' });
    const { clinicId } = work.clinic;
    const client: pg.PoolClient = await work.db.admin.connect();
    try {
      await client.query('SET session_replication_role = replica');
      await client.query(
        `INSERT INTO patient (clinic_id, id, number, given_name, family_name, birth_date)
         SELECT $1, uuidv7(), 1000 + n, 'Mary', 'Anderson', '1980-01-01' FROM generate_series(1, ${PATIENTS}) n`,
        [clinicId],
      );
      await client.query(
        `INSERT INTO treatment (clinic_id, id, patient_id, practitioner_id, location_id, treated_on, kind, status, signed_at,
                                signed_by, signed_name, signed_meaning, content_hash)
         SELECT $1, uuidv7(), p.id, $2, $3, date '2025-01-31' + k * 140 + p.number % 90, 'full', 'signed', now(), $2, 'Dr P', 'Given', 'none'
           FROM patient p, generate_series(0, 2) k WHERE p.clinic_id = $1 AND p.number > 1000`,
        [clinicId, work.desk.doctorId, work.desk.london.id],
      );
      await client.query(
        `INSERT INTO injection (clinic_id, id, treatment_id, area_id, side, product_id, lot_id, units)
         SELECT $1, uuidv7(), t.id, a, 'midline', 'ona', $2, 20
           FROM treatment t JOIN patient p ON p.clinic_id = t.clinic_id AND p.id = t.patient_id AND p.number > 1000,
                unnest(CASE WHEN p.number % 2 = 0 THEN ARRAY['glabella', 'forehead'] ELSE ARRAY['glabella'] END) a
          WHERE t.clinic_id = $1`,
        [clinicId, lot.id],
      );
    } finally {
      client.release(true);
    }
  }

  beforeAll(async () => {
    work = await ClinicAtWork.open(TODAY);
    recomputes = get(RecomputesService);
    await history();
  });
  afterAll(() => work.close());

  it('are built in the background, with progress to be read, and left alone when nothing changed', async () => {
    const first = await recompute();
    expect(first).toMatchObject({
      status: 'done',
      cause: 'asked',
      issued: PATIENTS * 1.5,
      ended: 0,
      unchanged: 0,
      done: first.patients,
    });
    const before = await rows();
    expect(before).toHaveLength(PATIENTS * 1.5);
    expect(await recompute()).toMatchObject({ status: 'done', issued: 0, ended: 0, unchanged: 0 });
    expect(await rows()).toEqual(before);
  });

  it('are the same as each patient’s own recompute gives', async () => {
    const before = await rows();
    const ids = (await work.db.admin.query<{ id: string }>('SELECT id FROM patient')).rows.map(
      ({ id }) => id,
    );
    const issued = await work.db.database.write(systemActor(work.clinic.clinicId), (tx) =>
      get(WindowsService).issueFor(tx, ids, calendarDate(TODAY)),
    );
    expect(issued).toEqual({ issued: 0, ended: 0, unchanged: PATIENTS * 1.5 });
    expect(await rows()).toEqual(before);
    // Looked at alone, their basis is forgotten; looked at again, nothing is written.
    expect(await recompute()).toMatchObject({ issued: 0, ended: 0, unchanged: PATIENTS * 1.5 });
  });

  it('end as a single clean run leaves them when two workers run at once and one is killed half-way', async () => {
    await work.db.admin.query('CREATE TABLE kept_window AS TABLE repeat_visit_window');
    await work.db.admin.query('CREATE TABLE kept_basis AS TABLE window_basis');
    await get(ProtocolsService).change(
      admin(),
      'ona',
      'glabella',
      { targetWeeks: 14, reason: 'Shorter here' },
      0,
    );
    const [asked] = (await recomputes.list(admin(), { limit: 1 })).items;
    if (!asked) throw new Error('a change of figures asks for a recompute');
    expect(asked).toMatchObject({ cause: 'protocol', status: 'waiting' });

    const system = systemActor(work.clinic.clinicId);
    const pool = createPool({ databaseUrl: work.db.url, databasePoolSize: 4 });
    const pids: number[] = [];
    pool.on('acquire', (client) => pids.push(Number(Reflect.get(client, 'processID'))));
    const doomed = new Database(pool, new FixedClock(work.clock.now()));
    const bulk = get(BulkWindows);
    const other = new BulkWindows(
      doomed,
      get(FiguresInForce),
      get(HistoriesRepository),
      get(RecomputesRepository),
      new WindowsOfPiece(
        doomed,
        get(HistoriesRepository),
        get(WindowBasisRepository),
        get(WindowsRepository),
        get(RecomputesRepository),
        get(WindowsService),
      ),
      get(WindowEvents),
    );
    const killed = other.run(system, asked.id, 10).catch((error: unknown) => error);
    for (let looks = 0; (await recomputes.read(admin(), asked.id)).done < 60; looks += 1)
      if (looks > 2000) throw new Error('The first worker does nothing');
    const survivor = bulk.run(system, asked.id, 10);
    await work.db.admin.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) pid', [pids]);
    expect(await survivor).toBe(true);
    expect(await recomputes.read(admin(), asked.id)).toMatchObject({ status: 'done' });
    const contended = await rows();
    expect(await killed).toBeInstanceOf(Error);
    await doomed.close();

    const client = await work.db.admin.connect();
    await client.query('SET session_replication_role = replica');
    await client.query('TRUNCATE repeat_visit_window, window_basis, window_state_change');
    await client.query('INSERT INTO repeat_visit_window SELECT * FROM kept_window');
    await client.query('INSERT INTO window_basis SELECT * FROM kept_basis');
    client.release(true);
    const clean = await recompute();
    expect(clean).toMatchObject({ status: 'done', issued: PATIENTS, ended: PATIENTS });
    expect(contended).toEqual(await rows());
  });

  it('give way to whoever is treated meanwhile', async () => {
    const { rows: some } = await work.db.admin.query<{ id: string }>(
      `SELECT patient_id AS id FROM treatment GROUP BY patient_id ORDER BY patient_id LIMIT 40`,
    );
    await work.db.admin.query('UPDATE window_basis SET fingerprint = NULL');
    const { id } = await recomputes.ask(admin());
    await Promise.all([
      run(id),
      ...some.map(({ id: patientId }) => work.sign({ patientId, treatedOn: TODAY, areas: ['glabella'] })),
    ]);
    const { rows: found } = await work.db.admin.query<{ earliest: string }>(
      `SELECT DISTINCT earliest::text FROM repeat_visit_window
        WHERE patient_id = ANY ($1) AND area_id = 'glabella' AND status = 'open'`,
      [some.map((one) => one.id)],
    );
    expect(found).toEqual([{ earliest: '2026-09-01' }]);
  });

  it('begin again when figures change under way, and the night takes up what nobody finished', async () => {
    const first = await recomputes.ask(admin());
    const second = await recomputes.ask(admin());
    expect(second.id).toBe(first.id);
    await get(RestateWindows).work({ clinicId: work.clinic.clinicId });
    expect((await recomputes.read(admin(), first.id)).status).toBe('waiting');
    await run(first.id);
    await run(first.id);
    expect((await recomputes.read(admin(), first.id)).status).toBe('done');
  });

  it('move by exactly what the preview said', async () => {
    const change = { targetWeeks: 18, toWeeks: 19 };
    const preview = await get(PreviewService).preview(admin(), 'ona', 'glabella', change);
    expect(preview).toMatchObject({ windows: PATIENTS, moved: PATIENTS });
    const target = preview.dates.find(({ date }) => date === 'target');
    expect(target).toMatchObject({
      earlier: 0,
      later: PATIENTS,
      unchanged: 0,
      byDays: [{ days: 28, windows: PATIENTS }],
    });
    expect(preview.dates.find(({ date }) => date === 'recommendedTo')).toMatchObject({
      earlier: PATIENTS,
      byDays: [{ days: -7, windows: PATIENTS }],
    });
    const before = await work.db.admin.query<{ day: string }>(
      `SELECT patient_id || target::text AS day FROM repeat_visit_window WHERE status = 'open' AND area_id = 'glabella' ORDER BY 1`,
    );
    await get(ProtocolsService).change(
      admin(),
      'ona',
      'glabella',
      { ...change, reason: 'Longer' },
      undefined,
    );
    const [asked] = (await recomputes.list(admin(), { limit: 1 })).items;
    await run(String(asked?.id));
    const after = await work.db.admin.query<{ day: string }>(
      `SELECT patient_id || (target - 28)::text AS day FROM repeat_visit_window WHERE status = 'open' AND area_id = 'glabella' ORDER BY 1`,
    );
    expect(after.rows).toEqual(before.rows);
  });

  it('keep the version they were issued by once they are closed', async () => {
    const { rows: versions } = await work.db.admin.query(
      `SELECT status, array_agg(DISTINCT protocol_version ORDER BY protocol_version) AS versions FROM repeat_visit_window
        WHERE area_id = 'glabella' GROUP BY status ORDER BY status`,
    );
    expect(versions).toEqual([
      { status: 'open', versions: ['catalogue/1/UK+ona.glabella.2'] },
      { status: 'superseded', versions: ['catalogue/1/UK', 'catalogue/1/UK+ona.glabella.1'] },
    ]);
  });

  it('follow figures on the day they come into force', async () => {
    await get(ProtocolsService).change(
      admin(),
      'ona',
      'forehead',
      { targetWeeks: 15, reason: 'From July', validFrom: '2026-07-01' },
      0,
    );
    const newest = async () => (await recomputes.list(admin(), { limit: 1 })).items[0];
    const before = await newest();
    expect(before?.status).toBe('done');
    await get(RestateWindows).work({ clinicId: work.clinic.clinicId });
    expect((await newest())?.id).toBe(before?.id);
    work.clock.set(new Date('2026-07-01T02:15:00Z'));
    await get(RestateWindows).work({ clinicId: work.clinic.clinicId });
    const asked = await newest();
    expect(asked).toMatchObject({ cause: 'nightly', status: 'waiting' });
    await run(String(asked?.id));
    const { rows: found } = await work.db.admin.query(
      `SELECT count(*)::int AS moved FROM repeat_visit_window
        WHERE status = 'open' AND area_id = 'forehead' AND protocol_version LIKE '%ona.forehead.1%'`,
    );
    expect(found).toEqual([{ moved: PATIENTS / 2 }]);
  });

  it('are stated night by night: who became due today, once', async () => {
    const patientId = await work.desk.aPatient();
    work.clock.set(new Date('2026-07-02T12:00:00Z'));
    await work.sign({ patientId, treatedOn: '2026-07-02', areas: ['lateral_canthal'] });
    const stated = async () =>
      (
        await work.db.admin.query(
          `SELECT c.state, c.since::text FROM window_state_change c JOIN repeat_visit_window w ON w.id = c.window_id
            WHERE w.patient_id = $1 ORDER BY c.since`,
          [patientId],
        )
      ).rows;
    const night = (day: string) => {
      work.clock.set(new Date(`${day}T02:15:00Z`));
      return work.db.database.write(systemActor(work.clinic.clinicId), (tx) =>
        get(RestateWindows).restate(tx),
      );
    };
    await night('2026-10-01');
    expect(await stated()).toEqual([]);
    await night('2026-10-02');
    expect(await stated()).toEqual([{ state: 'due', since: '2026-10-02' }]);
    expect(await night('2026-10-02')).toBe(0);
    expect(await stated()).toHaveLength(1);
    // 20 weeks after the treatment the window ends; a night without a run is made up for, with the true day.
    await night('2026-11-25');
    expect(await stated()).toEqual([
      { state: 'due', since: '2026-10-02' },
      { state: 'past-due', since: '2026-11-20' },
    ]);
    await night('2027-04-02');
    expect((await stated()).at(-1)).toEqual({ state: 'lapsed', since: '2027-04-02' });
    expect(await night('2028-01-01')).toBe(0);
  });

  it('learn from the patients’ own intervals when the clinic wants it', async () => {
    const on = await recomputes.switchPersonal(admin(), true);
    expect(on).toMatchObject({ enabled: true, recompute: { cause: 'personal-interval' } });
    expect(await recomputes.switchPersonal(admin(), true)).toEqual({ enabled: true, recompute: null });
    await run(String(on.recompute?.id));
    const personal = async () =>
      (
        await work.db.admin.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM repeat_visit_window WHERE status = 'open' AND outcome ->> 'personal' IS NOT NULL`,
        )
      ).rows[0]?.n;
    expect(await personal()).toBe(PATIENTS * 1.5);
    const off = await recomputes.switchPersonal(admin(), false);
    await run(String(off.recompute?.id));
    expect(await personal()).toBe(0);
  });

  it('count what was given under a merged record as the survivor’s, and apart again when they come apart', async () => {
    const { rows: two } = await work.db.admin.query<{ id: string }>(
      `SELECT id FROM patient WHERE number IN (1001, 1002) ORDER BY number`,
    );
    const [kept = '', duplicate = ''] = two.map(({ id }) => id);
    const looked = async () => {
      await work.db.admin.query('UPDATE window_basis SET fingerprint = NULL');
      const { issued, ended } = await recompute();
      return { issued, ended };
    };
    const doses = async () =>
      (
        await work.db.admin.query<{ area: string; doses: number }>(
          `SELECT patient_id AS id, area_id AS area, json_array_length(input -> 'doses') AS doses FROM repeat_visit_window
            WHERE status = 'open' AND patient_id = ANY ($1) ORDER BY patient_id <> $2, area_id`,
          [[kept, duplicate], kept],
        )
      ).rows;
    const apart = await doses();
    expect(apart).toHaveLength(3);
    await work.merge('merged', duplicate, kept);
    const united = await doses();
    const all = (wanted: string) =>
      apart.reduce((sum, one) => sum + (one.area === wanted ? one.doses : 0), 0);
    expect(united).toEqual([
      { id: kept, area: 'forehead', doses: all('forehead') },
      { id: kept, area: 'glabella', doses: all('glabella') },
    ]);
    expect(await looked()).toEqual({ issued: 0, ended: 0 });
    expect(await doses()).toEqual(united);
    await work.merge('unmerged', duplicate, kept);
    expect(await looked()).toEqual({ issued: 0, ended: 0 });
    expect(await doses()).toEqual(apart);
  });

  it.each(['patient', 'treatment'])(
    'are refused by the database where the %s is not there',
    async (missing) => {
      const columns = 'clinic_id, issued_at, patient_id, area_id, treatment_id, location_id, product_id';
      await expect(
        work.db.admin.query(
          `INSERT INTO repeat_visit_window (id, ${columns}, status, ended_at, ended_by, protocol_version, input_hash, input, outcome)
         SELECT uuidv7(), ${columns.replace(`${missing}_id`, 'uuidv7()')}, 'closed', now(), 'withdrawn', '', '', '{}', '{}'
           FROM repeat_visit_window LIMIT 1`,
        ),
      ).rejects.toMatchObject({ code: '23503', constraint: 'window_hangs_on_treatment' });
    },
  );
});
