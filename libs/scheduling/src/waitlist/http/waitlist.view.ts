import { type Priority } from '../domain/waitlist-match.js';
import { type WaitlistStatus } from '../domain/waitlist-status.js';

/** What is kept for the patient right now. */
export class OpenOfferView {
  id!: string;
  startsAt!: Date;
  endsAt!: Date;

  /** From then on it goes to the next. */
  expiresAt!: Date;

  practitionerId!: string;
  locationId!: string;
  roomId!: string | null;

  /** Place in the ranking; 0: the time is none the patient asked for. */
  rank!: number;

  /** @example Priority soon, waiting since 2026-11-02 10:15 */
  why!: string;
}

export class WaitlistEntryView {
  id!: string;
  patientId!: string;
  patientName!: string;
  typeId!: string;
  typeName!: string;

  /** Empty lists mean any. */
  practitionerIds!: string[];
  locationIds!: string[];
  weekdays!: number[];

  /** @example 16:00 */
  timeFrom!: string;
  timeTo!: string;

  /** @example 2026-12-01 */
  from!: string;
  to!: string;

  /** urgent, soon, routine */
  priority!: Priority;

  areaIds!: string[];
  replacesId!: string | null;
  note!: string | null;

  /** waiting, booked, left, lapsed */
  status!: WaitlistStatus;

  /** null: nothing is offered right now. */
  offer!: OpenOfferView | null;

  joinedBy!: string;
  joinedAt!: Date;

  /** Also the ETag. */
  version!: number;
}

export class WaitlistPage {
  items!: WaitlistEntryView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

export class WaitlistChangeView {
  version!: number;

  /** join, change, offer, accept, decline, expire-offer, leave, lapse */
  verb!: string;

  /** The status it made. */
  status!: string;

  at!: Date;

  /** null: it came about by itself. */
  staffId!: string | null;
  staffName!: string | null;
  reason!: string | null;
  offerId!: string | null;
}

export class WaitlistHistory {
  items!: WaitlistChangeView[];
}
