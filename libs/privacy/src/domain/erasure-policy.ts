/** What an erasure does with the rows of a table that name the patient. */
export type Rule =
  | {
      /** Kept while the duty to keep stands, with who it is taken out; gone after. */
      readonly does: 'keep';
      /** Columns emptied whatever they hold; every other text loses what names the patient. */
      readonly clears?: readonly string[];
      readonly because: string;
    }
  /** Gone at once: no duty to keep it; rows that rows of a table which stays refer to stay with them. */
  | {
      readonly does: 'erase';
      readonly unlessOf?: { readonly table: string; readonly column: string };
      readonly because: string;
    }
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
  consultation_withdrawal: { does: 'keep', because: RECORD },
  severity_score: { does: 'keep', because: RECORD },
  signed_record: { does: 'keep', because: 'what a signature stands for' },
  adverse_event: { does: 'keep', because: RECORD },
  adverse_event_injection: { does: 'keep', because: RECORD },
  adverse_event_change: { does: 'keep', because: RECORD },
  clinical_task: { does: 'keep', because: RECORD },
  vial_movement: { does: 'keep', because: 'accounts for a prescription medicine' },
  recall_contact: { does: 'keep', because: 'proves who was warned of a recalled lot' },
  photo: { does: 'keep', because: 'part of the clinical record; a face has no pseudonym' },
  photo_consent: { does: 'keep', clears: ['signed_name'], because: 'proves what was agreed to' },
  patient_document: { does: 'erase', because: 'names the patient throughout' },
  stored_file: {
    does: 'erase',
    unlessOf: { table: 'photo', column: 'file_id' },
    because: 'the file of a document',
  },
  patient_change: { does: 'erase', because: 'tells who the patient was before' },
  patient_merge: { does: 'erase', because: 'tells who the patient was before' },
  identity_check: { does: 'erase', because: 'proves who the patient is' },
  window_figures: { does: 'erase', because: DERIVED },
  window_state_change: { does: 'erase', because: DERIVED },
  window_basis: { does: 'erase', because: DERIVED },
  window_override: { does: 'erase', because: 'decides a date that is gone with it' },
  window_recompute: { does: 'erase', because: DERIVED },
  return_course: { does: 'erase', because: DERIVED },
  series: { does: 'keep', because: OF_THE_VISIT },
  series_visit: { does: 'keep', because: OF_THE_VISIT },
  group_move_item: { does: 'keep', because: OF_THE_VISIT },
  vial: { does: 'keep', because: 'accounts for a prescription medicine' },
  repeat_visit_window: { does: 'erase', because: DERIVED },
  touch_up_approval: { does: 'keep', because: RECORD },
  non_response_pathway: { does: 'keep', because: RECORD },
  non_response_step: { does: 'keep', because: RECORD },
  contact_attempt: { does: 'erase', because: ERRAND },
  recall_card: { does: 'erase', because: ERRAND },
  recall_message: { does: 'erase', because: ERRAND },
  waitlist_entry: { does: 'erase', because: ERRAND },
  waitlist_offer: { does: 'erase', because: ERRAND },
  waitlist_change: { does: 'erase', because: ERRAND },
  idempotency_key: { does: 'erase', because: 'answers kept for a repeat of a request' },
  webhook_delivery: { does: 'stay', because: 'ids only, and forgotten after 30 days' },
  access_export: { does: 'erase', because: 'a copy of what is being erased' },
  legal_hold: {
    does: 'keep',
    clears: ['reason', 'lift_reason'],
    because: 'proves what was not erased, and until when',
  },
  emergency_access: { does: 'keep', because: 'proves who opened the record, and why' },
  audit_event: {
    does: 'stay',
    because: 'proves who saw what; it holds ids and names of fields, and nothing the record says',
  },
  erasure: { does: 'stay', because: 'the certificate' },
  erased_file: { does: 'stay', because: 'proves that the bytes went; it names them by ids only' },
  erased_patient: { does: 'stay', because: 'lets a restored backup be erased again' },
};

/** Other tables an erasure never opens, not even to a name that stands there for another reason. */
export const NEVER_OPENED: ReadonlySet<string> = new Set(['audit_seal', 'clinic', 'staff', 'session']);

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
