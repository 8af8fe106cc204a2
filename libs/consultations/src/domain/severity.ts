import { ScaleUnknown, ScoreOffScale, SeverityRepeatsItself } from './consultations.errors.js';

/** A named scale for the severity of lines, with what each grade is called. */
export interface SeverityScale {
  readonly id: string;
  readonly name: string;
  /** Grade 0 first. */
  readonly grades: readonly string[];
}

/** The scales of the approval trials and the common photographic ones; a score without its scale says nothing. */
export const SEVERITY_SCALES: readonly SeverityScale[] = [
  {
    id: 'wrinkle-4',
    name: 'Facial wrinkle scale, four grades',
    grades: ['none', 'mild', 'moderate', 'severe'],
  },
  {
    id: 'merz-5',
    name: 'Merz aesthetics scale, five grades',
    grades: ['none', 'mild', 'moderate', 'severe', 'very severe'],
  },
  {
    id: 'platysma-5',
    name: 'Platysma prominence, five grades',
    grades: ['minimal', 'mild', 'moderate', 'severe', 'extreme'],
  },
  {
    id: 'masseter-5',
    name: 'Masseter prominence, five grades',
    grades: ['minimal', 'mild', 'moderate', 'marked', 'very marked'],
  },
];

/** How strong the lines of an area are, at rest and when the muscle contracts as far as it can. */
export interface SeverityScore {
  readonly area: string;
  readonly scale: string;
  readonly atRest: number;
  readonly atContraction: number;
}

/** @throws ScaleUnknown, ScoreOffScale, SeverityRepeatsItself */
export function assertScores(scores: readonly SeverityScore[]): void {
  const seen = new Set<string>();
  for (const { area, scale, atRest, atContraction } of scores) {
    const known = SEVERITY_SCALES.find(({ id }) => id === scale);
    if (!known) throw new ScaleUnknown({ scale, scales: SEVERITY_SCALES.map(({ id }) => id) });
    const most = known.grades.length - 1;
    if (Math.max(atRest, atContraction) > most) throw new ScoreOffScale({ area, scale, most });
    const key = `${area} ${scale}`;
    if (seen.has(key)) throw new SeverityRepeatsItself({ area, scale });
    seen.add(key);
  }
}
