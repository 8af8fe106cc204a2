export class RecordFieldView {
  /** 1 to 22. */
  field!: number;

  /** What the field is, in the words of the catalogue. */
  text!: string;

  /** complete, missing, later, not-asked */
  state!: string;
}

export class MissingItemView {
  field!: number;

  /** @example aftercare_missing */
  code!: string;

  /** What is missing. */
  text!: string;

  /** Where it is put right. @example PUT /v1/treatments/{id} record.aftercareVersion */
  where!: string;

  /** Whether the treatment cannot be signed without it. */
  blocks!: boolean;

  /** Areas, lots or questions it is missing for; empty: for the treatment as a whole. */
  of!: string[];
}

export class CompletenessView {
  treatmentId!: string;
  market!: string;

  /** Whether nothing at all is missing. */
  complete!: boolean;

  /** Whether nothing is missing that blocks signing. */
  maySign!: boolean;
  fields!: RecordFieldView[];
  missing!: MissingItemView[];
}
