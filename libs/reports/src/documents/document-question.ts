import type { Cut } from '../domain/courses/cuts.js';
import type { CohortPeriod } from '../domain/return-cohorts.js';
import type { ReturnScope } from '../domain/return-cycles.js';

export const DOCUMENT_KINDS = ['return-rate', 'clinic-figures'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];
export const DOCUMENT_FORMATS = ['html', 'csv'] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

/** What a document is to tell, kept with it: the same question gives the same document, whenever it is made. */
export interface DocumentQuestion {
  readonly market: string;
  readonly asOf: string;
  readonly scope: ReturnScope;
  readonly cohortBy: CohortPeriod;
  readonly by: Cut | null;
  readonly horizons: readonly number[] | null;
  readonly practitionerId: string | null;
  readonly locationId: string | null;
  readonly product: string | null;
  readonly area: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/** What was left out of the question is left out of what is asked. */
export const given = <T extends object>(members: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- exactly the members that are not null
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
