import { PasswordRefused } from './account.errors.js';

/** NIST SP 800-63B-4, 3.1.1.2: at least 15 characters where the password may stand alone. No rules of composition. */
export const SHORTEST_PASSWORD = 15;
const SHORTEST_WORD = 4;

/** Of the person and the clinic: what somebody who knows them tries first. */
export function contextWords(person: {
  readonly email: string;
  readonly displayName: string;
  readonly clinicName: string;
  readonly clinicSlug: string;
}): string[] {
  const texts = [person.email, person.displayName, person.clinicName, person.clinicSlug, 'revisit', 'botox'];
  const words = texts.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]);
  return [...new Set(words.map((word) => word.toLowerCase()))].filter((word) => word.length >= SHORTEST_WORD);
}

/**
 * Refuses what is too short, or consists of words of the context and little else: taking them out must leave enough.
 * Counts characters as people see them. @throws PasswordRefused
 */
export function assertNotPlain(password: string, context: readonly string[]): void {
  const length = [...new Intl.Segmenter().segment(password.normalize('NFC'))].length;
  if (length < SHORTEST_PASSWORD)
    throw new PasswordRefused({ because: 'too-short', shortest: SHORTEST_PASSWORD });
  const longestFirst = context.toSorted((one, other) => other.length - one.length);
  const rest = longestFirst.reduce((left, word) => left.replaceAll(word, ''), password.toLowerCase());
  const letters = rest.replace(/[^\p{L}]/gu, '');
  if (rest.length < password.length && letters.length < SHORTEST_WORD)
    throw new PasswordRefused({ because: 'context' });
}
