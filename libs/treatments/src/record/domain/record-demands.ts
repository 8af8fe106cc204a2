import type { Market } from '#catalogue';

/** What becomes of a treatment whose record lacks an item: it is not signed, it is told, or nothing. */
export type Demand = 'blocks' | 'shown' | 'not-asked';

export interface RecordItem {
  /** 1 to 22, as the catalogue numbers the fields of a treatment record. */
  readonly field: number;
  readonly code: string;
  /** What is missing, for a person. */
  readonly text: string;
  /** Where it is put right. */
  readonly where: string;
  readonly demand: Readonly<Record<Market, Demand>>;
  /** A touch-up is the second half of a session whose record has it already. */
  readonly notForTouchUps?: true;
}

const everywhere = (demand: Demand): RecordItem['demand'] => ({
  US: demand,
  EU: demand,
  UK: demand,
  CH: demand,
});
const BLOCKS = everywhere('blocks');
const SHOWN = everywhere('shown');
/** General duty in the UK (GMC, NMC, Under-18s Act: sources S71 to S73); good practice elsewhere. */
const BLOCKS_IN_UK: RecordItem['demand'] = { ...SHOWN, UK: 'blocks' };

const DRAFT = 'PUT /v1/treatments/{id}';
const CONSULTATION = '/v1/consultations/{consultationId}';

/**
 * The items of the 22 fields, and what each market does about a missing one (ADR 25). Data: a market that changes its
 * mind is one line. Fields 19 and 20 come after the treatment; 3 and 14 are kept by the service itself.
 */
