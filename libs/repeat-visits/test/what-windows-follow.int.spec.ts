import { readFileSync } from 'node:fs';

import { sql, type Tx } from '#database';
import { calendarDate, dateIn } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { RecomputesService } from '../src/recompute/recomputes.service.js';
import { RecomputeWindows } from '../src/recompute/recompute.job.js';
import { stateOn, type WindowDates } from '../src/domain/window-status.js';
import { FunnelService } from '../src/recall/funnel.service.js';
import type { DuePatientView } from '../src/recall/http/recall-list.dto.js';
import { MessageAskingService } from '../src/recall/messages/message-asking.service.js';
import { RecallListService } from '../src/recall/recall-list.service.js';
import { ClinicAtWork } from '../src/testing/clinic-at-work.js';
import { loseAtCommit } from '../src/testing/power-cut.js';
import { type Happening, type Somebody, TREATED, whatHappens } from '../src/testing/what-happens.js';

const NOON = '2026-06-01T12:00:00Z';
const DOCUMENT = new URL('../../../docs/flows/what-windows-follow.md', import.meta.url);
const WINDOWS = sql(`
  SELECT id, status, ended_by AS "endedBy", protocol_version AS "protocolVersion", product_id AS product, earliest,
         recommended_from AS "recommendedFrom", target, recommended_to AS "recommendedTo", lapsed_after AS "lapsedAfter"
    FROM repeat_visit_window WHERE clinic_id = $1 AND patient_id = ANY ($2::uuid[])
   ORDER BY area_id, recommended_from, status, input_hash, issued_at`);

interface Kept extends WindowDates {
  readonly id: string;
  readonly status: string;
  readonly endedBy: string | null;
  readonly protocolVersion: string;
}

/** How somebody stands at a moment. */
interface Stand {
  readonly windows: readonly Kept[];
  readonly item: DuePatientView | null;
}

