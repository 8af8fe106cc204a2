import { stringify } from 'csv-stringify/sync';

import type { LotRecallSummary } from './http/lot-recall.dto.js';
import type { RecallLine } from './lot-trace.queries.js';

const COLUMNS: readonly { readonly key: keyof RecallLine; readonly header: string }[] = [
  { key: 'patientNumber', header: 'patient number' },
  { key: 'patientName', header: 'name' },
  { key: 'birthDate', header: 'birth date' },
  { key: 'phone', header: 'phone' },
  { key: 'email', header: 'e-mail' },
  { key: 'doNotContact', header: 'do not contact' },
  { key: 'patientStatus', header: 'patient status' },
  { key: 'firstTreatedOn', header: 'first treated on' },
  { key: 'lastTreatedOn', header: 'last treated on' },
  { key: 'treatments', header: 'treatments' },
  { key: 'injections', header: 'injections' },
  { key: 'units', header: 'units' },
  { key: 'areas', header: 'areas' },
  { key: 'contacts', header: 'contacts' },
  { key: 'lastContactAt', header: 'last contact at' },
  { key: 'lastChannel', header: 'last channel' },
  { key: 'lastOutcome', header: 'last outcome' },
];

/**
 * The list a recall is worked from, as RFC 4180 CSV in UTF-8 with a byte order mark, so that spreadsheets read names as they
 * are. A cell that a spreadsheet would take for a formula (=, +, -, @) starts with an apostrophe.
 */
export function recallFile({ lotNumber, product }: LotRecallSummary, lines: readonly RecallLine[]): string {
  return stringify(
    lines.map((line) => ({ ...line, lotNumber, product })),
    {
      header: true,
      bom: true,
      escape_formulas: true,
      record_delimiter: 'windows',
      columns: [{ key: 'lotNumber', header: 'lot' }, { key: 'product', header: 'product' }, ...COLUMNS],
      cast: { boolean: (is) => (is ? 'yes' : 'no'), date: (at) => at.toISOString() },
    },
  );
}
