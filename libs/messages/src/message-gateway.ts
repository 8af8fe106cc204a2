/** A message to a patient. It names no treatment and no product: mail is read by others too. */
export interface Message {
  /** Named in the message, so that one handed over twice can be told from two. */
  readonly id?: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Where messages leave the house. */
export abstract class MessageGateway {
  /** Whether messages leave at all: whoever keeps what was said asks before saying it was. */
  readonly isSetUp: boolean = true;

  /** Resolves once the message was handed over; rejects when it was not, so that the job tries again. */
  abstract send(message: Message): Promise<void>;
}
