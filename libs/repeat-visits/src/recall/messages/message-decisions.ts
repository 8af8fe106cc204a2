import type { Tx } from '#database';
import { ClinicsService, type ClinicSettings } from '#identity';
import { Injectable } from '@nestjs/common';

import { effectOf } from '../../domain/suppression.js';
import { CardsRepository } from '../cards.repository.js';
import { type Bearing, ContactChecks } from '../contact-checks.js';
import { decideMessage, type MessageDecision } from './domain/message-rules.js';

/** What is to be done about a message to one patient, and on what it rests. */
export interface Decided {
  readonly patientId: string;
  readonly decision: MessageDecision;
  readonly bearing: Bearing;
  /** The areas it would be about, the most pressing first. */
  readonly about: Bearing['due'];
}

/** Which areas a message may be about; left out: all that are due. */
type IsAbout = (one: Bearing['due'][number]) => boolean;

interface Asker {
  /** Whose own claim does not stand in the way; null: the clinic by itself. */
  readonly by: string | null;
  /** The message asked about, where there is one already. */
  readonly own?: string;
  readonly isAbout?: IsAbout;
}

export interface Decisions {
  readonly settings: ClinicSettings;
  readonly decided: readonly Decided[];
}

/** Loads what the message rule asks for and lets it decide, for one patient or many. */
@Injectable()
export class MessageDecisions {
  constructor(
    private readonly checks: ContactChecks,
    private readonly clinics: ClinicsService,
    private readonly cards: CardsRepository,
  ) {}

  /** The same as `of`, and until the transaction ends nobody else decides about these patients. */
  async locked(tx: Tx, patientIds: readonly string[], asker: Asker): Promise<Decisions> {
    await this.cards.lockAll(tx, patientIds);
    return this.of(tx, patientIds, asker);
  }

  /** In the order given; absent and foreign patients are missing. */
  async of(
    tx: Tx,
    patientIds: readonly string[],
    { by, own, isAbout = () => true }: Asker,
  ): Promise<Decisions> {
    const settings = await this.clinics.settings(tx);
    const bearings = await this.checks.bearing(tx, patientIds, settings);
    const decided = patientIds.flatMap((patientId): Decided[] => {
      const bearing = bearings.get(patientId);
      if (!bearing) return [];
      const { contact, zone, quiet, card } = bearing;
      const due = bearing.due.filter(isAbout);
      const { claimedBy, claimedUntil, lastContactOn } = card.card;
      const decision = decideMessage({
        now: tx.now,
        zone,
        quiet,
        due,
        lastContactOn,
        gapDays: settings.contactGapDays,
        status: contact.status,
        agreed: contact.contactChannels,
        address: contact.email,
        claimedUntil: claimedBy === by ? null : claimedUntil,
        waits: card.queued !== null && card.queued.messageId !== own,
      });
      const about = due.filter(({ reasons }) => effectOf(reasons).messaged);
      return [{ patientId, decision, bearing, about }];
    });
    return { settings, decided };
  }
}
