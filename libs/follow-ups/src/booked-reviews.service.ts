import { record } from '#audit';
import type { Tx } from '#database';
import { dateIn } from '#kernel';
import { type AppointmentEvent, AppointmentsService, blocksTime } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { BookedReviewsRepository } from './booked-reviews.repository.js';
import { followUpAfter } from './domain/follow-up-status.js';
import { reviewsAnswered } from './domain/review-booking.js';
import { FollowUpEvents } from './follow-up-events.port.js';

/** Keeps reviews and their bookings together: a booked review is not chased, a cancelled or missed one is again. */
@Injectable()
export class BookedReviews {
  constructor(
    private readonly reviews: BookedReviewsRepository,
    private readonly appointments: AppointmentsService,
    private readonly events: FollowUpEvents,
  ) {}

  /** What a change of an appointment means for the patient's reviews, in the same transaction. */
  async answer(tx: Tx, { appointmentId, patientId, kind, status, areaIds }: AppointmentEvent): Promise<void> {
    const linked = await this.reviews.bookedBy(tx, appointmentId);
    if (linked.length === 0 && kind !== 'review') return;
    const { startsAt, zone } = await this.appointments.requireAppointment(tx, appointmentId);
    const on = dateIn(startsAt, zone);
    const stands = kind === 'review' && blocksTime(status) && status !== 'held';
    const open = stands ? await this.reviews.bookable(tx, patientId) : [];
    const answered = reviewsAnswered([...linked, ...open], on, areaIds);
    const answers = stands ? answered : [];
    const freed = linked.filter(({ id }) => !answers.some((one) => one.id === id));
    // Confirmed or arrived on the same day is no news; a missed one still says which day it was booked for.
    const kept = answers.filter((review) => review.status !== 'booked' || review.bookedFor !== on);
    for (const review of freed) followUpAfter(review.status, 'cancel-booking');
    for (const review of kept) followUpAfter(review.status, 'book');
    await this.reviews.free(
      tx,
      freed.map(({ id }) => id),
    );
    await this.reviews.book(
      tx,
      kept.map(({ id }) => id),
      appointmentId,
      on,
    );
    for (const { id } of [...freed, ...kept]) {
      await record(tx, {
        action: 'follow-up.booking',
        entityId: id,
        patientId,
        detail: { appointmentId, status },
      });
    }
    await this.events.publish(tx, [
      ...freed.map(({ id }) => ({ what: 'freed' as const, followUpId: id, patientId })),
      ...kept.map(({ id }) => ({ what: 'booked' as const, followUpId: id, patientId })),
    ]);
  }
}
