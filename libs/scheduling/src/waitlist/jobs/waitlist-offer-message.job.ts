import { Database, systemActor } from '#database';
import { type JobData, JobHandler } from '#jobs';
import { isId } from '#kernel';
import { type Message, MessageGateway } from '#messages';
import { RegisterService } from '#patients';
import { Injectable } from '@nestjs/common';

import { eMailAddressOf } from '../../jobs/e-mail-address.js';
import { offerStatusAt } from '../domain/waitlist-status.js';
import { type OfferRow, WaitlistOffersRepository } from '../waitlist-offers.repository.js';

/** Tells a patient who agreed to e-mail of an offer; everybody else the desk calls. Nothing in it says what for. */
@Injectable()
export class WaitlistOfferMessage extends JobHandler {
  readonly queue = 'waitlist-offer-message';

  constructor(
    private readonly database: Database,
    private readonly offers: WaitlistOffersRepository,
    private readonly register: RegisterService,
    private readonly gateway: MessageGateway,
  ) {
    super();
  }

  async work({ clinicId, offerId }: JobData): Promise<void> {
    if (!isId(offerId)) throw new Error('The message of an offer needs its id');
    const system = systemActor(clinicId);
    const offer = await this.database.read(system, async (tx) => {
      const found = await this.offers.read(tx, offerId);
      return found && offerStatusAt(found, tx.now) === 'open' ? found : null;
    });
    // Answered or over while the job waited: a message would only confuse.
    if (!offer) return;
    const patient = await this.register.read(system, offer.patientId);
    const address = eMailAddressOf(patient);
    if (address === null) return;
    await this.gateway.send(messageOf(offer, patient.preferredName ?? patient.givenName, address));
  }
}

const messageOf = (
  { startsAt, expiresAt, zone, locationName }: OfferRow,
  name: string,
  to: string,
): Message => {
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone: zone });
  return {
    to,
    subject: 'An earlier appointment is free for you',
    text: [
      `Dear ${name},`,
      `a time has become free: ${day.format(startsAt)} (local time) at ${locationName}.`,
      `We keep it for you until ${day.format(expiresAt)}. Please call us if you would like to have it.`,
    ].join('\n\n'),
  };
};
