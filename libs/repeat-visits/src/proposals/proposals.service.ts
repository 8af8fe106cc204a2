import { record } from '#audit';
import { CatalogueService, type PublishedCatalogue } from '#catalogue';
import { Database } from '#database';
import { InvalidInput } from '#http';
import type { RequestActor } from '#identity';
import { addDays, type CalendarDate, latest } from '#kernel';
import { AvailabilityService, type AvailabilityView } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { type ProposedVisit, proposeVisits, type VisitProposals } from '../domain/visit-proposals.js';
import { type AssessedArea, AssessedPatients } from '../assessed-patients.js';
import { reasonView } from '../http/repeat-visits.views.js';
import type { CombinableView, FindProposals, PatientProposalsView } from './http/proposals.dto.js';
import { conflictView, visitView } from './http/proposals.views.js';

/** As many days as one search may span. */
const LONGEST_SEARCH_DAYS = 60;

interface Proposed {
  readonly assessedOn: CalendarDate;
  readonly catalogue: PublishedCatalogue;
  readonly proposals: VisitProposals;
  readonly leftOut: readonly AssessedArea[];
  readonly combinable: CombinableView[];
}

/** The fewest visits for everything a patient is to come for, each bookable at once. */
@Injectable()
export class ProposalsService {
  constructor(
    private readonly database: Database,
    private readonly catalogue: CatalogueService,
    private readonly assessed: AssessedPatients,
    private readonly availability: AvailabilityService,
  ) {}

  /**
   * Visits for the areas nobody should be kept from asking about, with free times inside each where a place and a type are
   * named. @throws PatientNotFound, AssessedBeforeTreatment, InvalidInput, LocationNotFound, AppointmentTypeNotFound, StaffNotFound
   */
  async ofPatient(
    actor: RequestActor,
    patientId: string,
    query: FindProposals,
  ): Promise<PatientProposalsView> {
    assertPlaceWhole(query);
    const { assessedOn, catalogue, proposals, leftOut, combinable } = await this.#propose(
      actor,
      patientId,
      query.assessedOn,
    );
    // One after the other: each search is a transaction of its own, and one request should not take several connections.
    const visits: PatientProposalsView['visits'] = [];
    for (const visit of proposals.visits)
      visits.push({
        ...visitView(catalogue, visit),
        availability: await this.#times(actor, patientId, visit, query),
      });
    return {
      patientId,
      assessedOn,
      visits,
      conflicts: proposals.conflicts.map((conflict) => conflictView(catalogue, conflict)),
      withoutDates: [...proposals.withoutDates],
      leftOut: leftOut.map(({ area, reasons }) => ({ area: area.area, reasons: reasons.map(reasonView) })),
      combinable,
    };
  }

  #propose(actor: RequestActor, patientId: string, on: string | undefined): Promise<Proposed> {
    return this.database.read(actor, async (tx) => {
      const found = await this.assessed.of(tx, patientId, on);
      const catalogue = await this.catalogue.current(tx);
      await record(tx, { action: 'repeat-visits.read', entityId: patientId, patientId });
      const asked = found.areas.filter(({ listed }) => listed);
      const toVisit = asked.map(({ area, notBefore }) => ({ ...area, notBefore }));
      return {
        assessedOn: found.assessedOn,
        catalogue,
        proposals: proposeVisits(toVisit, found.assessedOn),
        leftOut: found.areas.filter(({ listed }) => !listed),
        combinable: found.bookings.flatMap(({ appointmentId, on: day, areas }) => {
          const also = asked.filter(({ area, notBefore }) => {
            const from =
              area.recommendedFrom && latest(area.recommendedFrom, notBefore ?? area.recommendedFrom);
            const inside =
              from !== null && from <= day && (area.recommendedTo === null || day <= area.recommendedTo);
            return inside && !areas.includes(area.area);
          });
          return also.length === 0
            ? []
            : [{ appointmentId, on: day, areas: also.map(({ area }) => area.area) }];
        }),
      };
    });
  }

  /** A long visit is searched around its best day. */
  async #times(
    actor: RequestActor,
    patientId: string,
    { from, to, date, areas }: ProposedVisit,
    { locationId, typeId, practitionerId, slots }: FindProposals,
  ): Promise<AvailabilityView | null> {
    if (locationId === undefined || typeId === undefined) return null;
    const first = latest(from, addDays(date, 1 - LONGEST_SEARCH_DAYS / 2));
    const last = addDays(first, LONGEST_SEARCH_DAYS - 1);
    return this.availability.search(actor, {
      locationId,
      typeId,
      ...(practitionerId === undefined ? {} : { practitionerId }),
      patientId,
      areaIds: [...areas],
      from: first,
      to: to !== null && to < last ? to : last,
      stepMinutes: 15,
      limit: slots,
    });
  }
}

/** @throws InvalidInput when only one of place and type is named */
function assertPlaceWhole({ locationId, typeId }: FindProposals): void {
  if ((locationId === undefined) === (typeId === undefined)) return;
  const missing = locationId === undefined ? 'locationId' : 'typeId';
  throw new InvalidInput([
    { pointer: `/${missing}`, in: 'query', detail: 'Free times need both a location and a type' },
  ]);
}
