import { lookup } from 'node:dns';
import { request as requestPlain, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

import { CONFIG, type Config } from '#config';
import { Inject, Injectable } from '@nestjs/common';

import { mayReach } from './domain/addresses.js';
import { AddressRefused } from './outbound.errors.js';
import { pinnedLookup } from './pinned-lookup.js';

const TIMEOUT_MS = 10_000;
const LONGEST_ANSWER_BYTES = 1_000_000;

export interface OutboundRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Requests to addresses that others chose. Names are resolved here, at the moment of connecting, and the connection goes to
 * the very address that was looked at: a name that answers differently the second time gains nothing. Redirects are answers
 * like any other and not followed.
 */
@Injectable()
export class Outbound {
  readonly #allowLoopback: boolean;
  readonly #lookup: LookupFunction;

  constructor(@Inject(CONFIG) { allowLoopback }: Config) {
    this.#allowLoopback = allowLoopback;
    this.#lookup = pinnedLookup(lookup, (one) => mayReach(one, { allowLoopback }));
  }

  /** What can be said of an address before anything is sent. @throws AddressRefused */
  assertAddress(address: string): URL {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (!url || url.username !== '' || url.password !== '') throw new AddressRefused();
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !mayReach(host, { allowLoopback: this.#allowLoopback }))
      throw new AddressRefused();
    const isPlain = url.protocol === 'http:' && this.#allowLoopback && this.#isThisMachine(host);
    if (url.protocol !== 'https:' && !isPlain) throw new AddressRefused();
    const isOwnName = /(^|\.)(localhost|local|internal)\.?$/i.test(host) || !/[.:]/.test(host);
    if (isOwnName && !this.#allowLoopback) throw new AddressRefused();
    return url;
  }

  /** @throws AddressRefused, or Error when nothing answered in time. */
  send(address: string, { method, headers, body }: OutboundRequest): Promise<OutboundAnswer> {
    const url = this.assertAddress(address);
    const options: RequestOptions = {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      },
      agent: false,
      lookup: this.#lookup,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    };
    return new Promise((fulfil, reject) => {
      const heard = (answer: IncomingMessage): void => void readAnswer(answer).then(fulfil, reject);
      const sent =
        url.protocol === 'https:' ? requestSecure(url, options, heard) : requestPlain(url, options, heard);
      sent.on('error', reject);
      sent.end(body);
    });
  }

  #isThisMachine(host: string): boolean {
    if (host === 'localhost') return true;
    return isIP(host) !== 0 && !mayReach(host) && mayReach(host, { allowLoopback: true });
  }
}

async function readAnswer(answer: IncomingMessage): Promise<OutboundAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer) {
    const bytes: Buffer = chunk;
    length += bytes.length;
    if (length > LONGEST_ANSWER_BYTES) throw new Error('The answer is too long');
    chunks.push(bytes);
  }
  const headers = Object.entries(answer.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return {
    status: answer.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
