import type { Tx } from '#database';
import { dateIn } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { SetUp, SetUpWanted } from '../diaries.queries.js';
import type { AppointmentKind } from '../domain/booking-rules.js';
import { AppointmentTypeNotFound, LocationNotFound } from '../domain/scheduling.errors.js';
import { ReviewDaysPort, TreatmentWindowsPort } from '../scheduling.ports.js';
import { type BookingHint, bookingHints } from './domain/booking-hints.js';
import { type Days, daysToSearch } from './domain/visit-days.js';
import { visitAsked } from './visit-days.queries.js';

/** A search for a visit, before its days are known. */
type Asked = Pick<SetUpWanted, 'locationId' | 'typeId'>;

/** When a patient should come for a kind of visit, and what would speak against it. */
@Injectable()
export class VisitDays {
  constructor(
    private readonly windows: TreatmentWindowsPort,
    private readonly reviews: ReviewDaysPort,
  ) {}

  /** @throws LocationNotFound, AppointmentTypeNotFound */
  async of(
    tx: Tx,
    { locationId, typeId }: Asked,
    patientId: string | null,
    areaIds: readonly string[],
  ): Promise<Days> {
    const { zone, kind } = await visitAsked(tx, locationId, typeId);
    if (zone === null) throw new LocationNotFound();
    if (kind === null) throw new AppointmentTypeNotFound();
    const asks = (about: AppointmentKind): string | null => (kind === about ? patientId : null);
    const [treated, reviewed] = [asks('treatment'), asks('review')];
    return daysToSearch({
      kind,
      today: dateIn(tx.now, zone),
      windows: treated === null ? [] : await this.windows.read(tx, treated, areaIds),
      reviews: reviewed === null ? [] : await this.reviews.read(tx, reviewed, areaIds),
    });
  }

  /** Of the first day searched, or of today when that is later. */
  async hints(
    tx: Tx,
    { market, location, type, patient: found }: SetUp,
    from: Days['from'],
    areaIds: readonly string[],
  ): Promise<BookingHint[]> {
    if (!location || !type || !found) return [];
    const { survivor = null, ...own } = found;
    const patient = survivor ?? own;
    const today = dateIn(tx.now, location.zone);
    const windows = type.kind === 'treatment' ? await this.windows.read(tx, patient.id, areaIds) : [];
    return bookingHints({ market, type, patient, windows, on: from > today ? from : today });
  }
}
