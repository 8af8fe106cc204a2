import type { Readable } from 'node:stream';

import { StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A file about to be sent. */
export interface FileAnswer {
  readonly mediaType: string;
  /** Hexadecimal hash of its content. */
  readonly sha256: string;
  /** How a browser may keep it under, without what it shows. */
  readonly name: string;
  /** null when the caller has it already. */
  readonly content: Readable | null;
}

/** The hash a caller says it holds (`If-None-Match: "…"`), or null. */
export const heldHash = (request: FastifyRequest): string | null =>
  /^(?:W\/)?"([\da-f]{64})"$/.exec(request.headers['if-none-match'] ?? '')?.[1] ?? null;

/**
 * Streams a file to one person alone: it is kept by no proxy, and by a browser only to ask again whether it may still be
 * shown. It never runs as a page.
 */
export function sendFile(
  reply: FastifyReply,
  { mediaType, sha256, name, content }: FileAnswer,
): StreamableFile | undefined {
  void reply
    .header('cache-control', 'private, no-cache')
    .header('vary', 'authorization')
    .header('etag', `"${sha256}"`)
    .header('content-security-policy', "default-src 'none'; sandbox");
  if (content === null) {
    void reply.status(304);
    return undefined;
  }
  return new StreamableFile(content, { type: mediaType, disposition: `inline; filename="${name}"` });
}
