/** What tells in a text who a patient is. */
export interface Named {
  readonly givenName: string;
  readonly familyName: string;
  readonly preferredName: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  /** YYYY-MM-DD */
  readonly birthDate: string;
}

const WORD = /[\p{L}\p{N}]/u;
const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '');

/** Every way these records name their person: whole names and their parts, with and without accents, mail, telephone, birth date. */
export function identifiersOf(records: readonly Named[]): string[] {
  const found = new Set<string>();
  for (const { givenName, familyName, preferredName, email, phone, birthDate } of records) {
    for (const name of [givenName, familyName, preferredName ?? '']) {
      for (const part of [name, ...name.split(/[\s,]+/)]) {
        const word = part.trim();
        // One letter alone names nobody, and would be taken out of every text.
        if (word.length >= 2) for (const spelt of [word, plain(word)]) found.add(spelt);
      }
    }
    if (email !== null)
      for (const address of [email, email.split('@')[0] ?? '']) if (address.length >= 4) found.add(address);
    const digits = (phone ?? '').replaceAll(/\D/g, '');
    if (phone !== null && digits.length >= 5) for (const number of [phone.trim(), digits]) found.add(number);
    const [year, month, day] = birthDate.split('-');
    for (const date of [
      birthDate,
      `${day}.${month}.${year}`,
      `${day}/${month}/${year}`,
      `${month}/${day}/${year}`,
    ])
      found.add(date);
  }
  return [...found].toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/**
 * A PostgreSQL regular expression that finds any of them as whole words, longest first; text and JSON text alike. Two
 * telephone spellings that differ in spaces only are one.
 */
export function patternOf(identifiers: readonly string[]): string {
  return identifiers
    .map((text) => {
      const quoted = /^[+\d][\d\s()./-]{4,}$/.test(text)
        ? [...text.replaceAll(/\D/g, '')].join('[ ()./-]*')
        : text.replaceAll(/[^\p{L}\p{N}\s@_]/gu, String.raw`\$&`).replaceAll(/\s+/g, String.raw`\s+`);
      const [begins, ends] = [WORD.test(text[0] ?? ''), WORD.test(text.at(-1) ?? '')];
      return `${begins ? String.raw`\m` : ''}${quoted}${ends ? String.raw`\M` : ''}`;
    })
    .join('|');
}

/** Whether a text tells who it is. */
export const namesAnyOf = (text: string, identifiers: readonly string[]): boolean => {
  const words = ` ${plain(text)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}@.+-]+/gu, ' ')} `;
  return identifiers.some((one) => words.includes(` ${plain(one).toLowerCase()} `));
};
