import type { FastifyInstance } from 'fastify';

import { InvalidInput } from './http.errors.js';
import { repeatedNames } from './repeated-names.js';

/**
 * Reads bodies as JSON in UTF-8 and nothing else. Bytes that are no UTF-8 are refused: read leniently, they would turn a
 * name into replacement characters. Keys that poison prototypes are refused by the parser, fields that stand twice here.
 */
export function readJsonOnly(fastify: FastifyInstance): void {
  const strict = new TextDecoder('utf-8', { fatal: true });
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
    const charset = /charset=\s*"?([\w-]+)/i.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
    if (!/^utf-?8$/i.test(charset)) return done(notUtf8());
    // A DELETE or POST may announce JSON and send none.
    if (bytes.length === 0) return done(null, undefined);
    let text: string;
    try {
      text = strict.decode(bytes);
    } catch {
      return done(notUtf8());
    }
    return parse(request, text, (error, body) => {
      const repeated = error === null ? repeatedNames(text) : [];
      const detail = 'This field stands twice in one object';
      if (repeated.length === 0) done(error, body);
      else done(new InvalidInput(repeated.map((pointer) => ({ pointer, in: 'body', detail }))));
    });
  });
}

const notUtf8 = (): Error => Object.assign(new Error('The body is not UTF-8'), { statusCode: 400 });
