import { addDays, type CalendarDate } from '#kernel';
import { AnsweredDateImpossible, NotAnAnswer, UnknownQuestion } from './consultations.errors.js';

/** One question of the screening. Every answer outside `unremarkable` matches the safety rule. */
export interface Question {
  readonly id: string;
  readonly text: string;
  readonly kind: 'yes-no' | 'choice';
  readonly answers: readonly string[];
  readonly unremarkable: readonly string[];
  /** Days an answer stays fresh after the day it was given; 0: that day only. */
  readonly shelfLifeDays: number;
  /** The safety rule of the catalogue the answer decides. */
  readonly ruleCode: string;
  /** The edition in which the question got its present meaning; answers to earlier ones do not count. */
  readonly since: number;
}

export interface Answer {
  readonly questionId: string;
  readonly value: string;
  readonly answeredOn: CalendarDate;
  /** When the thing last happened, where that matters (other toxin). */
  readonly lastOn?: CalendarDate;
  /** The edition of the questionnaire that asked; left out: the present one. */
  readonly edition?: number;
}

/** Kept with every answer: which wording was asked. Raise it when a question changes its meaning. */
export const SCREENING_VERSION = 1;

const THE_DAY = 0;
const HALF_A_YEAR = 183;

const yesNo = (id: string, ruleCode: string, shelfLifeDays: number, text: string): Question => ({
  id,
  ruleCode,
  shelfLifeDays,
  text,
  since: 1,
  kind: 'yes-no',
  answers: ['no', 'yes'],
  unremarkable: ['no'],
});

/** What changes from visit to visit is asked on the day; lasting history holds half a year. Clinics may shorten both. */
export const SCREENING: readonly Question[] = [
  {
    id: 'pregnancy',
    since: 1,
    ruleCode: 'PREGNANCY',
    shelfLifeDays: THE_DAY,
    text: 'Are you pregnant, or trying to become so, or not using contraception?',
    kind: 'choice',
    answers: ['no', 'not-applicable', 'pregnant', 'trying'],
    unremarkable: ['no', 'not-applicable'],
  },
  yesNo('breastfeeding', 'BREASTFEEDING', THE_DAY, 'Are you breastfeeding?'),
  yesNo(
    'site_infection',
    'SITE_INFECTION',
    THE_DAY,
    'Is there an infection or inflammation where we would inject?',
  ),
  yesNo(
    'hypersensitivity',
    'HYPERSENS_BONT',
    HALF_A_YEAR,
    'Have you ever reacted badly to a botulinum toxin or to an ingredient of one?',
  ),
  yesNo('cow_milk_allergy', 'COW_MILK_ALLERGY', HALF_A_YEAR, 'Are you allergic to cow’s milk protein?'),
  {
    id: 'albumin',
    since: 1,
    ruleCode: 'ALBUMIN',
    shelfLifeDays: HALF_A_YEAR,
    text: 'Are you allergic to human albumin, or do you object to blood products?',
    kind: 'choice',
    answers: ['no', 'allergy', 'objection'],
    unremarkable: ['no'],
  },
  yesNo(
    'neuromuscular_disease',
    'NMJ_DISEASE',
    HALF_A_YEAR,
    'Do you have myasthenia gravis, Lambert-Eaton syndrome or another disease of muscle activity?',
  ),
  yesNo('als', 'ALS', HALF_A_YEAR, 'Do you have amyotrophic lateral sclerosis or a motor neuropathy?'),
  yesNo(
    'dysphagia_breathing',
    'DYSPHAGIA_RESP',
    HALF_A_YEAR,
    'Have you had trouble swallowing or breathing, or food going the wrong way?',
  ),
  yesNo(
    'aminoglycosides',
    'AMINOGLYCOSIDE',
    THE_DAY,
    'Do you take an aminoglycoside antibiotic or spectinomycin?',
  ),
  yesNo(
    'neuromuscular_drugs',
    'NMJ_DRUGS',
    THE_DAY,
    'Do you take muscle relaxants, magnesium, polymyxin, tetracycline or lincomycin?',
  ),
  yesNo('anticholinergics', 'ANTICHOLINERGIC', THE_DAY, 'Do you take anticholinergic medicines?'),
  yesNo(
    'other_toxin',
    'OTHER_BONT',
    THE_DAY,
    'Have you had botulinum toxin anywhere else, also for migraine, teeth grinding or sweating? When last?',
  ),
  yesNo('bleeding', 'BLEEDING', THE_DAY, 'Do you bleed easily or take anything against clotting?'),
  yesNo(
    'local_anatomy',
    'LOCAL_ANATOMY',
    HALF_A_YEAR,
    'Drooping lid, marked asymmetry, loose lid skin, deep scars, thick skin, facial surgery or a weak muscle?',
  ),
  yesNo('dry_eye', 'DRY_EYE', HALF_A_YEAR, 'Do you have dry eyes or a disease of the eye surface?'),
  yesNo('cardiovascular', 'CARDIOVASCULAR', HALF_A_YEAR, 'Do you have a heart or vessel disease?'),
  yesNo('planned_surgery', 'SURGERY_PLANNED', THE_DAY, 'Is an operation or a general anaesthetic planned?'),
  yesNo(
    'body_image',
    'BDD',
    HALF_A_YEAR,
    'Does the body-image screen give a concern, or are expectations unrealistic?',
  ),
  yesNo('keloid', 'KELOID', HALF_A_YEAR, 'Do you form keloid scars?'),
  yesNo(
    'treatment_failure',
    'TREATMENT_FAILURE',
    HALF_A_YEAR,
    'Has an earlier treatment shown no improvement after a month?',
  ),
];

