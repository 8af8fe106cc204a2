import { BLOCKS, BLOCKS_IN_UK, SHOWN, type RecordItem } from './record-item.js';

const CONSULTATION = '/v1/consultations/{consultationId}';

/** What the record takes from the consultation the treatment rests on. */
export const CONSULTATION_ITEMS = [
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
] as const satisfies readonly RecordItem[];
