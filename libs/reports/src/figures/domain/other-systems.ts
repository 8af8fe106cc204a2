import { RETURNED, type CycleColumns } from '../../domain/courses/cycle-columns.js';
import { share, type Figure } from './figure.js';
import type { Period } from './figure-definitions.js';

/** How another system counts, so that an admin who moves can compare; each note says what differs from ours. */
export interface OtherSystemFigure extends Figure {
  readonly system: 'Mangomint' | 'Boulevard' | 'Jane';
  readonly theirName: string;
  readonly note: string;
}

const BOULEVARD_DAYS = [30, 60, 90, 120, 150, 180] as const;
const MANGOMINT_DAYS = [90, 180] as const;
const TREATMENTS_ONLY =
  'A visit here is a day with a signed full treatment; theirs is any attended or paid appointment, so that reviews and ' +
  'consultations count there and not here.';
const YOUNG =
  'Everybody of the period is in the denominator, also those who came too recently to be back: the closer the period is to ' +
  'asOf, the lower the figure, whatever the patients do. The return probability and the matured-only share beside it correct this.';

/**
 * The same cycles in the words of other systems. `columns`: cycles of any area that begin in the period, ascending by
 * patient and day; `isNew` whether a cycle’s group is of patients never treated before.
 */
export function inOtherWords(
  columns: CycleColumns,
  isNew: (group: number) => boolean,
  period: Period,
): OtherSystemFigure[] {
  const first = firstVisits(columns);
  const back = (days: number): number =>
    first.filter((i) => columns.outcome[i] === RETURNED && (columns.days[i] ?? 0) <= days).length;
  const seenBefore = first.filter((i) => !isNew(columns.group[i] ?? 0)).length;
  const revisit = (system: 'Mangomint' | 'Boulevard', days: number): OtherSystemFigure => ({
    ...share({ ...says(period, days), asOf: period.asOf, unit: 'patients' }, back(days), first.length),
    system,
    theirName: system === 'Mangomint' ? `Client Retention, ${days} days` : `${days}-Day Business Revisit (%)`,
    note:
      system === 'Mangomint'
        ? `${YOUNG} ${TREATMENTS_ONLY}`
        : `${YOUNG} ${TREATMENTS_ONLY} Boulevard also tells location and staff revisits apart; a return to any location or practitioner counts here.`,
  });
  return [
    ...MANGOMINT_DAYS.map((days) => revisit('Mangomint', days)),
    ...BOULEVARD_DAYS.map((days) => revisit('Boulevard', days)),
    {
      ...share(
        {
          name: 'returning-patients',
          definition: `Of the patients with a full treatment from ${period.from} to ${period.to} (known on ${period.asOf}), those who had one before ${period.from}.`,
          asOf: period.asOf,
          unit: 'patients',
        },
        seenBefore,
        first.length,
      ),
      system: 'Jane',
      theirName: '% Returning',
      note:
        'It looks back, not forward: a clinic that stops taking new patients scores 100 %, one that grows scores low, and ' +
        `nothing is said about who will come back. ${TREATMENTS_ONLY}`,
    },
  ];
}

const says = ({ from, to, asOf }: Period, days: number): { name: string; definition: string } => ({
  name: `revisit-${days}`,
  definition:
    `Of the patients with a full treatment from ${from} to ${to}, those with another within ${days} days of their first ` +
    `one in that time, as known on ${asOf}.`,
});

/** The first cycle of each patient: cycles of one patient stand together, and the earliest comes first. */
function firstVisits({ length, patient }: CycleColumns): number[] {
  const first: number[] = [];
  for (let i = 0; i < length; i += 1) if (i === 0 || patient[i] !== patient[i - 1]) first.push(i);
  return first;
}