describe('what happens to a patient, and what their windows and the recall list make of it', () => {
  let work: ClinicAtWork;
  let happenings: Readonly<Record<string, Happening>>;
  const desk = () => work.clinic.actor.receptionist;
  const get = <T>(type: new (...of: never[]) => T): T => work.module.get(type, { strict: false });
  const newest = async () =>
    (await get(RecomputesService).list(work.clinic.actor.admin, { limit: 1 })).items[0];

  async function recompute(): Promise<void> {
    const { id: recomputeId } = await get(RecomputesService).ask(work.clinic.actor.admin);
    await get(RecomputeWindows).work({ clinicId: work.clinic.clinicId, recomputeId });
  }

  async function somebody(): Promise<Somebody> {
    const [patientId, twinId] = [await work.desk.aPatient(), await work.desk.aPatient()];
    await work.db.admin.query(
      `UPDATE patient SET email = id || '@example.com', contact_channels = '{email,phone}' WHERE id = ANY ($1::uuid[])`,
      [[patientId, twinId]],
    );
    return { patientId, twinId, treatmentId: await work.sign({ patientId, treatedOn: TREATED }) };
  }

  /** Windows and place on the recall list, as a transaction sees them. */
  const standIn =
    ({ patientId, twinId }: Somebody) =>
    async (tx: Tx): Promise<Stand> => {
      const windows = await tx.rows<Kept>(WINDOWS, [tx.clinicId, [patientId, twinId]]);
      const query = { limit: 100, includeSuppressed: 'true' } as const;
      const page = await get(RecallListService).pageIn(tx, query, null);
      expect(page.next).toBeNull();
      return { windows, item: page.items.find((one) => one.patientId === patientId) ?? null };
    };
  const standOf = (one: Somebody): Promise<Stand> => work.db.database.read(desk(), standIn(one));
  const dueNow = async (): Promise<number> =>
    (await get(FunnelService).of(desk(), { from: '2026-04-01', to: '2026-06-30' })).due;

  beforeAll(async () => {
    work = await ClinicAtWork.open('2026-06-01');
    // Nobody is disturbed by a test, at whatever hour.
    await work.db.admin.query(`UPDATE clinic SET quiet_from = '00:00', quiet_to = '00:00'`);
    happenings = whatHappens(work, recompute);
  });
  afterAll(() => work.close());

  const rows = rowsOf(readFileSync(DOCUMENT, 'utf8'));

  it('is all in the document', () => {
    expect(rows.map(([what]) => what)).toEqual(Object.keys(happenings));
  });

  it.each(rows)('%s: windows %s, %s, listed %s (%s), messaged %s, counted %s', async (what, ...says) => {
    const { given, event, job, bySql = false, at = NOON } = happenings[what] ?? {};
    if (!event) throw new Error('There is no such event');
    work.clock.set(new Date(NOON));
    const dueBefore = await dueNow();
    const one = await somebody();
    await given?.(one);
    work.clock.set(new Date(at));
    const before = await standOf(one);

    // What the event changes is there before it is committed, and a power cut at that moment leaves nothing of it.
    const lost = bySql ? null : await loseAtCommit(work.db.database, () => event(one), standIn(one));
    expect(await standOf(one)).toEqual(before);
    work.clock.set(new Date(at));
    await event(one);
    const committed = await standOf(one);
    if (lost) expect(told(committed)).toEqual(told(lost));

    await job?.(one);
    const after = await standOf(one);
    const open = after.windows.filter(({ status }) => status === 'open');
    const on = calendarDate(dateIn(work.clock.now(), 'UTC'));
    const states = [...new Set(open.map((window) => stateOn(window, on) ?? 'unknown'))];
    const reasons = new Set(after.item?.areas.flatMap((area) => area.reasons.map(({ code }) => code)));
    const listed = after.item !== null && !after.item.suppressed;
    const asked = await get(MessageAskingService).ask(desk(), {
      patientIds: [one.patientId],
      limit: 50,
      offerVisit: false,
    });
    const messaged = asked.items[0]?.status === 'waiting';
    const counted = (await dueNow()) - dueBefore;
    expect([
      moved(before, after),
      states.toSorted().join(', ') || 'none',
      yes(listed),
      [...reasons].join(', ') || '–',
      yes(messaged),
      String(counted),
    ]).toEqual(says);
  });

  it('a version of the protocol shows at once as a recompute that waits, and what has ended keeps the version it had', async () => {
    const versions = async () =>
      (
        await work.db.admin.query<{ status: string; version: string }>(
          `SELECT DISTINCT status, protocol_version AS version FROM repeat_visit_window
            WHERE product_id = 'inco' ORDER BY status DESC, version`,
        )
      ).rows;
    const before = await versions();
    await happenings['a protocol version is published']?.event(await somebody());
    expect(await newest()).toMatchObject({ cause: 'protocol', status: 'waiting' });
    expect(await versions()).toEqual(before);
    await recompute();
    expect(await newest()).toMatchObject({ status: 'done' });
    const after = await versions();
    const ended = (all: typeof before) => all.filter(({ status }) => status !== 'open');
    expect(ended(after)).toEqual(expect.arrayContaining(ended(before)));
    expect(after.filter(({ status }) => status === 'open')).toHaveLength(1);
  });
});

const yes = (is: boolean): string => (is ? 'yes' : 'no');

/** What is there but ids, which are given anew. */
const told = ({ windows, item }: Stand): unknown => [
  windows.map(({ id: _, ...window }) => window),
  item && {
    ...item,
    card: null,
    lastContact: null,
    areas: item.areas.map((area) => ({
      ...area,
      windowId: null,
      reasons: area.reasons.map(({ code, until }) => [code, until]),
    })),
  },
];

/** `keeps 1`, `ends 1 (treated-again), issues 1` */
function moved({ windows: before }: Stand, { windows: after }: Stand): string {
  const was = new Map(before.map(({ id, status }) => [id, status]));
  const issued = after.filter(({ id, status }) => !was.has(id) && status === 'open').length;
  const ended = after.filter(({ id, status }) => was.get(id) === 'open' && status !== 'open');
  const kept = after.filter(({ id, status }) => was.get(id) === 'open' && status === 'open').length;
  const by = [...new Set(ended.map(({ endedBy }) => endedBy))].join(', ');
  const parts = [
    ended.length > 0 ? `ends ${ended.length} (${by})` : '',
    issued > 0 ? `issues ${issued}` : '',
    kept > 0 ? `keeps ${kept}` : '',
  ];
  return parts.filter((part) => part !== '').join(', ') || 'none';
}

type Row = [
  what: string,
  windows: string,
  state: string,
  listed: string,
  why: string,
  messaged: string,
  counted: string,
];

function rowsOf(document: string): Row[] {
  const lines = document
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
  return lines.map((line) => {
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', ''));
    const [what = '', windows = '', state = '', listed = '', why = '', messaged = '', counted = ''] = cells;
    return [what, windows, state, listed, why, messaged, counted];
  });
}
