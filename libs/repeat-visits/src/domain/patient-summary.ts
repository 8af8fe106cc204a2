import { calendarDate, type CalendarDate } from '#kernel';
import type { Reason, ReasonCode } from './suppression.js';
import type { WindowDates, WindowState } from './window-status.js';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** A day as people say it: 8 July 2026. */
export const spoken = (date: CalendarDate): string =>
  `${Number(date.slice(8, 10))} ${MONTHS[Number(date.slice(5, 7)) - 1] ?? ''} ${date.slice(0, 4)}`;

/** What the sentence about an area rests on. */
export interface ToldArea extends WindowDates {
  readonly state: WindowState | null;
  readonly lastFullTreatment: CalendarDate | null;
  /** Whether the patient's own visits drew the window. */
  readonly personal: boolean;
}

/** One sentence a patient understands about one area on a day: dates written out, no words of the trade. */
export function patientSummary(area: ToldArea, on: CalendarDate): string {
  const { earliest, recommendedFrom, target, recommendedTo, state } = area;
  if (earliest === null)
    return 'We cannot say yet when this area may be treated again, so please ask your practitioner.';
  const own = area.personal ? ', going by your own visits,' : '';
  const ahead = target !== null && target > on ? target : null;
  const best = ahead === null ? '' : `, and a good time to come${own} is around ${spoken(ahead)}`;
  switch (state) {
    case 'too-early':
      return ahead === earliest
        ? `This area should not be treated again before ${spoken(earliest)}, which${own} is also a good time to come.`
        : `This area should not be treated again before ${spoken(earliest)}${best}.`;
    case 'permitted-early':
      return recommendedFrom === ahead || recommendedFrom === null
        ? `This area may be treated again${best}.`
        : `This area may be treated again, but we suggest waiting until ${spoken(recommendedFrom)}${best}.`;
    case 'due':
      if (recommendedTo !== null)
        return `Now is a good time to treat this area again${own || ','} best by ${spoken(recommendedTo)}.`;
      return ahead === null
        ? 'This area may be treated again, and any day is a good time to come.'
        : `This area may be treated again${best}.`;
    case 'past-due':
      return recommendedTo === null
        ? 'You are welcome to have this area treated again on any day.'
        : `We would have suggested treating this area again by ${spoken(recommendedTo)}, and you are welcome on any day.`;
    case 'lapsed': {
      const since = area.lastFullTreatment === null ? '' : ` on ${spoken(area.lastFullTreatment)}`;
      return `This area was last treated${since}, so the effect has probably worn off; you are welcome on any day.`;
    }
    case null:
      break;
  }
  // Only touch-ups: permitted is all that can be said.
  return 'This area may be treated again, and your practitioner will suggest a good day.';
}

type Words = (reason: Reason, area: ToldArea, on: CalendarDate) => string | null;

const dateOf = (reason: Reason, fact: string): string => {
  const text = reason.because[fact];
  return text ? spoken(calendarDate(text)) : '';
};
const isTooEarly = ({ earliest }: ToldArea, on: CalendarDate): boolean => earliest === null || on < earliest;

function welcome({ earliest }: ToldArea, on: CalendarDate): string {
  if (earliest === null) return 'as soon as your practitioner can name a day';
  return on < earliest ? `from ${spoken(earliest)} on` : 'on any day';
}

/**
 * What a reason puts in place of the dates, the weightiest first; null leaves the dates. No hold is named: whoever reads it out need
 * not know of a pregnancy. Who wants no contact may still ask, and is told the dates.
 */
const WORDS: readonly (readonly [ReasonCode, Words])[] = [
  ['deceased', () => 'No further visit is planned.'],
  ['merged', () => 'Please look at the record this one was united with.'],
  [
    'transferred',
    () => 'Another clinic looks after you now and can tell you when this area may be treated again.',
  ],
  ['on-hold', () => 'Your practitioner would like to speak with you before this area is treated again.'],
  ['booked', (reason) => `Your next visit for this area is booked for ${dateOf(reason, 'on')}.`],
  [
    'no-response',
    (_, area, on) => {
      const from =
        area.earliest !== null && isTooEarly(area, on)
          ? `, which can be from ${spoken(area.earliest)} on`
          : '';
      return `The last treatment of this area did not work as we hoped, so your practitioner would like to see you before the next one${from}.`;
    },
  ],
  [
    'override-waiting',
    (reason, { earliest }) => {
      const day = reason.because['notBefore'];
      // Stricter figures may have moved the earliest date past the clinician's day since.
      return day && earliest !== null && earliest > day
        ? null
        : `Your practitioner suggests that this area waits until ${dateOf(reason, 'notBefore')}.`;
    },
  ],
  [
    'declined',
    (reason, area, on) =>
      reason.until === null
        ? `As you asked, we will not remind you of this area; should you change your mind, you are welcome ${welcome(area, on)}.`
        : `As you asked, we will not remind you of this area before ${spoken(reason.until)}; you are welcome ${welcome(area, on)}.`,
  ],
  [
    'snoozed',
    (reason, area, on) =>
      `As you asked, we will be in touch about this area ${reason.until === null ? 'later' : `from ${spoken(reason.until)} on`}; you are welcome ${welcome(area, on)}.`,
  ],
  [
    'override-reached',
    (reason, area, on) =>
      isTooEarly(area, on)
        ? null
        : `Now is a good time to treat this area again: your practitioner suggested ${dateOf(reason, 'notBefore')} or later.`,
  ],
  [
    'combinable',
    (reason, area, on) => {
      const day = reason.because['on'];
      if (!day || area.recommendedFrom === null || day < area.recommendedFrom) return null;
      return patientSummary(area, on).replace(
        /\.$/,
        `; it could be done at your visit on ${dateOf(reason, 'on')} as well.`,
      );
    },
  ],
];

/** The sentence for a patient of whom reasons are known: they have the first word. */
export function patientSays(area: ToldArea, reasons: readonly Reason[], on: CalendarDate): string {
  for (const [code, words] of WORDS) {
    const reason = reasons.find((one) => one.code === code);
    const said = reason ? words(reason, area, on) : null;
    if (said !== null) return said;
  }
  return patientSummary(area, on);
}
