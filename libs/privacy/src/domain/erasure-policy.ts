/** What an erasure does with the rows of a table that name the patient. */
export type Rule =
  | {
      /** Kept while the duty to keep stands, with who it is taken out; gone after. */
      readonly does: 'keep';
      /** Columns emptied whatever they hold; every other text loses what names the patient. */
      readonly clears?: readonly string[];
      readonly because: string;
    }
  /** Gone at once: no duty to keep it. */
  | { readonly does: 'erase'; readonly because: string }
  /** Never touched by an erasure: it names the patient by a number only. */
  | { readonly does: 'stay'; readonly because: string };

const RECORD = 'part of the clinical record';
const OF_THE_VISIT = 'proves which visits took place';
const ERRAND = 'serves the running of the clinic only';
const DERIVED = 'worked out from treatments, can be worked out again';

/** By table. A table that names a patient and is not here stops every erasure, and a test. */
export const ERASURE_POLICY: Readonly<Record<string, Rule>> = {
  patient: { does: 'keep', because: 'holds the record together, under a pseudonym' },
  health_fact: { does: 'keep', because: RECORD },
  prior_toxin: { does: 'keep', because: RECORD },
  consultation: { does: 'keep', because: RECORD },
  screening_answer: { does: 'keep', because: RECORD },
  plan_item: { does: 'keep', because: RECORD },
  safety_finding: { does: 'keep', because: RECORD },
  consent: { does: 'keep', clears: ['signed_name'], because: 'proves what was agreed to' },
  clearance: { does: 'keep', because: RECORD },
  treatment: { does: 'keep', because: RECORD },
  injection: { does: 'keep', because: RECORD },
  treatment_withdrawal: { does: 'keep', because: RECORD },
  follow_up: { does: 'keep', because: RECORD },
  appointment: { does: 'keep', clears: ['note'], because: OF_THE_VISIT },
  appointment_change: { does: 'keep', clears: ['reason', 'detail'], because: OF_THE_VISIT },
  repeat_visit_window: { does: 'erase', because: DERIVED },
  waitlist_entry: { does: 'erase', because: ERRAND },
  waitlist_offer: { does: 'erase', because: ERRAND },
  waitlist_change: { does: 'erase', because: ERRAND },
  idempotency_key: { does: 'erase', because: 'answers kept for a repeat of a request' },
  access_export: { does: 'erase', because: 'a copy of what is being erased' },
  legal_hold: {
    does: 'keep',
    clears: ['reason', 'lift_reason'],
    because: 'proves what was not erased, and until when',
  },
  emergency_access: { does: 'keep', because: 'proves who opened the record, and why' },
  audit_event: {
    does: 'stay',
    because: 'proves who saw what; it holds ids and names of fields, never contents',
  },
  erasure: { does: 'stay', because: 'the certificate' },
  erased_patient: { does: 'stay', because: 'lets a restored backup be erased again' },
};

/** The columns of a patient that remain as they are: no one of them tells who it is, nor all together. */
export const PATIENT_KEEPS: ReadonlySet<string> = new Set([
  'clinic_id',
  'id',
  'sex',
  'status',
  'status_on',
  'status_recorded_at',
  'merged_into_id',
  'created_at',
  'updated_at',
]);
