import { type Market, ownFigures, type ProtocolChange, seedCatalogue } from '#catalogue';
import { calendarDate, type CalendarDate, dateIn } from '#kernel';

import { DATE_NAMES, type Claim, type DateExplanation } from '../domain/explanation.js';
import { type AreaForecast, forecast, type ForecastOptions } from '../domain/forecast.js';
import type { Dose } from '../domain/history.js';
import { catalogueProtocol, type Protocol } from '../domain/protocol.js';
import { patientSays } from '../domain/patient-summary.js';
import type { PersonalInterval } from '../domain/personal-interval.js';
import { effectOf, suppress, type SuppressionFacts } from '../domain/suppression.js';
import { proposeVisits } from '../domain/visit-proposals.js';
import { nothingKnownOf, sentences } from './patient-sentences.js';

/** A patient as a clinic knows one, with everything the rule says about them. */
interface History {
  readonly title: string;
  readonly tells: string;
  readonly market: Market;
  /** `2026-01-31 ona glabella`, `… touch-up`; a day may also be an instant and a zone: `2026-03-29T22:30:00Z@Europe/Berlin`. */
  readonly doses: readonly string[];
  readonly on: string;
  readonly options?: ForecastOptions;
  readonly own?: { readonly product: string; readonly area: string; readonly change: ProtocolChange };
  readonly facts?: Partial<SuppressionFacts>;
  readonly proposals?: boolean;
  /** The version an amendment replaced. */
  readonly amends?: readonly string[];
}

const HISTORIES: readonly History[] = [
  {
    title: 'A first treatment on 31 January',
    tells: 'Three months after 31 January is 1 May: 30 April would be a day early.',
    market: 'UK',
    doses: ['2026-01-31 ona glabella'],
    on: '2026-05-10',
  },
  {
    title: 'A switch to a product that lasts longer',
    tells: 'Every dose keeps its own interval; the last full treatment’s product says when the effect ends.',
    market: 'EU',
    doses: ['2025-10-06 ona glabella', '2026-01-19 rela glabella'],
    on: '2026-05-01',
  },
  {
    title: 'A touch-up two weeks later',
    tells: 'It moves the earliest date, and starts no new cycle.',
    market: 'EU',
    doses: ['2026-02-02 prabo glabella', '2026-02-16 prabo glabella touch-up'],
    on: '2026-05-10',
  },
  {
    title: 'Three areas in two visits',
    tells:
      'Glabella and forehead meet in one span; the crow’s feet, treated with a longer-lasting product, need their own.',
    market: 'UK',
    doses: ['2026-01-12 ona glabella', '2026-01-26 ona forehead', '2026-03-30 rela lateral_canthal'],
    on: '2026-04-20',
    proposals: true,
  },
  {
    title: 'A patient whose effect lasts longer than most',
    tells:
      'Three completed intervals of about 21 weeks draw the target from 16 weeks towards them; both figures are shown.',
    market: 'UK',
    doses: [
      '2024-09-02 ona glabella',
      '2025-01-27 ona glabella',
      '2025-06-30 ona glabella',
      '2025-11-17 ona glabella',
    ],
    on: '2026-03-02',
    options: { personalInterval: true },
  },
  {
    title: 'A pregnancy',
    tells: 'The dates are computed as ever; nobody asks until a clinician has reviewed it.',
    market: 'UK',
    doses: ['2026-01-15 inco glabella'],
    on: '2026-05-20',
    facts: { holds: [{ reason: 'pregnancy', since: calendarDate('2026-03-02'), until: null }] },
  },
  {
    title: 'An amended treatment: it was the 5th, not the 15th',
    tells: 'The amended version stands in the history in place of the first one, and every date follows.',
    market: 'UK',
    doses: ['2026-02-05 abo glabella'],
    amends: ['2026-02-15 abo glabella'],
    on: '2026-05-20',
  },
  {
    title: 'A treatment at 23:30 on the day the clocks changed',
    tells: 'The day is the location’s: 8 March in New York, although it was 9 March in UTC already.',
    market: 'US',
    doses: ['2026-03-09T03:30:00Z@America/New_York ona glabella'],
    on: '2026-06-29',
  },
  {
    title: 'Masseter, off-label, by the clinic’s own protocol',
    tells:
      'The catalogue has a target only; the clinic decided on the end and the lapse itself, and wants four months at least.',
    market: 'UK',
    doses: ['2026-01-08 ona masseter'],
    on: '2026-06-20',
    own: {
      product: 'ona',
      area: 'masseter',
      change: { minimumInterval: { n: 4, unit: 'month' }, toWeeks: 30, lapseWeeks: 52 },
    },
  },
  {
    title: 'A market without a figure',
    tells: 'No Swiss interval of the product is known: the dates stay empty, and the explanation says why.',
    market: 'CH',
    doses: ['2026-01-15 ona platysma'],
    on: '2026-05-20',
  },
];

/** The ten histories with every explanation, as a page of documentation. */
export function tenHistories(): string {
  const intro = `# Ten histories, and why each date is what it is

Written by \`UPDATE_DOCS=1 npm test -- --selectProjects unit --testPathPatterns ten-histories\`; a test holds it to the rule. Of each date: every rule that spoke, what it counted
from, and with what result; **→** marks the winner (the latest). Figures are seed data that a prescriber has to confirm.
`;
  return `${intro}\n${HISTORIES.map(page).join('\n')}\n${sentences()}`;
}

