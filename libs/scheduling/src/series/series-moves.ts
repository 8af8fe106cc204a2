import type { Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { AppointmentRow } from '../appointments.repository.js';
import type { Bookable } from '../booking-decision.js';
import { BookingService } from '../booking.service.js';
import { TakingTime } from '../taking-time/taking-time.js';

/** Moves visits of a series together, where one may take what another leaves. */
@Injectable()
export class SeriesMoves {
  constructor(
    private readonly booking: BookingService,
    private readonly time: TakingTime,
  ) {}

  /** Those that stay as they are get no line of history. */
  async move(
    tx: Tx,
    seriesId: string,
    moves: readonly {
      readonly present: AppointmentRow;
      readonly bookable: Bookable;
      readonly roomId: string | null;
    }[],
    reason: string | null,
  ): Promise<void> {
    const real = moves.filter(({ present, bookable: { place }, roomId }) => {
      const same = place.startsAt.getTime() === present.startsAt.getTime() && place.typeId === present.typeId;
      return !same || place.practitionerId !== present.practitionerId || roomId !== present.roomId;
    });
    await this.time.standAside(
      tx,
      real.map(({ present }) => present.id),
    );
    for (const { present, bookable, roomId } of real)
      await this.booking.move(tx, present, bookable, { roomId, doubleBooking: null }, { reason, seriesId });
  }
}
