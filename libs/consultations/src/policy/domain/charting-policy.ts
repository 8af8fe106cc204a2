import type { Market } from '#catalogue';
import { addDays, type CalendarDate } from '#kernel';

import { SCREENING, type ShelfLives } from '../../domain/screening.js';
import { CoolingOff, PolicyBelowMarket, UnknownQuestion } from '../../domain/consultations.errors.js';

/** What is asked beyond the safety rules before a patient is treated. */
export interface ChartingPolicy {
  /** Days an answer holds, by question, where it differs from the questionnaire. */
  readonly shelfLives: ShelfLives;
  /** Hours between the signed consent and the treatment. */
  readonly coolingOffHours: number;
  /** Whether a clearance must name the prescriber who saw the patient in person. */
  readonly faceToFaceRequired: boolean;
  /** Days that meeting may lie back; null: as long as a clearance holds. */
  readonly faceToFaceDays: number | null;
}

/** Where the market leaves it to the clinic, nothing more is asked (face to face in the UK: sources S71 and S72). */
export const MARKET_POLICIES: Readonly<Record<Market, ChartingPolicy>> = {
  US: { shelfLives: {}, coolingOffHours: 0, faceToFaceRequired: false, faceToFaceDays: null },
  EU: { shelfLives: {}, coolingOffHours: 0, faceToFaceRequired: false, faceToFaceDays: null },
  UK: { shelfLives: {}, coolingOffHours: 0, faceToFaceRequired: true, faceToFaceDays: null },
  CH: { shelfLives: {}, coolingOffHours: 0, faceToFaceRequired: false, faceToFaceDays: null },
};

/**
 * A clinic asks as much as its market or more: what is asked on the day stays so, and a prescriber the market wants to
 * meet the patient does. @throws UnknownQuestion, PolicyBelowMarket
 */
export function assertPolicy(policy: ChartingPolicy, market: Market): void {
  for (const [questionId, days] of Object.entries(policy.shelfLives)) {
    const question = SCREENING.find(({ id }) => id === questionId);
    if (!question) throw new UnknownQuestion({ questionId });
    if (question.shelfLifeDays === 0 && days > 0) throw new PolicyBelowMarket({ questionId, most: 0 });
  }
  if (MARKET_POLICIES[market].faceToFaceRequired && !policy.faceToFaceRequired)
    throw new PolicyBelowMarket({ setting: 'faceToFaceRequired', market });
}

/** Refuses to treat before the patient had the time to reflect that the clinic gives. @throws CoolingOff */
export function assertReflected(
  { coolingOffHours }: Pick<ChartingPolicy, 'coolingOffHours'>,
  consentedAt: string | null,
  treatedAt: Date,
): void {
  if (coolingOffHours === 0) return;
  const until = consentedAt === null ? null : new Date(Date.parse(consentedAt) + coolingOffHours * 3_600_000);
  if (until === null || treatedAt < until) {
    throw new CoolingOff({ coolingOffHours, consentedAt, until: until?.toISOString() ?? null });
  }
}

/** The first day a meeting in person may lie on, for a clearance decided on the day. */
export const oldestMeeting = (
  { faceToFaceDays }: Pick<ChartingPolicy, 'faceToFaceDays'>,
  decidedOn: CalendarDate,
  clearanceDays: number,
): CalendarDate => addDays(decidedOn, -(faceToFaceDays ?? clearanceDays));