function page(history: History, index: number): string {
  const { title, tells, market, on, options = {}, facts } = history;
  const day = calendarDate(on);
  const doses = history.doses.map(doseOf);
  const { areas, protocolVersion } = forecast(doses, protocolOf(history), day, options);
  return [
    `## ${index + 1}. ${title}\n`,
    `${tells}\n`,
    `Market ${market}, figures \`${protocolVersion}\`, seen on ${on}. Treated: ${history.doses.map((line) => `\`${line}\``).join(', ')}.\n`,
    ...(history.amends ? [amendedLine(history, history.amends)] : []),
    ...areas.flatMap((area) => areaLines(area)),
    ...(facts ? areas.map((area) => reasonLine(area, day, facts)) : []),
    ...(history.proposals ? proposalLines(areas, day) : []),
  ].join('\n');
}

function protocolOf({ market, own }: History): Protocol {
  const published = catalogueProtocol(seedCatalogue(), market);
  if (!own) return published;
  const figures = published.figures(own.product, own.area);
  const decided = ownFigures(figures, figures, own.change);
  return {
    version: `${published.version}+${own.product}.${own.area}.1`,
    figures: (product, area) =>
      product === own.product && area === own.area ? decided : published.figures(product, area),
  };
}

function doseOf(line: string): Dose {
  const [when = '', product = '', area = '', kind = 'full'] = line.split(' ');
  const [moment = '', zone] = when.split('@');
  const treatedOn = zone === undefined ? calendarDate(moment) : dateIn(new Date(moment), zone);
  return { treatedOn, product, area, kind: kind === 'full' ? 'full' : 'touch-up' };
}

function areaLines(area: AreaForecast): string[] {
  const { personal } = area;
  return [
    `### ${area.area}: ${area.state ?? 'no state can be told'}\n`,
    `> ${area.summary}\n`,
    ...(personal ? [personalLine(personal)] : []),
    ...DATE_NAMES.flatMap((name) => dateLines(name, area.explanation[name])),
    '',
  ];
}

function personalLine({
  intervals,
  medianDays,
  protocolDays,
  drawnDays,
  personalDays,
}: PersonalInterval): string {
  const weighed = `(3 × ${protocolDays} + ${intervals} × ${medianDays}) / ${3 + intervals} = ${drawnDays} days`;
  const kept = personalDays === drawnDays ? '' : `, kept in bounds: ${personalDays} days`;
  return `Protocol ${protocolDays} days, own median ${medianDays} days of ${intervals} intervals: ${weighed}${kept}.\n`;
}

function amendedLine(history: History, before: readonly string[]): string {
  const { areas } = forecast(before.map(doseOf), protocolOf(history), calendarDate(history.on));
  const dates = areas.map(
    ({ area, earliest, target }) => `${area} from ${earliest ?? '?'}, target ${target ?? '?'}`,
  );
  return `Before the amendment (${before.map((line) => `\`${line}\``).join(', ')}): ${dates.join('; ')}. That window stays readable, superseded.\n`;
}

function dateLines(name: string, { date, candidates, missing, replaced = [] }: DateExplanation): string[] {
  return [
    `- **${name}** ${date ?? 'empty'}`,
    ...candidates.map((candidate) => `  - ${candidate.wins ? '**→** ' : ''}${claimText(candidate)}`),
    ...replaced.map((claim) => `  - by the protocol alone: ${claimText(claim)}`),
    ...missing.map(({ reason }) => `  - missing: ${reason}`),
  ];
}

function claimText({ ruleId, version, base, offsets, result, sources, confidence }: Claim): string {
  const from = 'date' in base ? base.date : `${base.event} ${base.treatedOn} (${base.product})`;
  const span = offsets.map(({ n, unit }) => ` ${n < 0 ? '−' : '+'} ${Math.abs(n)} ${unit}s`).join('');
  return `\`${ruleId}\` (${version}): ${from}${span} = ${result} [${sources.join(', ')}; ${confidence}]`;
}

function reasonLine(area: AreaForecast, on: CalendarDate, facts: Partial<SuppressionFacts>): string {
  const reasons = suppress({ ...nothingKnownOf(area, on), ...facts });
  const { listed, messaged, counted } = effectOf(reasons);
  const says = reasons.map(
    ({ code, because }) => `${code} (${because['reason'] ?? ''} since ${because['since'] ?? ''})`,
  );
  return [
    `Kept back: ${says.join(', ')}. Listed ${yes(listed)}, messaged ${yes(messaged)}, counted ${yes(counted)}. The patient is told:\n`,
    `> ${patientSays({ ...area, personal: area.personal !== null }, reasons, on)}\n`,
  ].join('\n');
}

const yes = (is: boolean): string => (is ? 'yes' : 'no');

function proposalLines(areas: readonly AreaForecast[], on: CalendarDate): string[] {
  const { visits, conflicts } = proposeVisits(
    areas.map((area) => ({ ...area, notBefore: null })),
    on,
  );
  return [
    '### Visits\n',
    ...visits.map(
      (visit) =>
        `- ${visit.date}: ${visit.areas.join(', ')} (possible from ${visit.from} to ${visit.to ?? 'any day'})`,
    ),
    ...conflicts.map(
      ({ area, until, other, from }) =>
        `- not in one visit: ${area} should be done by ${until}, ${other} not before ${from}`,
    ),
    '',
  ];
}
