import { indicationOf } from '#catalogue';
import { canonicalJson, textHash } from '#kernel';
import { signedContent, type SignedInjection } from '#treatments';

import type { Booking } from './appointments.js';
import { unitsPerPoint, type Charting, type Session } from './consultations.js';
import { pointsOf } from './face.js';
import type { Person } from '../clinic/people.js';
import { lotFor } from '../clinic/stock.js';

const NEEDLE = '32G 4 mm';
const MEANING = 'I gave this treatment as recorded';

/** Writes a treatment with its injections at label doses, to be locked by `signature` once all rows are in. */
export function treat(
  { chance, records, clinic, catalogue, lots }: Charting,
  person: Person,
  { id: appointmentId, place }: Booking,
  session: Session,
  clearanceId: string,
): string {
  const { product, areas, on, completesId } = session;
  const begun = new Date(place.startsAt.getTime() + 12 * 60_000);
  const signedAt = place.endsAt;
  const id = chance.id(begun);
  const lot = lotFor(lots, product, on, chance);
  const kind = completesId === null ? 'full' : 'touch-up';
  const injections = areas.flatMap((area): SignedInjection[] => {
    const units = unitsPerPoint(catalogue, product, area);
    const indication = indicationOf(catalogue, product, area);
    const points = completesId === null ? pointsOf(area) : pointsOf(area).slice(-1);
    const volumeMl =
      indication?.volumeMl && indication.points
        ? Math.round((indication.volumeMl / indication.points) * 10_000) / 10_000
        : null;
    return points.map(({ muscle, side, x, y }) => ({
      id: chance.id(begun),
      area,
      muscle,
      side,
      x,
      y,
      depth: 'intramuscular',
      needle: NEEDLE,
      product,
      lotId: lot.id,
      lotNumber: lot.number,
      units,
      volumeMl,
    }));
  });
  const name = clinic.nameOf.get(place.practitionerId) ?? '';
  const content = {
    id,
    patientId: person.id,
    practitionerId: place.practitionerId,
    locationId: place.locationId,
    appointmentId,
    clearanceId,
    treatedOn: on,
    kind,
    completesId,
    amendsId: null,
    amendReason: null,
    note: null,
    record: {
      identityChecked: completesId === null ? 'photo-id' : 'known-to-clinic',
      historyConfirmed: true,
      anaesthesia: 'none',
      immediateReaction: 'none',
      aftercareVersion: '2026-01',
      reviewChoice: completesId === null ? 'offered' : null,
      photosBefore: 'taken',
      windowShown: true,
      gpLetter: clinic.plan.market === 'UK' ? 'declined' : null,
    },
    catalogueVersion: catalogue.release,
    injections,
    doseFindings: [],
    signedAt: signedAt.toISOString(),
    signedBy: place.practitionerId,
    signedName: name,
    signedMeaning: MEANING,
  };
  records.add('treatment', {
    id,
    patient_id: person.id,
    practitioner_id: place.practitionerId,
    location_id: place.locationId,
    appointment_id: appointmentId,
    clearance_id: clearanceId,
    treated_on: on,
    kind,
    completes_id: completesId,
    identity_checked: content.record.identityChecked,
    history_confirmed: true,
    anaesthesia: 'none',
    immediate_reaction: 'none',
    aftercare_version: content.record.aftercareVersion,
    review_choice: content.record.reviewChoice,
    photos_before: 'taken',
    window_shown: true,
    gp_letter: content.record.gpLetter,
    catalogue_version: catalogue.release,
    created_at: begun,
    updated_at: begun,
  });
  for (const { id: injectionId, area, muscle, side, x, y, depth, units, volumeMl } of injections) {
    records.add('injection', {
      id: injectionId,
      treatment_id: id,
      area_id: area,
      muscle,
      side,
      x,
      y,
      depth,
      needle: NEEDLE,
      product_id: product,
      lot_id: lot.id,
      units,
      volume_ml: volumeMl,
    });
  }
  const text = canonicalJson(signedContent(content));
  const contentHash = textHash(text);
  records.add('signature', {
    id,
    signed_at: signedAt,
    signed_by: place.practitionerId,
    signed_name: name,
    signed_meaning: MEANING,
    content_hash: contentHash,
  });
  records.add('signed_record', {
    kind: 'treatment',
    record_id: id,
    content: text,
    content_hash: contentHash,
    signed_at: signedAt,
  });
  return id;
}
