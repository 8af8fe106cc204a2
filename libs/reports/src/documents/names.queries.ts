import { areaOf, productOf, seedCatalogue } from '#catalogue';
import { asKnown, sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { Cut } from '../domain/courses/cuts.js';

const CLINIC = sql(`WITH ${asKnown(['clinic'], '$2')} SELECT name FROM clinic`);
const STAFF = sql(
  `WITH ${asKnown(['staff'], '$2')} SELECT id, display_name AS name FROM staff WHERE id = ANY ($3::uuid[])`,
);
const LOCATIONS = sql(
  `WITH ${asKnown(['location'], '$2')} SELECT id, name FROM location WHERE id = ANY ($3::uuid[])`,
);

/** What people called things at the time: a printed report speaks of Dr Okafor, not of an id. */
@Injectable()
export class NamesQueries {
  /** As known before an instant; a clinic founded later has no name yet. */
  async clinic(tx: Tx, before: Date): Promise<string> {
    return (await tx.maybe<{ name: string }>(CLINIC, [tx.clinicId, before]))?.name ?? '';
  }

  /** The names of a cut’s values as known before an instant; one without a name keeps what it is. */
  async of(tx: Tx, cut: Cut, values: readonly string[], before: Date): Promise<(value: string) => string> {
    const names = new Map<string, string>();
    const statement = cut === 'practitioner' ? STAFF : cut === 'location' ? LOCATIONS : undefined;
    if (statement !== undefined)
      for (const { id, name } of await tx.rows<{ id: string; name: string }>(statement, [
        tx.clinicId,
        before,
        values,
      ]))
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
