// What was found: overlaps by self-join, deadlocks by the server's own count, and the table of all that was tried.

const TAKES_TIME = `NOT IN ('cancelled', 'no-show', 'entered-in-error', 'released')`;
const sharing = (resource) => `
  SELECT a.id AS one, b.id AS other FROM taken a JOIN taken b
      ON a.${resource} = b.${resource} AND a.day = b.day AND a.id < b.id AND a.busy_from < b.busy_to AND b.busy_from < a.busy_to`;

/** Pairs that have a practitioner, a room or a patient in common; nothing of the proof lasts over midnight. */
export async function overlaps(admin) {
  const { rows } = await admin.query(`
    WITH taken AS MATERIALIZED (
      SELECT id, practitioner_id, room_id, patient_id, busy_from, busy_to, busy_from::date AS day
        FROM appointment WHERE status ${TAKES_TIME})
    SELECT count(*)::int AS n FROM (
      ${sharing('practitioner_id')} UNION ${sharing('room_id')} UNION ${sharing('patient_id')}) AS pairs`);
  return rows[0].n;
}

export async function deadlocks(admin) {
  const { rows } = await admin.query(
    'SELECT deadlocks::int AS n FROM pg_stat_database WHERE datname = current_database()',
  );
  return rows[0].n;
}

const WIDTHS = [44, 7, 10, 7, 6, 6, 7, 10, 9, 8, 8, 9];
const HEADINGS = [
  'verb',
  'rounds',
  'winners',
  'calls',
  '409',
  '5xx',
  'other',
  'deadlocks',
  'overlaps',
  'p50 ms',
  'p99 ms',
  'worst ms',
];

/** Printed line by line, as it comes. */
export class Table {
  #lines = [];

  constructor() {
    print(HEADINGS);
  }

  /** @param {{ name: string, rounds: number, winners: number[], answers: { status: number, ms: number }[], unexpected: number, overlaps: number, deadlocks: number }} told */
  line(told) {
    const { name, rounds, winners, answers, overlaps: found, deadlocks: locked } = told;
    const times = answers.map(({ ms }) => ms).toSorted((a, b) => a - b);
    const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
    const refused = answers.filter(({ status }) => status === 409).length;
    const broken = answers.filter(({ status }) => status >= 500).length;
    const won = answers.filter(({ status }) => status < 300).length;
    const other = answers.length - refused - broken - won;
    const range = [Math.min(...winners), Math.max(...winners)];
    const shown =
      winners.length === 0 ? won : `${won}${range[0] === range[1] ? '' : ` (${range.join('–')})`}`;
    this.#lines.push({ ...told, broken, other });
    print([
      name,
      rounds,
      shown,
      answers.length,
      refused,
      broken,
      other,
      locked,
      found,
      at(0.5).toFixed(0),
      at(0.99).toFixed(0),
      at(1).toFixed(0),
    ]);
  }

  /** @returns {string[]} */
  failures() {
    return this.#lines.flatMap(({ name, unexpected, broken, other }) => [
      ...(unexpected > 0 ? [`${name}: ${unexpected} rounds with a wrong number of winners`] : []),
      ...(broken > 0 ? [`${name}: ${broken} answers of 5xx`] : []),
      ...(other > 0 ? [`${name}: ${other} answers that are neither success nor conflict`] : []),
    ]);
  }
}

const print = (cells) =>
  console.log(
    cells
      .map((cell, i) => (i === 0 ? String(cell).padEnd(WIDTHS[i]) : String(cell).padStart(WIDTHS[i])))
      .join(''),
  );
