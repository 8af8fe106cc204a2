import { sql, type Tx } from '#database';
import type { WallTime } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { AppointmentTiming } from '../domain/appointment.js';
import type { OfferStatus } from './domain/waitlist-status.js';
import type { QuietHours } from './domain/offer-time.js';

/** An offer with the time it keeps. */
export interface OfferRow {
  readonly id: string;
  readonly entryId: string;
  readonly holdId: string;
  readonly status: OfferStatus;
  readonly expiresAt: Date;
  readonly patientId: string;
  readonly practitionerId: string;
  readonly locationId: string;
  readonly locationName: string;
  readonly zone: string;
  readonly startsAt: Date;
  readonly busyFrom: Date;
  readonly busyTo: Date;
}

export interface NewOffer {
  readonly id: string;
  readonly entryId: string;
  readonly holdId: string;
  readonly rank: number;
  readonly why: string;
  readonly offeredBy: string | null;
  readonly reason: string | null;
  readonly expiresAt: Date;
}

export interface OfferSettings {
  readonly offerMinutes: number;
  readonly noticeMinutes: number;
  readonly quiet: QuietHours;
}

const OFFERS = `
  SELECT o.id, o.entry_id AS "entryId", o.hold_id AS "holdId", o.status, o.expires_at AS "expiresAt",
         h.patient_id AS "patientId", h.practitioner_id AS "practitionerId", h.location_id AS "locationId",
         l.name AS "locationName", l.zone, h.starts_at AS "startsAt", h.busy_from AS "busyFrom", h.busy_to AS "busyTo"
    FROM waitlist_offer o
    JOIN appointment h ON h.clinic_id = o.clinic_id AND h.id = o.hold_id
    JOIN location l ON l.clinic_id = h.clinic_id AND l.id = h.location_id
   WHERE o.clinic_id = $1`;
const READ = sql(`${OFFERS} AND o.id = $2`);
const OPEN_OF = sql(`${OFFERS} AND o.entry_id = $2 AND o.status = 'open'`);
const OVERDUE = sql(`${OFFERS} AND o.status = 'open' AND o.expires_at <= $2 ORDER BY o.expires_at LIMIT 500`);
const ADD = sql(`
  INSERT INTO waitlist_offer (clinic_id, id, entry_id, hold_id, rank, why, offered_by, reason, offered_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`);
const END = sql(`
  UPDATE waitlist_offer SET status = $3, ended_at = $4 WHERE clinic_id = $1 AND id = $2 AND status = 'open'`);
const OF_HOLD = sql('SELECT id FROM waitlist_offer WHERE clinic_id = $1 AND hold_id = $2');
const SETTINGS = sql(`
  SELECT waitlist_offer_minutes AS "offerMinutes", booking_notice_minutes AS "noticeMinutes",
         quiet_from AS "quietFrom", quiet_to AS "quietTo" FROM clinic WHERE id = $1`);
const TIMING = sql(`
  SELECT duration_minutes AS "durationMinutes", buffer_before_minutes AS "bufferBeforeMinutes",
         buffer_after_minutes AS "bufferAfterMinutes" FROM appointment_type WHERE clinic_id = $1 AND id = $2 AND active`);
const ZONE = sql('SELECT zone FROM location WHERE clinic_id = $1 AND id = $2 AND active');

@Injectable()
export class WaitlistOffersRepository {
  read(tx: Tx, id: string): Promise<OfferRow | null> {
    return tx.maybe<OfferRow>(READ, [tx.clinicId, id]);
  }

  /** Not ended yet, its time up or not. */
  openOf(tx: Tx, entryId: string): Promise<OfferRow | null> {
    return tx.maybe<OfferRow>(OPEN_OF, [tx.clinicId, entryId]);
  }

  /** Whose time is up, and nobody has noted it. */
  overdue(tx: Tx): Promise<OfferRow[]> {
    return tx.rows<OfferRow>(OVERDUE, [tx.clinicId, tx.now]);
  }

  async add(tx: Tx, offer: NewOffer): Promise<void> {
    const { id, entryId, holdId, rank, why, offeredBy, reason, expiresAt } = offer;
    const values = [id, entryId, holdId, rank, why, offeredBy, reason, tx.now, expiresAt];
    await tx.run(ADD, [tx.clinicId, ...values]);
  }

  /** Whether it was open until now. */
  async end(tx: Tx, id: string, status: OfferStatus): Promise<boolean> {
    return (await tx.run(END, [tx.clinicId, id, status, tx.now])) === 1;
  }

  async ofHold(tx: Tx, holdId: string): Promise<string | null> {
    return (await tx.maybe<{ id: string }>(OF_HOLD, [tx.clinicId, holdId]))?.id ?? null;
  }

  async settings(tx: Tx): Promise<OfferSettings> {
    const row = await tx.one<{
      offerMinutes: number;
      noticeMinutes: number;
      quietFrom: WallTime;
      quietTo: WallTime;
    }>(SETTINGS, [tx.clinicId]);
    const { quietFrom, quietTo, ...settings } = row;
    return { ...settings, quiet: { from: quietFrom, to: quietTo } };
  }

  /** null: no such type, or no longer active. */
  timingOf(tx: Tx, typeId: string): Promise<AppointmentTiming | null> {
    return tx.maybe<AppointmentTiming>(TIMING, [tx.clinicId, typeId]);
  }

  /** null: no such location, or no longer active. */
  async zoneOf(tx: Tx, locationId: string): Promise<string | null> {
    return (await tx.maybe<{ zone: string }>(ZONE, [tx.clinicId, locationId]))?.zone ?? null;
  }
}
