/** A message to a patient. It names no treatment and no product: mail is read by others too. */
export interface Message {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Where messages leave the house. */
export abstract class MessageGateway {
  /** Resolves once the message was handed over; rejects when it was not, so that the job tries again. */
  abstract send(message: Message): Promise<void>;
}
