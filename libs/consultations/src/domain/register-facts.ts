import type { CalendarDate } from '#kernel';
import type { Answer } from './screening.js';

/** An entry of the patient's register. */
export interface RegisterFact {
  readonly kind: string;
  readonly text: string;
  readonly code: string | null;
}

/** Toxin given elsewhere, as the register has it. */
export interface RegisterToxin {
  readonly givenOn: CalendarDate;
  readonly indication: string;
}

export interface RegisterAnswer extends Answer {
  /** The entry that speaks here, in its own words. */
  readonly register: string;
}

interface Reading {
  readonly questionId: string;
  readonly value: string;
  readonly kinds: readonly string[];
  readonly words: RegExp;
  /** ICD-10 and ICD-10-CM. */
  readonly codes?: RegExp;
}

const READINGS: readonly Reading[] = [
  {
    questionId: 'cow_milk_allergy',
    value: 'yes',
    kinds: ['allergy'],
    words: /\bmilk\b|\bcasein\b/i,
    codes: /^Z91\.?011/,
  },
  { questionId: 'albumin', value: 'allergy', kinds: ['allergy'], words: /\balbumin\b/i },
  { questionId: 'hypersensitivity', value: 'yes', kinds: ['allergy'], words: /botulinum|\bbotox\b|dysport/i },
  {
    questionId: 'neuromuscular_disease',
    value: 'yes',
    kinds: ['condition'],
    words: /myasthen|lambert.?eaton|neuromuscular/i,
    codes: /^G70|^G73\.?1|^G73\.?3/,
  },
  {
    questionId: 'als',
    value: 'yes',
    kinds: ['condition'],
    words: /amyotrophic|motor neuron|motor neuropath/i,
    codes: /^G12\.?2/,
  },
  {
    questionId: 'dysphagia_breathing',
    value: 'yes',
    kinds: ['condition'],
    words: /dysphagi/i,
    codes: /^R13/,
  },
  { questionId: 'keloid', value: 'yes', kinds: ['condition'], words: /\bkeloid/i, codes: /^L91\.?0/ },
  {
    questionId: 'dry_eye',
    value: 'yes',
    kinds: ['condition'],
    words: /\bdry eye|keratoconjunctivitis sicca/i,
    codes: /^H04\.?12/,
  },
  {
    questionId: 'body_image',
    value: 'yes',
    kinds: ['condition'],
    words: /dysmorphi/i,
    codes: /^F45\.?22/,
  },
  {
    questionId: 'aminoglycosides',
    value: 'yes',
    kinds: ['medication'],
    words: /gentamicin|tobramycin|amikacin|streptomycin|neomycin|spectinomycin|kanamycin/i,
  },
  {
    questionId: 'bleeding',
    value: 'yes',
    kinds: ['medication', 'condition'],
    words:
      /warfarin|apixaban|rivaroxaban|dabigatran|edoxaban|heparin|clopidogrel|ticagrelor|aspirin|h[ae]+mophili/i,
    codes: /^D6[6-9]/,
  },
];

/**
 * What the register says to the screening's questions on a day. It is asked beside the patient: an allergy once noted
 * is not undone by a "no" on a form, only by ending the entry.
 */
export function registerAnswers(
  facts: readonly RegisterFact[],
  toxins: readonly RegisterToxin[],
  onDate: CalendarDate,
): RegisterAnswer[] {
  const spoken = facts.flatMap(({ kind, text, code }) =>
    READINGS.filter(
      ({ kinds, words, codes }) =>
        kinds.includes(kind) && (words.test(text) || (code !== null && codes?.test(code) === true)),
    ).map(({ questionId, value }) => ({ questionId, value, answeredOn: onDate, register: text })),
  );
  const last = toxins
    .filter(({ givenOn }) => givenOn <= onDate)
    .toSorted((a, b) => (a.givenOn < b.givenOn ? -1 : 1))
    .at(-1);
  if (!last) return spoken;
  const toxin = { questionId: 'other_toxin', value: 'yes', answeredOn: onDate, lastOn: last.givenOn };
  return [...spoken, { ...toxin, register: last.indication }];
}