/** A questionnaire as it was once asked: kept answers name the edition. */
export interface Questionnaire {
  readonly version: number;
  readonly questions: readonly Question[];
}

/** Every edition, oldest first; one that was asked is never edited, a changed questionnaire is added behind it. */
export const SCREENING_EDITIONS: readonly Questionnaire[] = [
  { version: SCREENING_VERSION, questions: SCREENING },
];

/** The answers that still mean what is asked today: their question is there, with this meaning and this answer. */
export const stillAsked = <Given extends Answer>(answers: readonly Given[]): Given[] =>
  answers.filter(({ questionId, value, edition = SCREENING_VERSION }) =>
    SCREENING.some(
      ({ id, since, answers: known }) => id === questionId && since <= edition && known.includes(value),
    ),
  );

/** @throws UnknownQuestion, NotAnAnswer */
export function assertAnswer({ questionId, value }: Pick<Answer, 'questionId' | 'value'>): void {
  const question = SCREENING.find(({ id }) => id === questionId);
  if (!question) throw new UnknownQuestion({ questionId });
  if (!question.answers.includes(value)) throw new NotAnAnswer({ questionId, allowed: question.answers });
}

/** What an answer dates happened in the patient's life. @throws AnsweredDateImpossible */
export function assertDated(
  { questionId, lastOn }: { readonly questionId: string; readonly lastOn?: string },
  { birthDate, today }: { readonly birthDate: CalendarDate; readonly today: CalendarDate },
): void {
  if (lastOn !== undefined && (lastOn > today || lastOn < birthDate))
    throw new AnsweredDateImpossible({ questionId, lastOn });
}

export interface Freshness {
  readonly question: Question;
  readonly state: 'fresh' | 'stale' | 'unanswered';
  /** The latest answer given on or before the day. */
  readonly answer: Answer | null;
  readonly freshUntil: CalendarDate | null;
}

/** A clinic's own shelf lives in days by question id, where it differs. */
export type ShelfLives = Readonly<Record<string, number>>;

/**
 * How every question stands on a day: its latest answer (of the same day the last one listed) and whether it still
 * holds. Answers given later than the day do not count. @throws UnknownQuestion, NotAnAnswer
 */
export function freshness(
  answers: readonly Answer[],
  onDate: CalendarDate,
  shelfLives: ShelfLives = {},
): Freshness[] {
  for (const answer of answers) assertAnswer(answer);
  return SCREENING.map((question) => {
    const given = answers.filter(
      (answer) => answer.questionId === question.id && answer.answeredOn <= onDate,
    );
    const answer = given
      .toSorted((a, b) => (a.answeredOn < b.answeredOn ? -1 : a.answeredOn > b.answeredOn ? 1 : 0))
      .at(-1);
    if (!answer) return { question, state: 'unanswered', answer: null, freshUntil: null };
    const freshUntil = addDays(answer.answeredOn, shelfLives[question.id] ?? question.shelfLifeDays);
    return { question, state: onDate <= freshUntil ? 'fresh' : 'stale', answer, freshUntil };
  });
}
