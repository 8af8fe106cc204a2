export interface Chapter {
  readonly title: string;
  readonly about: string;
  readonly tables: readonly string[];
}

/** The record as somebody reads about themselves; whatever table is in none of these comes last. */
export const CHAPTERS: readonly Chapter[] = [
  {
    title: 'Who you are',
    about: 'What the clinic wrote down about you, how it made sure of it, and every change.',
    tables: ['patient', 'identity_check', 'patient_change', 'patient_merge'],
  },
  {
    title: 'Your health',
    about: 'Allergies, conditions and medicines, and botulinum toxin you were given elsewhere.',
    tables: ['health_fact', 'prior_toxin'],
  },
  {
    title: 'Your visits',
    about: 'Appointments and what happened to them, and times you waited for.',
    tables: [
      'appointment',
      'appointment_change',
      'series',
      'series_visit',
      'group_move_item',
      'waitlist_entry',
      'waitlist_offer',
      'waitlist_change',
    ],
  },
  {
    title: 'Consultations',
    about:
      'What you were asked and answered, what was planned, what the safety rules said, what you agreed to and what was decided.',
    tables: [
      'consultation',
      'screening_answer',
      'plan_item',
      'severity_score',
      'safety_finding',
      'consent',
      'clearance',
      'consultation_withdrawal',
    ],
  },
  {
    title: 'Treatments',
    about:
      'What was injected where. Units belong to one product: a number of one product cannot be compared with that of another. Places on the face are shares of its width and height, from 0 to 1.',
    tables: ['treatment', 'injection', 'treatment_withdrawal', 'vial', 'vial_movement'],
  },
  {
    title: 'Afterwards',
    about: 'Reviews, side effects and what was done about them.',
    tables: [
      'follow_up',
      'touch_up_approval',
      'non_response_pathway',
      'non_response_step',
      'adverse_event',
      'adverse_event_injection',
      'adverse_event_change',
      'clinical_task',
      'recall_contact',
    ],
  },
  {
    title: 'When to come back',
    about: 'When the next visit is advised, and how the clinic tried to reach you about it.',
    tables: [
      'repeat_visit_window',
      'window_state_change',
      'window_override',
      'contact_attempt',
      'recall_card',
    ],
  },
  {
    title: 'Photos and documents',
    about: 'The files themselves are in the folder “files” beside this page.',
    tables: ['photo', 'photo_consent', 'patient_document', 'stored_file'],
  },
  {
    title: 'Who looked at your record',
    about:
      'Who saw or changed something of it and when, also in an emergency, and what was done with the record as a whole.',
    tables: ['audit_event', 'emergency_access', 'legal_hold', 'access_export', 'erasure', 'erased_patient'],
  },
];

export const THE_REST: Omit<Chapter, 'tables'> = {
  title: 'Kept by the system',
  about: 'Copies and figures the system keeps to work and to prove that nothing was changed.',
};

const TITLES: Readonly<Record<string, string>> = {
  patient: 'Personal details',
  patient_change: 'Changes of the personal details',
  patient_merge: 'Records put together',
  identity_check: 'Checks of who you are',
  health_fact: 'Allergies, conditions and medicines',
  prior_toxin: 'Botulinum toxin given elsewhere',
  appointment: 'Appointments',
  appointment_change: 'What happened to appointments',
  group_move_item: 'Appointments moved together',
  series: 'Appointments booked together',
  series_visit: 'Appointments of a series',
  consultation: 'Consultations',
  screening_answer: 'Your answers to the screening questions',
  plan_item: 'What was planned',
  severity_score: 'How strong lines were',
  safety_finding: 'What the safety rules said',
  consent: 'What you agreed to',
  clearance: 'Decisions whether treatment is suitable',
  consultation_withdrawal: 'Consultations taken back',
  treatment: 'Treatments',
  injection: 'Injections',
  treatment_withdrawal: 'Treatments replaced or entered in error',
  vial: 'Vials opened for you',
  vial_movement: 'What was drawn from a vial',
  follow_up: 'Follow-ups',
  touch_up_approval: 'Touch-ups approved',
  non_response_pathway: 'Treatments without effect',
  non_response_step: 'What was looked into',
  adverse_event: 'Side effects',
  adverse_event_injection: 'Injections a side effect is about',
  adverse_event_change: 'What happened about side effects',
  clinical_task: 'Tasks of the clinic about you',
  recall_contact: 'Recalls of a product',
  repeat_visit_window: 'When the next visit is advised',
  window_state_change: 'When that advice changed',
  window_override: 'Dates a clinician chose instead',
  contact_attempt: 'When the clinic tried to reach you',
  recall_card: 'Your card on the list of whom to call',
  waitlist_entry: 'Waiting list',
  waitlist_offer: 'Times offered from the waiting list',
  waitlist_change: 'What happened on the waiting list',
  photo: 'Photos',
  photo_consent: 'What photos may be used for',
  patient_document: 'Documents',
  stored_file: 'Files',
  audit_event: 'Who looked at or changed this record',
  emergency_access: 'Opened in an emergency',
  legal_hold: 'Kept for a legal reason',
  access_export: 'Copies made for you',
  erasure: 'Erasures',
  signed_record: 'What was signed, to the letter',
};

export const inWords = (name: string): string => {
  const words = name
    .replaceAll(/[_-]/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export const titleOf = (table: string): string => TITLES[table] ?? inWords(table);
