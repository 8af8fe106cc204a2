import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits as 43 characters that fit into an address. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What is kept of a random secret: enough to know it again, useless to who reads it. */
export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
