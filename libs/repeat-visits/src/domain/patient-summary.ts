import type { CalendarDate } from '#kernel';
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

/** One sentence a patient understands about one area: dates written out, no words of the trade. */
export function patientSummary(
  { earliest, recommendedFrom, target, recommendedTo }: WindowDates,
  state: WindowState | null,
  lastFullTreatment: CalendarDate | null,
  personal: boolean,
): string {
  if (earliest === null) {
    return 'We cannot say yet when this area may be treated again, so please ask your practitioner.';
  }
  const own = personal ? ', going by your own visits,' : '';
  const best = target === null ? '' : `, and a good time to come${own} is around ${spoken(target)}`;
  const since = lastFullTreatment === null ? '' : ` on ${spoken(lastFullTreatment)}`;
  if (state === 'too-early')
    return `This area should not be treated again before ${spoken(earliest)}${best}.`;
  if (state === 'permitted-early' && recommendedFrom !== null) {
    return `This area may be treated again, but we suggest waiting until ${spoken(recommendedFrom)}${best}.`;
  }
  if (state === 'past-due' && recommendedTo !== null) {
    return `The best time to treat this area again was until ${spoken(recommendedTo)}, and you are welcome any day.`;
  }
  if (state === 'lapsed') {
    return `This area was last treated${since}, so the effect has probably worn off; you are welcome any day.`;
  }
  if (state === 'due' && recommendedTo !== null) {
    return `Now is a good time to treat this area again, best by ${spoken(recommendedTo)}.`;
  }
  return `This area may be treated again since ${spoken(earliest)}; your practitioner will suggest a day${best}.`;
}