export const RECORD_ITEMS = [
  {
    field: 1,
    code: 'identity_unverified',
    text: 'How identity and age were verified',
    where: `${DRAFT} record.identityChecked`,
    demand: BLOCKS_IN_UK,
  },
  {
    field: 2,
    code: 'prescriber_missing',
    text: 'The prescriber',
    where: `POST ${CONSULTATION}/clear prescriberId`,
    demand: BLOCKS_IN_UK,
  },
  {
    field: 2,
    code: 'face_to_face_missing',
    text: 'The day the prescriber saw the patient',
    where: `POST ${CONSULTATION}/clear faceToFaceOn`,
    demand: BLOCKS_IN_UK,
  },
  {
    field: 2,
    code: 'consultation_unsigned',
    text: 'The signature under the consultation',
    where: `POST ${CONSULTATION}/sign`,
    demand: SHOWN,
  },
  {
    field: 4,
    code: 'history_unanswered',
    text: 'A fresh answer of the medical history',
    where: `PUT ${CONSULTATION}/answers`,
    demand: BLOCKS,
  },
  {
    field: 4,
    code: 'history_not_confirmed',
    text: 'That the history was gone through again at this visit',
    where: `${DRAFT} record.historyConfirmed`,
    demand: BLOCKS,
  },
  {
    field: 5,
    code: 'prior_toxin_unanswered',
    text: 'Whether there was other toxin, and when',
    where: `PUT ${CONSULTATION}/answers`,
    demand: BLOCKS,
  },
  {
    field: 6,
    code: 'pregnancy_unanswered',
    text: 'Whether the patient is pregnant',
    where: `PUT ${CONSULTATION}/answers`,
    demand: BLOCKS,
  },
  {
    field: 6,
    code: 'breastfeeding_unanswered',
    text: 'Whether the patient breastfeeds',
    where: `PUT ${CONSULTATION}/answers`,
    demand: BLOCKS,
  },
  {
    field: 7,
    code: 'body_image_unanswered',
    text: 'The outcome of the body-image screen',
    where: `PUT ${CONSULTATION}/answers`,
    demand: BLOCKS,
  },
  {
    field: 8,
    code: 'severity_missing',
    text: 'Severity at rest and at maximum contraction',
    where: `PUT ${CONSULTATION}/severity`,
    demand: SHOWN,
    notForTouchUps: true,
  },
  {
    field: 9,
    code: 'off_label_consent_missing',
    text: 'The consent to off-label use',
    where: `POST ${CONSULTATION}/consents`,
    demand: BLOCKS,
  },
  {
    field: 10,
    code: 'consent_missing',
    text: 'The consent to the treatment',
    where: `POST ${CONSULTATION}/consents`,
    demand: BLOCKS,
  },
  {
    field: 10,
    code: 'risks_untold',
    text: 'That risks were told',
    where: `POST ${CONSULTATION}/consents covers`,
    demand: SHOWN,
  },
  {
    field: 10,
    code: 'alternatives_untold',
    text: 'That alternatives were told',
    where: `POST ${CONSULTATION}/consents covers`,
    demand: SHOWN,
  },
  {
    field: 10,
    code: 'no_treatment_untold',
    text: 'That doing nothing was offered',
    where: `POST ${CONSULTATION}/consents covers`,
    demand: SHOWN,
  },
  {
    field: 10,
    code: 'costs_untold',
    text: 'That costs were told',
    where: `POST ${CONSULTATION}/consents cost`,
    demand: SHOWN,
  },
  {
    field: 11,
    code: 'pack_code_missing',
    text: 'GTIN and serial number of the pack',
    where: 'POST /v1/lots scan',
    demand: SHOWN,
  },
  {
    field: 12,
    code: 'dilution_unknown',
    text: 'How the vial was made up',
    where: `${DRAFT} injections[].volumeMl`,
    demand: SHOWN,
  },
  {
    field: 13,
    code: 'injections_missing',
    text: 'The injections',
    where: `${DRAFT} injections`,
    demand: BLOCKS,
  },
  {
    field: 13,
    code: 'muscle_missing',
    text: 'The muscle of each point',
    where: `${DRAFT} injections[].muscle`,
    demand: SHOWN,
  },
  {
    field: 13,
    code: 'place_missing',
    text: 'The place of each point on the face map',
    where: `${DRAFT} injections[].x and y`,
    demand: SHOWN,
  },
  {
    field: 13,
    code: 'depth_missing',
    text: 'The depth of each point',
    where: `${DRAFT} injections[].depth`,
    demand: SHOWN,
  },
  {
    field: 15,
    code: 'needle_missing',
    text: 'Needle or cannula',
    where: `${DRAFT} injections[].needle`,
    demand: SHOWN,
  },
  {
    field: 15,
    code: 'anaesthesia_missing',
    text: 'Anaesthesia, or that there was none',
    where: `${DRAFT} record.anaesthesia`,
    demand: SHOWN,
  },
  {
    field: 16,
    code: 'photos_missing',
    text: 'Photographs before, or that the patient declined',
    where: `${DRAFT} record.photosBefore`,
    demand: SHOWN,
    notForTouchUps: true,
  },
  {
    field: 17,
    code: 'reaction_missing',
    text: 'The immediate reaction, or that there was none',
    where: `${DRAFT} record.immediateReaction`,
    demand: BLOCKS,
  },
  {
    field: 17,
    code: 'aftercare_missing',
    text: 'The version of the aftercare advice given',
    where: `${DRAFT} record.aftercareVersion`,
    demand: BLOCKS,
  },
  {
    field: 18,
    code: 'review_unoffered',
    text: 'What the patient said to a review',
    where: `${DRAFT} record.reviewChoice`,
    demand: SHOWN,
    notForTouchUps: true,
  },
  {
    field: 21,
    code: 'window_not_shown',
    text: 'That the next window was shown to the patient',
    where: `${DRAFT} record.windowShown`,
    demand: SHOWN,
  },
  {
    field: 21,
    code: 'early_reason_missing',
    text: 'Why the treatment comes before the earliest day',
    where: 'POST /v1/treatments/{id}/approve',
    demand: BLOCKS,
  },
  {
    field: 22,
    code: 'gp_letter_missing',
    text: 'Whether the patient’s own doctor may be told',
    where: `${DRAFT} record.gpLetter`,
    demand: { US: 'not-asked', EU: 'not-asked', UK: 'shown', CH: 'not-asked' },
  },
] as const satisfies readonly RecordItem[];

export type RecordCode = (typeof RECORD_ITEMS)[number]['code'];

/** Fields that are filled after the treatment: the review and what went wrong. */
export const LATER_FIELDS: readonly number[] = [19, 20];

/** How many fields a treatment record has. */
export const FIELD_COUNT = 22;
