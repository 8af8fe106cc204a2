import { areaOf, productOf, seedCatalogue } from '#catalogue';
import { sql, type Tx } from '#database';
import { StaffService } from '#identity';
import { Injectable } from '@nestjs/common';

import type { Cut } from '../domain/courses/cuts.js';

const CLINIC = sql('SELECT name FROM clinic_name WHERE clinic_id = $1');
const LOCATIONS = sql(
  'SELECT location_id AS id, name FROM clinic_location WHERE clinic_id = $1 ORDER BY location_id',
);

/** What people call things: a printed report speaks of Dr Okafor, not of an id. */
@Injectable()
export class NamesQueries {
  constructor(private readonly staff: StaffService) {}

  async clinic(tx: Tx): Promise<string> {
    return (await tx.one<{ name: string }>(CLINIC, [tx.clinicId])).name;
  }

  /** The names of a cut’s values; one without a name keeps what it is. */
  async of(tx: Tx, cut: Cut, values: readonly string[]): Promise<(value: string) => string> {
    const names = new Map<string, string>();
    if (cut === 'practitioner')
      for (const { id, displayName } of await this.staff.find(tx, values)) names.set(id, displayName);
    if (cut === 'location')
      for (const { id, name } of await tx.rows<{ id: string; name: string }>(LOCATIONS, [tx.clinicId]))
        names.set(id, name);
    return (value) => names.get(value) ?? plainName(cut, value);
  }
}

function plainName(cut: Cut, value: string): string {
  if (cut === 'area') return nameIn(() => areaOf(seedCatalogue(), value).name, value);
  if (cut === 'product' || cut === 'first-product')
    return nameIn(() => productOf(seedCatalogue(), value).inn, value);
  return value;
}

/** A product or area that has left the catalogue is still in the records. */
function nameIn(look: () => string, otherwise: string): string {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
