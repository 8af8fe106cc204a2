import { HealthCodeUnknown } from './health.errors.js';

interface CodeSystem {
  readonly form: RegExp;
  readonly codes: readonly string[];
}

/**
 * Systems whose codes may be used without a licence, by their FHIR address, with the form of a code and the kinds of
 * fact it codes. Only codes are kept: the words beside them are the clinic's own.
 */
const SYSTEMS: ReadonlyMap<string, CodeSystem> = new Map([
  [
    'http://www.nlm.nih.gov/research/umls/rxnorm',
    { form: /^[1-9]\d{0,7}$/, codes: ['medication', 'allergy'] },
  ],
  [
    'http://www.whocc.no/atc',
    { form: /^[A-DGHJLMNPRSV](\d{2}([A-Z]([A-Z](\d{2})?)?)?)?$/, codes: ['medication', 'allergy'] },
  ],
  [
    'http://hl7.org/fhir/sid/icd-10-cm',
    { form: /^[A-Z]\d[\dA-Z](\.[\dA-Z]{1,4})?$/, codes: ['condition', 'allergy'] },
  ],
  ['http://hl7.org/fhir/sid/icd-10', { form: /^[A-Z]\d{2}(\.\d{1,3})?$/, codes: ['condition', 'allergy'] }],
]);

/** @throws HealthCodeUnknown when the code has no system, the system no such codes, or the other way round. */
export function assertCode({ kind, codeSystem, code }: Coded): void {
  if (codeSystem === undefined && code === undefined) return;
  const system = codeSystem === undefined ? undefined : SYSTEMS.get(codeSystem);
  if (!system || code === undefined || !system.form.test(code) || !system.codes.includes(kind))
    throw new HealthCodeUnknown({ kind, codeSystem: codeSystem ?? null, codeGiven: code ?? null });
}

interface Coded {
  readonly kind: string;
  readonly codeSystem?: string;
  readonly code?: string;
}
