import type { ServerResponse } from 'node:http';

import type { FastifyReply } from 'fastify';

/** More than this unread by a client and it is let go: it comes back and reads on from its last event. */
const MOST_UNREAD_BYTES = 256 * 1024;

/** One answer of server-sent events (WHATWG HTML, 9.2). */
export class EventStream {
  private constructor(private readonly raw: ServerResponse) {}

  /** Takes the answer out of the framework's hands; refusals must have been given before. */
  static open(reply: FastifyReply): EventStream {
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    reply.raw.flushHeaders();
    reply.raw.on('error', () => undefined); // a client that is gone closes, and that is looked at
    return new EventStream(reply.raw);
  }

  onClose(closed: () => void): void {
    if (this.raw.destroyed) closed();
    else this.raw.once('close', closed);
  }

  send(event: string, id: number, data: object): void {
    this.#write(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Keeps proxies from closing a quiet stream, and moves the client's last event id on. */
  beat(id: number): void {
    this.#write(`: still here\nid: ${id}\n\n`);
  }

  end(): void {
    this.raw.end();
  }

  #write(text: string): void {
    if (this.raw.destroyed || this.raw.writableEnded) return;
    this.raw.write(text);
    if (this.raw.writableLength > MOST_UNREAD_BYTES) this.raw.destroy();
  }
}
