import type { Tx } from '#database';
import { dateIn } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { SetUp, SetUpWanted } from '../diaries.queries.js';
import type { AppointmentKind, TreatmentWindow } from '../domain/booking-rules.js';
import { AppointmentTypeNotFound, LocationNotFound } from '../domain/scheduling.errors.js';
import { ReviewDaysPort, TreatmentWindowsPort } from '../scheduling.ports.js';
import { type BookingHint, bookingHints } from './domain/booking-hints.js';
import { type Days, daysToSearch } from './domain/visit-days.js';
import { VisitDaysQueries } from './visit-days.queries.js';

/** A search for a visit, before its days are known. */
type Asked = Pick<SetUpWanted, 'locationId' | 'typeId'>;

/** The days to search; with the windows they were found by, of a treatment. */
export interface VisitDaysFound extends Days {
  readonly windows?: readonly TreatmentWindow[];
}

/** When a patient should come for a kind of visit, and what would speak against it. */
@Injectable()
export class VisitDays {
  constructor(
    private readonly queries: VisitDaysQueries,
    private readonly windows: TreatmentWindowsPort,
    private readonly reviews: ReviewDaysPort,
  ) {}

  /** @throws LocationNotFound, AppointmentTypeNotFound */
  async of(
    tx: Tx,
    { locationId, typeId }: Asked,
    patientId: string | null,
    areaIds: readonly string[],
  ): Promise<VisitDaysFound> {
    const { zone, kind } = await this.queries.asked(tx, locationId, typeId);
    if (zone === null) throw new LocationNotFound();
    if (kind === null) throw new AppointmentTypeNotFound();
    const asks = (about: AppointmentKind): string | null => (kind === about ? patientId : null);
    const [treated, reviewed] = [asks('treatment'), asks('review')];
    const windows = treated === null ? [] : await this.windows.read(tx, treated, areaIds);
    const reviews = reviewed === null ? [] : await this.reviews.read(tx, reviewed, areaIds);
    const days = daysToSearch({ kind, today: dateIn(tx.now, zone), windows, reviews });
    return { ...days, windows };
  }

  /** Of the first day searched, or of today when that is later. */
  async hints(
    tx: Tx,
    { market, location, type, patient }: SetUp,
    { from, windows: found }: VisitDaysFound,
    areaIds: readonly string[],
  ): Promise<BookingHint[]> {
    if (!location || !type || !patient) return [];
    const today = dateIn(tx.now, location.zone);
    const windows =
      type.kind === 'treatment' ? (found ?? (await this.windows.read(tx, patient.id, areaIds))) : [];
    return bookingHints({ market, type, patient, windows, on: from > today ? from : today });
  }
}
