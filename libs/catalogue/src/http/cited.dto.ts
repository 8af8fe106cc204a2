/** Where a figure comes from and how far it can be trusted, in the words of the reviewed data. */
export class CitedView {
  /** Ids of `sources`. @example ["S01"] */
  sources!: string[];

  /** @example label */
  confidence!: string;
}

export class SourceView {
  /** @example S01 */
  id!: string;
  name!: string;
  url!: string | null;
  section!: string | null;
}

export class OffsetView {
  /** @example 3 */
  n!: number;

  /** day, week, month, year */
  unit!: string;
}
