import type { CalendarDate } from '#kernel';
import type { RecordedTreatment, ReturnCycle } from './return-cycles.js';

/** What a report may ask of the treatment a cycle starts with. */
export interface TreatmentFacts extends RecordedTreatment {
  readonly practitionerId: string;
  readonly locationId: string;
  /** Each area treated, with each product used in it. */
  readonly doses: readonly { readonly area: string; readonly product: string }[];
}

/** Absent members ask nothing. `from` and `to` are the first and last day of the index treatment, both included. */
export interface ReturnFilter {
  readonly practitionerId?: string;
  readonly locationId?: string;
  readonly product?: string;
  readonly area?: string;
  readonly from?: CalendarDate;
  readonly to?: CalendarDate;
}

/** The filter with each of its members left out, and with all of them; the days are one member. */
export function widerThan(filter: ReturnFilter): readonly ReturnFilter[] {
  const { practitionerId, locationId, product, area, from, to } = filter;
  const byWhom = practitionerId === undefined ? {} : { practitionerId };
  const atPlace = locationId === undefined ? {} : { locationId };
  const ofProduct = product === undefined ? {} : { product };
  const ofArea = area === undefined ? {} : { area };
  const days = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  return [
    {},
    { ...atPlace, ...ofProduct, ...ofArea, ...days },
    { ...byWhom, ...ofProduct, ...ofArea, ...days },
    { ...byWhom, ...atPlace, ...ofArea, ...days },
    { ...byWhom, ...atPlace, ...ofProduct, ...days },
    { ...byWhom, ...atPlace, ...ofProduct, ...ofArea },
  ].filter((wider, i) => {
    const members = Object.keys(wider).length;
    return i === 0 || (members > 0 && members < Object.keys(filter).length);
  });
}

/**
 * Whether a cycle starts with a treatment of the kind asked for: one treatment of that day must meet all of it. In a
 * cycle of one area the product is the one used in that area. The return itself is never asked: coming back to another
 * practitioner, location or product is coming back.
 */
export function startsWith(filter: ReturnFilter, cycle: ReturnCycle<TreatmentFacts>): boolean {
  const { practitionerId, locationId, product, area, from, to } = filter;
  if (from !== undefined && cycle.treatedOn < from) return false;
  if (to !== undefined && cycle.treatedOn > to) return false;
  return cycle.treatments.some(
    (treatment) =>
      (practitionerId === undefined || treatment.practitionerId === practitionerId) &&
      (locationId === undefined || treatment.locationId === locationId) &&
      treatment.doses.some(
        (dose) =>
          (cycle.area === null || dose.area === cycle.area) &&
          (area === undefined || dose.area === area) &&
          (product === undefined || dose.product === product),
      ),
  );
}
