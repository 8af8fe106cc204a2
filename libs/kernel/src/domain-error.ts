/** What kind of refusal it is; libs/http turns the kind into an HTTP status. */
export type RefusalKind =
  | 'bad-input'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'stale'
  | 'rule'
  | 'too-many'
  | 'unavailable';

export interface RefusalSpec {
  /** Stable machine word, also a heading in docs/problems.md. */
  readonly code: string;
  readonly kind: RefusalKind;
  /** One sentence for a person; the same for every occurrence (RFC 9457 `title`). */
  readonly title: string;
}

/** What a program needs to act on the refusal. Never identifying patient data. */
export type Facts = Readonly<Record<string, unknown>>;

/** A refusal the caller can understand and act on; anything else thrown is a fault of ours. */
export abstract class DomainError extends Error {
  constructor(
    readonly spec: RefusalSpec,
    readonly facts: Facts = {},
    readonly detail?: string,
  ) {
    super(spec.title);
    this.name = spec.code;
  }
}

export interface RefusalClass {
  new (facts?: Facts, detail?: string): DomainError;
  readonly spec: RefusalSpec;
}

const known = new Map<string, RefusalSpec>();

/** Every refusal defined so far: the test that holds docs/problems.md to the code walks this. */
export const knownRefusals = (): readonly RefusalSpec[] => [...known.values()];

/** The base of a refusal class: `class LotExpired extends refusal({ code: 'lot_expired', kind: 'rule', title: '…' }) {}`. */
export function refusal(spec: RefusalSpec): RefusalClass {
  known.set(spec.code, spec);
  return class extends DomainError {
    static readonly spec = spec;

    constructor(facts: Facts = {}, detail?: string) {
      super(spec, facts, detail);
    }
  };
}
