import { Logger } from '@nestjs/common';

import { MessageGateway, type Message } from './message-gateway.js';

/** Where no mail server is set up: says that a message was due, not to whom and not what. */
export class NoGateway extends MessageGateway {
  override readonly isSetUp = false;
  readonly #log = new Logger('Messages');

  send({ text }: Message): Promise<void> {
    this.#log.warn(`A message of ${text.length} characters was not sent: SMTP_URL is not set`);
    return Promise.resolve();
  }
}
