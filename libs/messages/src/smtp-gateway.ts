import { createTransport, type Transporter } from 'nodemailer';

import { MessageGateway, type Message } from './message-gateway.js';

/** Hands messages to a mail server. */
export class SmtpGateway extends MessageGateway {
  readonly #transport: Transporter;

  constructor(
    url: string,
    private readonly from: string,
  ) {
    super();
    this.#transport = createTransport({
      url,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
    });
  }

  async send({ id, to, subject, text }: Message): Promise<void> {
    const messageId = id === undefined ? {} : { messageId: `<${id}@revisit>` };
    await this.#transport.sendMail({ from: this.from, to, subject, text, ...messageId });
  }
}
