import type { Row } from '../rows/patient-rows.repository.js';
import { plainWords } from '../trail/plain-words.js';
import type { ExportContent } from './archive.js';
import { CHAPTERS, inWords, THE_REST, titleOf } from './chapters.js';

/** Columns that mean something to the system only; they are in `record.json`. */
const OF_THE_SYSTEM =
  /^(?:id|clinic_id|patient_id|search_text|xact|version|request_id|session_id|key|thumb_key|sent_sha256|sha256|.*_hash|during|busy_from|busy_to|updated_at|packed|file_id|input|bytes)$/;
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DAY = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)$/;
const CODE = /^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)+$/;
/** Columns that hold one of a few words. */
const CODED =
  /^(?:status|kind|outcome|verb|side|depth|state|severity|view|phase|sex|channel|cause|decision|answer|use|expression|evidence|proves)$/;

const WHEN = [
  'treated_on',
  'taken_on',
  'dated_on',
  'held_on',
  'starts_at',
  'due_from',
  'noted_on',
  'onset_on',
  'signed_at',
  'created_at',
  'issued_at',
  'at',
  'requested_at',
];

export interface RecordPage extends Pick<ExportContent, 'clinic' | 'madeAt' | 'zone' | 'rows' | 'names'> {
  /** Under the id of a file, its name in the folder `files`; only of those that are there. */
  readonly fileNames: ReadonlyMap<string, string>;
  /** How many files could not be included. */
  readonly missing: number;
}

