import { record } from '#audit';
import { CONFIG, type Config } from '#config';
import { Database, systemActor } from '#database';
import { type JobData, JobHandler } from '#jobs';
import { isId, newId } from '#kernel';
import { type Message, MessageGateway } from '#messages';
import { Inject, Injectable } from '@nestjs/common';

import { newSecret, sha256 } from '../secrets.js';
import { AccountsRepository, type AccountRow, type LinkPurpose } from './accounts.repository.js';

const HOUR_MS = 3_600_000;
const VALID_HOURS = { invitation: 72, reset: 1 } as const;

/**
 * Sends somebody the link that sets their password. The link is made here, at the moment it is sent, so that it is stored
 * nowhere else, not even in the queue; a second try makes another.
 */
@Injectable()
export class AccountMail extends JobHandler {
  readonly queue = 'account-mail';

  constructor(
    private readonly database: Database,
    private readonly accounts: AccountsRepository,
    private readonly gateway: MessageGateway,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    super();
  }

  async work({ clinicId, staffId, purpose }: JobData): Promise<void> {
    if (!isId(staffId) || (purpose !== 'invitation' && purpose !== 'reset'))
      throw new Error('An account mail needs a person and a purpose');
    const token = newSecret();
    const account = await this.database.write(systemActor(clinicId), async (tx) => {
      const person = await this.accounts.find(tx, staffId);
      // Deactivated, or in by another link, while the job waited.
      if (!person?.active || (purpose === 'invitation' && person.joinedAt !== null)) return null;
      if (!person.passwordsAllowed) return purpose === 'invitation' ? person : null;
      const id = newId(tx.now.getTime());
      const expiresAt = new Date(tx.now.getTime() + VALID_HOURS[purpose] * HOUR_MS);
      await this.accounts.keepLink(tx, { id, staffId, purpose, hash: sha256(token), expiresAt });
      await record(tx, { action: `account-link.${purpose}`, entityId: staffId, patientId: null });
      return person;
    });
    if (account)
      await this.gateway.send(
        account.passwordsAllowed
          ? mail(account, purpose, `${this.config.webUrl}/set-password#${token}`)
          : mailWithoutLink(account, this.config.webUrl),
      );
  }
}

/** The link's secret stands behind a `#`, which browsers send to nobody. */
const mail = (
  { email, displayName, clinicName }: AccountRow,
  purpose: LinkPurpose,
  link: string,
): Message => ({
  to: email,
  subject: purpose === 'invitation' ? `Your account at ${clinicName}` : 'Set a new password',
  text: [
    `Dear ${displayName},`,
    purpose === 'invitation'
      ? `${clinicName} has made an account for you. Choose your password here:`
      : `somebody, probably you, asked for a new password for your account at ${clinicName}. Choose it here:`,
    link,
    `The link works once, within ${VALID_HOURS[purpose]} ${VALID_HOURS[purpose] === 1 ? 'hour' : 'hours'}.`,
    purpose === 'invitation'
      ? 'If you do not know why, leave it be and tell the clinic.'
      : 'If it was not you, leave it be: nothing has changed.',
  ].join('\n\n'),
});

/** Where passwords are forbidden, an invitation says where to sign in instead. */
const mailWithoutLink = (
  { email, displayName, clinicName, clinicSlug }: AccountRow,
  webUrl: string,
): Message => ({
  to: email,
  subject: `Your account at ${clinicName}`,
  text: [
    `Dear ${displayName},`,
    `${clinicName} has made an account for you. You sign in at the clinic’s own identity provider, with this address:`,
    `${webUrl} (the clinic is called ${clinicSlug} there)`,
    'If you do not know why, leave it be and tell the clinic.',
  ].join('\n\n'),
});
