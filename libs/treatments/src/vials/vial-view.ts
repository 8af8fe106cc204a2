import { marketOf, productOf, type Catalogue } from '#catalogue';
import { DomainError, dateIn } from '#kernel';

import { unitsOf } from '../domain/dose/dose.js';
import { assertUsable } from '../domain/lot.js';
import { isOnLabel, unitsPerTenthMl, DILUENTS } from './domain/reconstitution.js';
import { assertOpen, claimed, freeIn, leftIn } from './domain/vial.js';
import type { VialView } from './http/vial.view.js';
import type { VialRow } from './vials.repository.js';

/** A vial as people see it: its balance in units, how it is made up, and why nothing can be drawn from it, if so. */
export function viewOf(row: VialRow, catalogue: Catalogue, market: string, at: Date): VialView {
  const { id, lotId, lotNumber, product, expiresOn, lotStatus, locationId, serial, status, ml, claims } = row;
  const { openedAt, openedBy, diluent, diluentLot, dilutionReason, useBy, singlePatient, patientId } = row;
  return {
    id,
    lotId,
    lotNumber,
    product,
    expiresOn,
    lotStatus,
    locationId,
    serial,
    status,
    contentUnits: unitsOf(row.content),
    drawnUnits: unitsOf(row.drawn),
    wastedUnits: unitsOf(row.wasted),
    leftUnits: unitsOf(leftIn(row)),
    chartedUnits: unitsOf(claimed(claims)),
    freeUnits: unitsOf(freeIn(row, claims)),
    openedAt,
    openedBy,
    diluent,
    diluentLot,
    ml,
    unitsPerTenthMl: ml === null ? null : unitsPerTenthMl(row.vialUnits, ml),
    dilutionOnLabel: onLabel(row, catalogue, market),
    dilutionReason,
    useBy,
    singlePatient,
    patientId,
    refusedBecause: refusedBecause(row, at),
  };
}

function onLabel(
  { product, vialUnits, diluent, ml }: VialRow,
  catalogue: Catalogue,
  market: string,
): boolean | null {
  const known = DILUENTS.find((one) => one === diluent);
  if (ml === null || known === undefined) return null;
  return isOnLabel(productOf(catalogue, product), vialUnits, marketOf(market), { diluent: known, ml });
}

function refusedBecause(row: VialRow, at: Date): string | null {
  try {
    assertLotUsable(row, at);
    assertOpen(row, at);
    return leftIn(row) === 0 ? 'vial_overdrawn' : null;
  } catch (error) {
    if (error instanceof DomainError) return error.spec.code;
    throw error;
  }
}

/** @throws LotExpired, LotNotUsable */
export function assertLotUsable({ lotId, product, expiresOn, lotStatus, zone }: VialRow, at: Date): void {
  assertUsable({ id: lotId, product, expiresOn, status: lotStatus }, product, dateIn(at, zone), true);
}
