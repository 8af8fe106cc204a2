import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { Departure } from './domain/return-cycles.js';
import type { TreatmentFacts } from './domain/return-filter.js';

// A cursor, so that a chain with years of treatments is read in one snapshot without ever standing whole in memory.
const OPEN = sql(`
  DECLARE return_treatments NO SCROLL CURSOR FOR
  SELECT treatment_id AS "treatmentId", patient_id AS "patientId", practitioner_id AS "practitionerId",
         location_id AS "locationId", treated_on AS "treatedOn", signed_on AS "signedOn",
         withdrawn_on AS "withdrawnOn", areas, products
    FROM recorded_treatment WHERE clinic_id = $1 AND treated_on <= $2
   ORDER BY patient_id`);
const FETCH = sql('FETCH 5000 FROM return_treatments');
const CLOSE = sql('CLOSE return_treatments');

const DEPARTURES = sql(`
  SELECT patient_id AS "patientId", cause AS reason, left_on AS "leftOn",
         (recorded_at AT TIME ZONE $2)::date AS "recordedOn"
    FROM patient_departure WHERE clinic_id = $1`);

const ZONES = sql(
  'SELECT location_id AS "locationId", zone FROM clinic_location WHERE clinic_id = $1 ORDER BY location_id',
);

interface TreatmentRow extends Omit<TreatmentFacts, 'kind' | 'doses'> {
  /** One entry for each product used in an area, beside it in `products`. */
  readonly areas: readonly string[];
  readonly products: readonly string[];
}

/** What reports read of the records: views only, as rows of the columns the figures need. */
@Injectable()
export class ReturnRateQueries {
  /** Signed full treatments up to a day, withdrawn ones too, all of a patient in one batch. */
  async *treatments(tx: Tx, upTo: CalendarDate): AsyncGenerator<readonly TreatmentFacts[]> {
    await tx.run(OPEN, [tx.clinicId, upTo]);
    let kept: TreatmentFacts[] = [];
    for (;;) {
      const rows = await tx.rows<TreatmentRow>(FETCH);
      if (rows.length === 0) break;
      const unfinished = rows.at(-1)?.patientId;
      const read = [...kept, ...rows.map(factsOf)];
      kept = read.filter(({ patientId }) => patientId === unfinished);
      yield read.filter(({ patientId }) => patientId !== unfinished);
    }
    await tx.run(CLOSE);
    yield kept;
  }

  /** Patients who died or moved away; the register has no zone of its own, so the day it was recorded is `zone`'s. */
  departures(tx: Tx, zone: string): Promise<Departure[]> {
    return tx.rows<Departure>(DEPARTURES, [tx.clinicId, zone]);
  }

  /** Every location with its zone, the clinic's first one first. */
  locations(tx: Tx): Promise<{ locationId: string; zone: string }[]> {
    return tx.rows(ZONES, [tx.clinicId]);
  }
}

const factsOf = ({ areas, products, ...row }: TreatmentRow): TreatmentFacts => ({
  ...row,
  kind: 'full',
  areas,
  doses: areas.map((area, i) => ({ area, product: products[i] ?? '' })),
});
