import { seedCatalogue } from '#catalogue';
import { calendarDate, type CalendarDate } from '#kernel';

import { type AreaForecast, forecast, type ForecastOptions } from '../domain/forecast.js';
import type { Dose } from '../domain/history.js';
import { patientSays } from '../domain/patient-summary.js';
import { catalogueProtocol } from '../domain/protocol.js';
import { type ReasonCode, suppress, type SuppressionFacts } from '../domain/suppression.js';

/** The facts of somebody of whom nothing keeps anybody from asking. */
export const nothingKnownOf = (area: AreaForecast, on: CalendarDate): SuppressionFacts => ({
  assessedOn: on,
  area: area.area,
  earliest: area.earliest,
  lastTreatedOn: area.lastFullTreatment,
  deceasedOn: null,
  transferredOn: null,
  mergedInto: null,
  holds: [],
  nonResponse: null,
  declinedUntil: null,
  snoozedUntil: null,
  doNotContact: false,
  bookings: [],
  override: null,
});

const TREATED = calendarDate('2026-01-15');
const DUE = calendarDate('2026-05-20');
const LATER = calendarDate('2026-07-01');

const areaOn = (
  on: string,
  [product, area]: readonly [string, string] = ['ona', 'glabella'],
  kind: Dose['kind'] = 'full',
  more: { readonly treatedOn?: readonly string[]; readonly options?: ForecastOptions } = {},
): AreaForecast => {
  const days = [...(more.treatedOn ?? []), TREATED];
  const doses = days.map((day): Dose => ({ treatedOn: calendarDate(day), product, area, kind }));
  const uk = catalogueProtocol(seedCatalogue(), 'UK');
  const [found] = forecast(doses, uk, calendarDate(on), more.options).areas;
  if (!found) throw new Error('one area expected');
  return found;
};
const REGULAR = { treatedOn: ['2024-11-20', '2025-06-20'], options: { personalInterval: true } };

const STATES: readonly (readonly [says: string, area: AreaForecast])[] = [
  ['too early', areaOn('2026-02-20')],
  ['too early, going by the own visits', areaOn('2026-02-20', undefined, 'full', REGULAR)],
  ['permitted early', areaOn('2026-05-01', ['rela', 'glabella'])],
  ['due', areaOn(DUE)],
  ['due, going by the own visits', areaOn(DUE, undefined, 'full', REGULAR)],
  ['due without an end, the target ahead', areaOn('2026-05-01', ['ona', 'masseter'])],
  ['due without an end, the target behind', areaOn('2026-09-01', ['ona', 'masseter'])],
  ['past due', areaOn('2026-06-20')],
  ['lapsed', areaOn('2026-12-01')],
  ['only touch-ups', areaOn(DUE, undefined, 'touch-up')],
];

const booked = (areas: readonly string[]): SuppressionFacts['bookings'] => [
  { appointmentId: 'b', on: calendarDate('2026-06-02'), purpose: 'treatment', status: 'booked', areas },
];
const decided = (notBefore: CalendarDate): SuppressionFacts['override'] => ({
  by: 'Dr Okafor',
  why: 'Wants movement',
  notBefore,
  calculated: null,
  afterTreatmentOn: TREATED,
});

/** What brings each reason about, on a day when the area is due. */
export const REASONS: Readonly<Record<ReasonCode, Partial<SuppressionFacts>>> = {
  deceased: { deceasedOn: DUE },
  merged: { mergedInto: 'another' },
  transferred: { transferredOn: DUE },
  'on-hold': { holds: [{ reason: 'pregnancy', since: TREATED, until: null }] },
  'no-response': { nonResponse: { treatedOn: TREATED, foundOn: calendarDate('2026-02-20') } },
  declined: { declinedUntil: LATER },
  snoozed: { snoozedUntil: LATER },
  'do-not-contact': { doNotContact: true },
  booked: { bookings: booked(['glabella']) },
  combinable: { bookings: booked(['forehead']) },
  'override-waiting': { override: decided(LATER) },
  'override-reached': { override: decided(DUE) },
};

/** What the patient hears with a reason, and with no other. */
export function saidWith(facts: Partial<SuppressionFacts>, on: CalendarDate = DUE): string {
  const area = areaOn(on);
  return patientSays({ ...area, personal: false }, suppress({ ...nothingKnownOf(area, on), ...facts }), on);
}

/** Every sentence a patient may hear, as the last chapter of the ten histories. */
export function sentences(): string {
  const rows = [
    ...STATES.map(([says, area]) => [says, area.summary] as const),
    ...Object.entries(REASONS).map(([code, facts]) => [`due, \`${code}\``, saidWith(facts)] as const),
  ];
  return [
    '## What a patient is told\n',
    'One sentence for each state, and for each reason that changes it; where several hold, the weightiest speaks.\n',
    ...rows.map(([says, sentence]) => `- ${says}: “${sentence}”`),
    '',
  ].join('\n');
}
