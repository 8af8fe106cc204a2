import { stringify } from 'csv-stringify/sync';

import type { DuePatientView } from './http/recall-list.dto.js';

/**
 * The recall list as RFC 4180 CSV in UTF-8 with a byte order mark, so that spreadsheets read names as they are. A cell that
 * a spreadsheet would take for a formula (=, +, -, @) starts with an apostrophe.
 */
export const recallFile = (items: readonly DuePatientView[]): string =>
  stringify(items.map(lineOf), {
    header: true,
    bom: true,
    escape_formulas: true,
    record_delimiter: 'windows',
    columns: Object.keys(HEADERS).map((key) => ({ key, header: HEADERS[key] ?? key })),
  });

const HEADERS: Readonly<Record<string, string>> = {
  number: 'patient number',
  name: 'name',
  phone: 'phone',
  email: 'e-mail',
  channels: 'agreed channels',
  state: 'state',
  areas: 'areas',
  from: 'recommended from',
  to: 'recommended to',
  visit: 'visit to offer',
  waitingDays: 'area-days waiting',
  lastContact: 'last contact',
  lastOutcome: 'last outcome',
  contactFrom: 'next contact from',
  reason: 'why nobody should ask',
};

const lineOf = (item: DuePatientView): Record<string, string | number | null> => ({
  number: item.number,
  name: `${item.preferredName ?? item.givenName} ${item.familyName}`,
  phone: item.phone,
  email: item.email,
  channels: item.contactChannels.join(', '),
  state: item.state,
  areas: item.areas.map(({ areaName, productName }) => `${areaName} (${productName})`).join(', '),
  from: item.areas[0]?.recommendedFrom ?? null,
  to: item.areas[0]?.recommendedTo ?? null,
  visit: item.visit?.date ?? null,
  waitingDays: item.waitingDays,
  lastContact: item.lastContact?.onDay ?? null,
  lastOutcome: item.lastContact?.outcome ?? null,
  contactFrom: item.contactFrom,
  reason: item.reason,
});
