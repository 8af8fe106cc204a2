import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { LocalTimeDoesNotExist, LocalTimeIsAmbiguous, NotACalendarDate } from '#kernel';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { ABSENT, BARS_THE_PATIENT, BOOKING_REFUSALS } from '../../booking-refusals.js';
import {
  HoldNotFound,
  HoldOver,
  LocationNotFound,
  RoomNotFound,
  SpanInverted,
} from '../../domain/scheduling.errors.js';
import {
  OfferOver,
  OfferStillOpen,
  OfferTooLate,
  OutOfRankNeedsReason,
  WaitlistEntryNotFound,
  WaitlistOfferNotFound,
  WaitlistTransitionRefused,
} from '../domain/waitlist.errors.js';
import { WaitlistAnswersService } from '../waitlist-answers.service.js';
import { WaitlistOffersService } from '../waitlist-offers.service.js';
import { AcceptedOffer, DeclineOffer, FindMatches, MakeOffer, MatchList } from './waitlist-offer.dto.js';
import { WaitlistEntryView } from './waitlist.view.js';

const ANSWER = [WaitlistOfferNotFound, OfferOver, HoldOver, HoldNotFound, WaitlistTransitionRefused];

@ApiTags('waitlist')
@Controller()
export class WaitlistOffersController {
  constructor(
    private readonly offers: WaitlistOffersService,
    private readonly answers: WaitlistAnswersService,
  ) {}

  @Get('waitlist-matches')
  @Requires('appointments:read')
  @Endpoint({
    summary:
      'Whom free time of a practitioner fits, in the order they are asked, with the reason of their rank',
    description: 'Also shows who is not asked by itself and why: whoever does not want to be contacted.',
    refuses: [LocationNotFound, SpanInverted, LocalTimeDoesNotExist, LocalTimeIsAmbiguous, NotACalendarDate],
  })
  matches(@CurrentActor() actor: RequestActor, @Query() query: FindMatches): Promise<MatchList> {
    return this.offers.matches(actor, query);
  }

  @Post('waitlist/:id/offers')
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Offer a patient a time by hand; out of the order with a reason',
    description: 'The time is kept as by a hold until the offer is answered or its time is up.',
    refuses: [
      WaitlistEntryNotFound,
      WaitlistTransitionRefused,
      OfferStillOpen,
      OfferTooLate,
      OutOfRankNeedsReason,
      ...BOOKING_REFUSALS,
    ],
    changes: true,
  })
  offer(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: MakeOffer,
  ): Promise<WaitlistEntryView> {
    return this.offers.offer(actor, id, body);
  }

  @Post('waitlist-offers/:id/accept')
  @HttpCode(200)
  @Requires('appointments:book')
  @Endpoint({
    summary: 'The patient takes the offer: it is booked, and what it replaces is cancelled',
    refuses: [...ANSWER, ...ABSENT, RoomNotFound, ...BARS_THE_PATIENT],
    changes: true,
  })
  accept(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<AcceptedOffer> {
    return this.answers.accept(actor, id);
  }

  @Post('waitlist-offers/:id/decline')
  @HttpCode(200)
  @Requires('appointments:book')
  @Endpoint({
    summary: 'The patient does not take the offer: it goes to the next, the place is kept',
    refuses: ANSWER,
    changes: true,
  })
  decline(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { reason = null }: DeclineOffer,
  ): Promise<WaitlistEntryView> {
    return this.answers.decline(actor, id, reason);
  }
}
