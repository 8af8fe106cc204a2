class Recorded {
  id!: string;
  recordedById!: string;

  /** Also the ETag. */
  version!: number;

  /** Why it is wrong, where it was entered in error. */
  errorReason!: string | null;
}

export class HealthFactView extends Recorded {
  /** allergy, condition or medication */
  kind!: string;

  text!: string;
  codeSystem!: string | null;
  code!: string | null;
  notedOn!: string;
  endedOn!: string | null;
}

export class PriorToxinView extends Recorded {
  /** Catalogue id; null where nobody knows it. */
  product!: string | null;

  indication!: string;

  /** Where it was injected, as told. */
  area!: string | null;

  units!: number | null;

  /** The day, or the last day it can have been. */
  givenOn!: string;

  /** As far as it is known. @example 2026-02 */
  givenText!: string;
}

/** Everything recorded, ended and entered in error too. */
export class HealthView {
  healthFacts!: HealthFactView[];
  priorToxins!: PriorToxinView[];
}