/** The record as the person reads it: in chapters, dates and words in plain English, photos where they belong. */
export function recordPage(page: RecordPage): string {
  const { clinic, madeAt, zone, rows, missing } = page;
  const named = new Set(CHAPTERS.flatMap(({ tables }) => tables));
  const rest = [...rows.keys()].filter((table) => !named.has(table)).toSorted();
  const chapters = [...CHAPTERS, { ...THE_REST, tables: rest }]
    .map((chapter) => ({ ...chapter, tables: chapter.tables.filter((table) => rows.has(table)) }))
    .filter(({ tables }) => tables.length > 0);
  const say = new Saying(page);
  const contents = chapters
    .map(({ title }, i) => `<li><a href="#chapter-${i + 1}">${escaped(title)}</a></li>`)
    .join('');
  const body = chapters.map(
    (
      { title, about, tables },
      i,
    ) => `<section id="chapter-${i + 1}"><h2>${i + 1}. ${escaped(title)}</h2><p>${escaped(about)}</p>
${tables.map((table) => say.table(table, rows.get(table) ?? [])).join('\n')}</section>`,
  );
  const absent =
    missing > 0
      ? `<p><strong>Files that could not be included: ${missing}. Ask the clinic for them.</strong></p>`
      : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Your record at ${escaped(clinic)}</title>
<style>${STYLE}</style></head>
<body><h1>Your record at ${escaped(clinic)}</h1>
<p>Made on ${escaped(say.day(madeAt.toISOString().slice(0, 10)))}. It holds everything the clinic keeps about you. Times are by the clock of ${escaped(zone)}.
The file <code>record.json</code> holds the same for another clinic’s program, with the numbers the system tells things apart by.</p>
${absent}<ol>${contents}</ol>
${body.join('\n')}
</body></html>
`;
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#222}
h2{margin-top:3rem;border-bottom:2px solid #888}h3{margin-bottom:.3rem}table{border-collapse:collapse;margin:0 0 .8rem;width:100%}
th,td{border:1px solid #ccc;padding:.2rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}tr>th:first-child{width:14rem;font-weight:600}
thead th{background:#f2f2f2}img{max-width:20rem;max-height:20rem;display:block;margin:.3rem 0}@media print{section{break-before:page}}`;

class Saying {
  readonly #day: Intl.DateTimeFormat;
  readonly #instant: Intl.DateTimeFormat;

  constructor(private readonly page: RecordPage) {
    const day = { day: 'numeric', month: 'long', year: 'numeric' } as const;
    this.#day = new Intl.DateTimeFormat('en-GB', { ...day, timeZone: 'UTC' });
    const clock = { hour: '2-digit', minute: '2-digit', timeZone: page.zone } as const;
    this.#instant = new Intl.DateTimeFormat('en-GB', { ...day, ...clock });
  }

  readonly day = (text: string): string => this.#day.format(new Date(`${text}T00:00:00Z`));

  /** The oldest first; who looked, as a list of its own. */
  table(table: string, rows: readonly Row[]): string {
    const ordered = rows.toSorted((a, b) => (whenOf(a) < whenOf(b) ? -1 : 1));
    const shown =
      table === 'audit_event' ? this.#looks(ordered) : ordered.map((row) => this.#row(row)).join('\n');
    return `<h3>${escaped(titleOf(table))} (${rows.length})</h3>\n${shown}`;
  }

  #looks(rows: readonly Row[]): string {
    const lines = rows.map((row) => {
      const who = row['staff_id'] === null ? 'The system' : this.#value(row['staff_id']);
      const what = plainWords(String(row['action']), String(row['outcome']));
      return `<tr><td>${escaped(this.#value(row['at']))}</td><td>${escaped(who)}</td><td>${escaped(what)}</td></tr>`;
    });
    return `<table><thead><tr><th>When</th><th>Who</th><th>What</th></tr></thead>${lines.join('')}</table>`;
  }

  #row(row: Row): string {
    const ordered = Object.entries(row).toSorted(([a], [b]) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1));
    const lines = ordered.flatMap(([column, value]) => {
      if (OF_THE_SYSTEM.test(column)) return [];
      const said = this.#value(value, column);
      return said === '' ? [] : [`<tr><th>${escaped(nameOf(column))}</th><td>${escaped(said)}</td></tr>`];
    });
    return lines.length === 0 ? '' : `<table>${this.#picture(row)}${lines.join('')}</table>`;
  }

  #picture({ id, file_id: fileId = id }: Row): string {
    const name = typeof fileId === 'string' ? this.page.fileNames.get(fileId) : undefined;
    if (name === undefined) return '';
    const link = `files/${encodeURIComponent(name)}`;
    const shown = /\.(?:jpe?g|png|webp)$/.test(name) ? `<img src="${link}" alt="">` : '';
    return `<tr><th>File</th><td>${shown}<a href="${link}">${escaped(name)}</a></td></tr>`;
  }

  /** Empty where there is nothing to say to a person. */
  #value(value: unknown, column = ''): string {
    if (value === null || value === undefined) return '';
    if (typeof value === 'boolean') return value ? 'Yes' : 'No';
    if (typeof value === 'string') return this.#text(value, column);
    if (Array.isArray(value))
      return value
        .map((one) => this.#value(one, column))
        .filter((one) => one !== '')
        .join(', ');
    if (typeof value === 'object')
      return Object.entries(value)
        .map(([name, inner]) => [inWords(name), this.#value(inner, name)])
        .filter(([, said]) => said !== '')
        .map(([name, said]) => `${name}: ${said}`)
        .join('; ');
    return typeof value === 'number' ? String(value) : '';
  }

  #text(text: string, column: string): string {
    const name = this.page.names.get(text);
    if (name !== undefined) return name;
    if (ID.test(text)) return '';
    if (DAY.test(text) && !Number.isNaN(Date.parse(text))) return this.day(text);
    if (INSTANT.test(text) && !Number.isNaN(Date.parse(text))) return this.#instant.format(new Date(text));
    return CODED.test(column) || CODE.test(text) ? inWords(text) : text;
  }
}

/** Who and when first, what follows from it in the middle, what somebody wrote at the end. */
const FIRST: readonly string[] = [
  'number',
  'given_name',
  'family_name',
  'preferred_name',
  'birth_date',
  ...WHEN,
  'kind',
  'status',
];
const LAST: readonly string[] = ['text', 'note', 'reason', 'detail'];
const placeOf = (column: string): number =>
  FIRST.includes(column)
    ? FIRST.indexOf(column)
    : FIRST.length + (LAST.includes(column) ? 1 + LAST.indexOf(column) : 0);

const nameOf = (column: string): string => inWords(column.replace(/_(?:id|ids|at|on)$/, ''));

const whenOf = (row: Row): string => {
  const column = WHEN.find((name) => typeof row[name] === 'string');
  return column === undefined ? '' : String(row[column]);
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
