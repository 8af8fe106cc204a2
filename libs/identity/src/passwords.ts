import { hash, verify } from '@node-rs/argon2';

// OWASP Password Storage: argon2id, 19 MiB, 2 passes, 1 lane (the library's default algorithm is argon2id).
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** One spelling of what keyboards type differently (NIST SP 800-63B-4, 3.1.1.2). */
const plain = (password: string): string => password.normalize('NFC');

export const hashPassword = (password: string): Promise<string> => hash(plain(password), COST);

export const passwordMatches = (passwordHash: string, password: string): Promise<boolean> =>
  verify(passwordHash, plain(password));

let any: Promise<string> | undefined;

/** A hash that no password matches on purpose, so that an unknown account takes as long as a known one. */
export const anyPasswordHash = (): Promise<string> => (any ??= hashPassword(crypto.randomUUID()));
