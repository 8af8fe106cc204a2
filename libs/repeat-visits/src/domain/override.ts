import type { CalendarDate } from '#kernel';
import { OverrideTooEarly } from './repeat-visits.errors.js';

/**
 * A clinician may let a patient wait, not come sooner than the labels permit; with an unknown `earliest` any day stands,
 * because nobody else can name one. @throws OverrideTooEarly
 */
export function assertNotBeforeEarliest(notBefore: CalendarDate, earliest: CalendarDate | null): void {
  if (earliest !== null && notBefore < earliest) throw new OverrideTooEarly({ notBefore, earliest });
}
