import { CONSULTATION_ITEMS } from './consultation-items.js';
import { TREATMENT_ITEMS } from './treatment-items.js';

/**
 * The items of the 22 fields in their order, and what each market does about a missing one (ADR 25). Data: a market that
 * changes its mind is one line. Fields 19 and 20 come after the treatment; 3 and 14 are kept by the service itself.
 */
export const RECORD_ITEMS = [...CONSULTATION_ITEMS, ...TREATMENT_ITEMS].toSorted((a, b) => a.field - b.field);

export type RecordCode = (typeof RECORD_ITEMS)[number]['code'];

/** Fields that are filled after the treatment: the review and what went wrong. */
export const LATER_FIELDS: readonly number[] = [19, 20];

/** How many fields a treatment record has. */
export const FIELD_COUNT = 22;
