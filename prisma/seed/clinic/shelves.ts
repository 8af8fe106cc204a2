import { addDays, type CalendarDate } from '#kernel';

import { Chance } from '../chance.js';
import type { Records } from '../rows.js';
import type { Clinic } from './clinic.js';
import type { Lot } from './stock.js';

const VIALS_A_SHELF = 4;

/** What is left of the lots, sealed, at every location; and the case of the lot that was recalled. */
export function shelve(
  { plan, locations, prescribers }: Clinic,
  lots: readonly Lot[],
  records: Records,
  today: CalendarDate,
): void {
  // A generator of its own, so that the year before stays what it was.
  const chance = new Chance(plan.seed + 1);
  const units = new Map(records.of('lot').map((lot) => [lot['id'], Number(lot['vial_units'])]));
  const staffId = prescribers[0];
  for (const lot of lots) {
    const receivedAt = new Date(`${lot.receivedOn}T09:00:00Z`);
    if (lot.usedUntil !== null) {
      const openedAt = new Date(`${addDays(lot.usedUntil, 1)}T08:30:00Z`);
      records.add('recall_case', {
        id: chance.id(openedAt),
        lot_id: lot.id,
        reason: 'Notice of the manufacturer: potency below specification',
        reference: 'EL(26)A/12',
        opened_at: openedAt,
        opened_by: staffId,
      });
    }
    if (lot.receivedOn < addDays(today, -200)) continue;
    for (const locationId of locations.keys()) {
      for (let nth = 0; nth < VIALS_A_SHELF; nth += 1) {
        const id = chance.id(receivedAt);
        records.add('vial', {
          id,
          lot_id: lot.id,
          location_id: locationId,
          content: (units.get(lot.id) ?? 100) * 100,
        });
        records.add('vial_movement', {
          id: chance.id(receivedAt),
          vial_id: id,
          kind: 'receive',
          to_location_id: locationId,
          at: receivedAt,
          staff_id: staffId,
        });
      }
    }
  }
}
