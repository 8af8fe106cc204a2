import { ageOn, type CalendarDate } from '#kernel';

import { BirthDateImpossible, RecordedDateImpossible } from './patients.errors.js';

const OLDEST = 130;

/** @throws BirthDateImpossible when nobody can be born on that day. */
export function assertBirthDate(birthDate: CalendarDate, today: CalendarDate): void {
  if (birthDate > today || ageOn(birthDate, today) > OLDEST) throw new BirthDateImpossible({ birthDate });
}

/** @throws RecordedDateImpossible when the day lies before the patient's birth or after today. */
export function assertInLifetime(on: CalendarDate, birthDate: CalendarDate, today: CalendarDate): void {
  if (on < birthDate || on > today) throw new RecordedDateImpossible({ on });
}

/** What the desk sees of someone who may be the same person. */
export interface DuplicateCandidate {
  readonly id: string;
  readonly number: number;
  /** Why they look alike. */
  readonly because: readonly ('name' | 'birth-date' | 'phone' | 'email')[];
}

/** Two people share a birth date or a name; only together, or with a telephone or e-mail, is it worth a warning. */
export const isLikelyDuplicate = ({ because }: DuplicateCandidate): boolean =>
  because.length >= 2 || because.includes('email');
