import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

import { CONFIG, type Config } from '#config';
import { Inject, Injectable } from '@nestjs/common';

import { SealingNotSetUp } from './domain/identity.errors.js';

const VERSION = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const nameOf = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 8);

/**
 * Secrets the service must read again (authenticators, webhooks, identity providers), kept as AES-256-GCM. Each is bound to
 * what it belongs to, so that a row copied elsewhere opens nothing.
 */
@Injectable()
export class Sealing {
  readonly #keys: ReadonlyMap<string, Buffer>;

  constructor(@Inject(CONFIG) { secretsKeys }: Config) {
    this.#keys = new Map(secretsKeys.map((key) => [nameOf(key), key]));
  }

  get isSetUp(): boolean {
    return this.#keys.size > 0;
  }

  /** `belongsTo` names the row, e.g. `second-factor <clinic> <person>`. @throws SealingNotSetUp */
  seal(secret: string, belongsTo: string): string {
    const [first] = this.#keys;
    if (!first) throw new SealingNotSetUp();
    const [name, key] = first;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(belongsTo));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return [VERSION, name, Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')].join(
      '.',
    );
  }

  /** What every secret sealed with the first key begins with. @throws SealingNotSetUp */
  newestMark(): string {
    const [first] = this.#keys;
    if (!first) throw new SealingNotSetUp();
    return `${VERSION}.${first[0]}.`;
  }

  /** @throws SealingNotSetUp when its key is gone; Error when it was altered or belongs elsewhere. */
  open(sealed: string, belongsTo: string): string {
    const [version, name = '', text = ''] = sealed.split('.');
    const key = version === VERSION ? this.#keys.get(name) : undefined;
    if (!key) throw new SealingNotSetUp();
    const bytes = Buffer.from(text, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(belongsTo))
      .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([
      decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)),
      decipher.final(),
    ]).toString('utf8');
  }
}
