import { strToU8, zipSync, type Zippable } from 'fflate';

import type { Row } from '../rows/patient-rows.repository.js';

export interface ExportContent {
  readonly clinic: string;
  readonly madeAt: Date;
  readonly patientId: string;
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  /** What the ids of staff, places and kinds of visit stand for. */
  readonly names: ReadonlyMap<string, string>;
  readonly files: readonly { readonly name: string; readonly content: Uint8Array | null }[];
}

const TITLES: Readonly<Record<string, string>> = {
  patient: 'Personal details',
  health_fact: 'Allergies, conditions and medication',
  prior_toxin: 'Botulinum toxin given elsewhere',
  appointment: 'Appointments',
  appointment_change: 'What happened to appointments',
  consultation: 'Consultations',
  screening_answer: 'Answers to the screening questions',
  plan_item: 'Treatment plans',
  safety_finding: 'Safety findings',
  consent: 'Consents',
  clearance: 'Decisions whether treatment is suitable',
  treatment: 'Treatments',
  injection: 'Injections',
  treatment_withdrawal: 'Treatments that were withdrawn',
  follow_up: 'Follow-ups',
  repeat_visit_window: 'When the next visit is due',
  waitlist_entry: 'Waiting list',
  waitlist_offer: 'Times offered from the waiting list',
  waitlist_change: 'What happened on the waiting list',
  audit_event: 'Who looked at or changed this record',
};

const inWords = (name: string): string => {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** A zip with the record for machines (`record.json`), for people (`record.html`) and the patient's files. */
export function archiveOf(content: ExportContent): Uint8Array {
  const { rows, files, patientId, madeAt, clinic } = content;
  const kept = files.filter((file) => file.content !== null);
  const missing = files.filter((file) => file.content === null).map(({ name }) => name);
  const json = {
    clinic,
    patientId,
    madeAt: madeAt.toISOString(),
    filesNotIncluded: missing,
    tables: Object.fromEntries(rows),
  };
  const parts: Zippable = {
    'record.json': strToU8(JSON.stringify(json, undefined, 2)),
    'record.html': strToU8(page(content, missing)),
  };
  for (const file of kept)
    if (file.content) parts[`files/${file.name.replaceAll(/[^\w.-]/g, '_')}`] = [file.content, { level: 0 }];
  return zipSync(parts, { mtime: madeAt });
}

function page({ clinic, madeAt, rows, names }: ExportContent, missing: readonly string[]): string {
  const sections = [...rows].map(
    ([table, all]) =>
      `<h2>${escaped(TITLES[table] ?? inWords(table))} (${all.length})</h2>\n${all.map((row) => rowOf(row, names)).join('\n')}`,
  );
  const absent = missing.length > 0 ? `<p>${missing.length} files could not be included.</p>` : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Your record</title>
<style>body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;margin:0 0 1rem;width:100%}
th,td{border:1px solid #ccc;padding:.2rem .5rem;text-align:left;vertical-align:top}th{width:16rem;font-weight:600}</style></head>
<body><h1>Your record at ${escaped(clinic)}</h1><p>Made on ${madeAt.toISOString().slice(0, 10)}. It holds everything the clinic keeps about you.</p>
${absent}
${sections.join('\n')}
</body></html>
`;
}

const rowOf = (row: Row, names: ReadonlyMap<string, string>): string =>
  `<table>${Object.entries(row)
    .filter(
      ([column, value]) =>
        value !== null && column !== 'clinic_id' && column !== 'search_text' && column !== 'xact',
    )
    .map(
      ([column, value]) =>
        `<tr><th>${escaped(inWords(column))}</th><td>${escaped(shown(value, names))}</td></tr>`,
    )
    .join('')}</table>`;

function shown(value: unknown, names: ReadonlyMap<string, string>): string {
  if (typeof value === 'string') return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((one) => shown(one, names)).join(', ');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, inner]) => `${inWords(name)}: ${shown(inner, names)}`)
      .join('; ');
  return String(value);
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
