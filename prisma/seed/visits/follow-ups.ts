import { protocolFor, type ProtocolFigures } from '#catalogue';
import { assessOutcome, planFollowUps, type AreaResult, type Outcome } from '#follow-ups';
import type { CalendarDate } from '#kernel';

import type { Booking } from './appointments.js';
import type { Year } from './courses.js';
import type { Person } from '../clinic/people.js';

export interface Review {
  readonly booking: Booking | null;
  readonly on: CalendarDate | null;
  /** Areas in which more was advised. */
  readonly touchUp: readonly string[];
}

/** Writes what signing planned (the same rules decide it), and how it stands today. */
export function planReviews(
  year: Year,
  person: Person,
  { product, areas }: { readonly product: string; readonly areas: readonly string[] },
  { treatmentId, on, by }: { readonly treatmentId: string; readonly on: CalendarDate; readonly by: string },
  review: Review,
): void {
  const { chance, records, clinic, catalogue, today } = year;
  const figures = (ofProduct: string, area: string): ProtocolFigures =>
    protocolFor(catalogue, { market: clinic.plan.market, product: ofProduct, area });
  const treated = areas.map((area) => ({ area, product, kind: 'full' as const }));
  const nonResponseDay = Math.max(...areas.map((area) => figures(product, area).nonResponse.day));
  const done = review.booking?.status === 'fulfilled' && review.on !== null ? review.on : null;
  const toCome = review.booking !== null && ['booked', 'confirmed'].includes(review.booking.status);
  for (const plan of planFollowUps(on, treated, figures)) {
    const isReview = plan.kind === 'review';
    const status =
      isReview && done
        ? 'completed'
        : !isReview && done
          ? 'waived'
          : isReview && toCome
            ? 'booked'
            : plan.dueTo < today
              ? 'missed'
              : 'due';
    const outcome =
      status === 'completed' && done
        ? outcomeOf(year, { on, areas: plan.areas, nonResponseDay }, done, review.touchUp)
        : null;
    const at = new Date(`${on}T18:00:00Z`);
    records.add('follow_up', {
      id: chance.id(at),
      patient_id: person.id,
      treatment_id: treatmentId,
      practitioner_id: by,
      kind: plan.kind,
      treated_on: on,
      non_response_day: nonResponseDay,
      rule_ids: plan.ruleIds,
      area_ids: plan.areas,
      due_from: plan.dueFrom,
      due_to: plan.dueTo,
      status,
      status_reason: status === 'waived' ? 'A full response was seen at the review' : null,
      appointment_id: isReview && (done || toCome) ? (review.booking?.id ?? null) : null,
      outcome,
      completed_on: outcome === null ? null : done,
      completed_by: outcome === null ? null : (review.booking?.place.practitionerId ?? null),
      version: status === 'due' ? 1 : 2,
      created_at: at,
      updated_at: at,
    });
  }
}

function outcomeOf(
  { chance }: Year,
  followUp: { readonly on: CalendarDate; readonly areas: readonly string[]; readonly nonResponseDay: number },
  reviewedOn: CalendarDate,
  touchUp: readonly string[],
): object {
  const areas = followUp.areas.map((area): Outcome['areas'][number] => {
    const more = touchUp.includes(area);
    const result: AreaResult = more ? 'partial' : 'full';
    return { area, result, touchUp: more ? 'advised' : 'not-needed' };
  });
  const satisfaction: Outcome['satisfaction'] = touchUp.length > 0 ? 3 : chance.one([4, 5, 5] as const);
  const given = { reviewedOn, areas, satisfaction, adverseEventIds: [] };
  const { nonResponse, tooSoonToTell, touchUps } = assessOutcome(given, {
    treatedOn: followUp.on,
    ...followUp,
  });
  return { areas, satisfaction, note: null, nonResponse, tooSoonToTell, touchUps, pathway: [] };
}
