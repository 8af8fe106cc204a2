import { record } from '#audit';
import { Database } from '#database';
import { pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { isId, isInstant } from '#kernel';
import { messageLanguageOf } from '#messages';
import { PatientNotFound, PatientsService } from '#patients';
import { Injectable } from '@nestjs/common';

import type { FindPatientMessages, FindPreview, MessagePage, MessagePreview } from './http/messages.dto.js';
import { MessageDecisions } from './message-decisions.js';
import { areaToSay, MessageWriter } from './message-writer.js';
import { MessagesRepository } from './messages.repository.js';

/** Messages to one patient: those asked for, and what the next would say. */
@Injectable()
export class PatientMessagesService {
  constructor(
    private readonly database: Database,
    private readonly patients: PatientsService,
    private readonly messages: MessagesRepository,
    private readonly decisions: MessageDecisions,
    private readonly writer: MessageWriter,
  ) {}

  /** Newest first, those to records merged into the patient's too. @throws PatientNotFound */
  list(actor: RequestActor, patientId: string, { limit, after }: FindPatientMessages): Promise<MessagePage> {
    const cursor = readCursor(after, [isInstant, isId]);
    return this.database.read(actor, async (tx) => {
      await this.patients.require(tx, patientId);
      const rows = await this.messages.ofPatient(tx, patientId, cursor, limit + 1);
      const { items, next } = pageOf(rows, limit, ({ requestedAt, id }) => [requestedAt.toISOString(), id]);
      await record(tx, { action: 'recall-message.list', entityId: null, patientId });
      return { items: [...items], next };
    });
  }

  /** Judged and written as at sending; nothing is kept. @throws PatientNotFound */
  preview(actor: RequestActor, patientId: string, { offerVisit }: FindPreview): Promise<MessagePreview> {
    return this.database.read(actor, async (tx) => {
      const { settings, decided } = await this.decisions.of(tx, [patientId], { by: actor.staffId });
      const [one] = decided;
      if (!one) throw new PatientNotFound();
      const { decision, bearing } = one;
      const area = areaToSay(one);
      await record(tx, { action: 'recall-message.preview', entityId: null, patientId });
      const isWithheld = decision.now === 'withhold' || area === null;
      const written = isWithheld
        ? null
        : await this.writer.write(tx, settings, bearing, area, offerVisit !== 'false');
      const isUnfit = written !== null && written.medicines.length > 0;
      const { contact } = bearing;
      return {
        now: isUnfit ? 'withhold' : decision.now,
        until: decision.now === 'wait' ? decision.until : null,
        reason: isUnfit ? 'unfit-words' : decision.now === 'withhold' ? decision.reason : null,
        to: contact.contactChannels.includes('email') ? contact.email : null,
        language: messageLanguageOf(contact.language, settings.messageLanguage),
        subject: isUnfit ? null : (written?.subject ?? null),
        text: isUnfit ? null : (written?.text ?? null),
      };
    });
  }
}
