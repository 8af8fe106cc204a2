import { AccountMail, AccountsRepository } from '#identity';
import { MessageGateway, type Message } from '#messages';
import { readConfig } from '#config';

import type { TestApi } from './test-api.js';

interface Waiting {
  readonly id: string;
  readonly data: { readonly clinicId: string };
}

/** Works off the mail that waits to be sent, as the worker would, and keeps it. */
export class MailCatcher extends MessageGateway {
  readonly sent: Message[] = [];

  constructor(private readonly api: TestApi) {
    super();
  }

  override send(message: Message): Promise<void> {
    this.sent.push(message);
    return Promise.resolve();
  }

  /** The secret of the link in the newest mail to an address; null when none is waiting. */
  async linkTo(email: string): Promise<string | null> {
    const { database, admin, url } = this.api.db;
    const config = readConfig({ DATABASE_URL: url, NODE_ENV: 'test' });
    const job = new AccountMail(database, new AccountsRepository(database), this, config);
    const { rows } = await admin.query<Waiting>(
      `DELETE FROM pgboss.job WHERE name = 'account-mail' RETURNING id, data`,
    );
    for (const { data } of rows) await job.work(data);
    const mail = this.sent.findLast(({ to }) => to === email);
    return mail === undefined ? null : (/#([\w-]{43})$/m.exec(mail.text)?.[1] ?? null);
  }
}
