/** What tells in a text who a patient is; null or absent where a record does not say. */
export interface Named {
  readonly givenName?: string | null;
  readonly familyName?: string | null;
  readonly preferredName?: string | null;
  readonly email?: string | null;
  readonly phone?: string | null;
  /** YYYY-MM-DD */
  readonly birthDate?: string | null;
}

const WORD = /[\p{L}\p{N}]/u;
const SAME_APOSTROPHE = /['’‘ʼ`´]/g;
const plain = (text: string): string =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll(SAME_APOSTROPHE, "'");

const SPELT_OUT: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  å: 'aa',
  ø: 'oe',
  æ: 'ae',
};
/** As somebody without the letter on their keyboard writes it. */
const speltOut = (text: string): string =>
  text.normalize('NFC').replaceAll(/[äöüßåøæ]/gi, (letter) => {
    const two = SPELT_OUT[letter.toLowerCase()] ?? letter;
    return letter === letter.toLowerCase() ? two : two.charAt(0).toUpperCase() + two.slice(1);
  });

const LANGUAGES = ['en-GB', 'en-US', 'de', 'fr', 'it', 'es'];

/**
 * Every way these records name their person: whole names and their parts, with and without accents, mail, telephone, birth
 * date. Records of who the patient was before count too.
 */
export function identifiersOf(records: readonly Named[]): string[] {
  const found = new Set<string>();
  for (const { givenName, familyName, preferredName, email, phone, birthDate } of records) {
    for (const name of [givenName, familyName, preferredName]) {
      for (const part of [name ?? '', ...(name ?? '').split(/[\s,]+/)]) {
        const word = part.trim().normalize('NFC');
        // One letter alone names nobody, and would be taken out of every text.
        if (word.length >= 2)
          for (const spelt of [word, plain(word), speltOut(word), word.normalize('NFD')]) found.add(spelt);
      }
    }
    if (email)
      for (const address of [email, email.split('@')[0] ?? '']) if (address.length >= 4) found.add(address);
    const digits = (phone ?? '').replaceAll(/\D/g, '');
    if (phone && digits.length >= 5) for (const number of [phone.trim(), digits]) found.add(number);
    for (const date of birthDate ? waysToWrite(birthDate) : []) found.add(date);
  }
  return [...found].toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/** A day in figures and in words. */
function waysToWrite(date: string): string[] {
  const [year = '', month = '', day = ''] = date.split('-');
  const [m, d] = [String(Number(month)), String(Number(day))];
  const at = new Date(`${date}T00:00:00Z`);
  const inWords = LANGUAGES.flatMap((language) =>
    (['long', 'short'] as const).map((length) =>
      new Intl.DateTimeFormat(language, {
        day: 'numeric',
        month: length,
        year: 'numeric',
        timeZone: 'UTC',
      }).format(at),
    ),
  );
  return [
    date,
    `${year}${month}${day}`,
    ...['.', '/', '-'].flatMap((sign) => [
      [day, month, year].join(sign),
      [month, day, year].join(sign),
      [d, m, year].join(sign),
      [m, d, year].join(sign),
      [year, month, day].join(sign),
    ]),
    ...inWords,
  ];
}

const DATE = /^\d{1,4}([./-])\d{1,2}\1\d{1,4}$/;
const NUMBER = /^[+\d(][\d\s()./-]{4,}$/;
const BETWEEN = '[ ()./-]*';
/** As many last digits as no two people of a clinic share; what stands before differs from country to country. */
const OWN_DIGITS = 8;

function quoted(text: string): string {
  const isNumber = NUMBER.test(text) && !DATE.test(text);
  const digits = [...text.replaceAll(/\D/g, '')];
  if (isNumber && digits.length > OWN_DIGITS)
    return String.raw`[+(]*(?:\d${BETWEEN}){0,6}${digits.slice(-OWN_DIGITS).join(BETWEEN)}\M`;
  const written = isNumber
    ? digits.join(BETWEEN)
    : text
        .replaceAll(/[^\p{L}\p{M}\p{N}\s@_]/gu, String.raw`\$&`)
        .replaceAll(/\\['’‘ʼ`´]/g, "['’‘ʼ`´]")
        .replaceAll(/\s+/g, String.raw`\s+`);
  const [begins, ends] = [WORD.test(text[0] ?? ''), WORD.test(text.at(-1) ?? '')];
  return `${begins ? String.raw`\m` : ''}${written}${ends ? String.raw`\M` : ''}`;
}

/** No place both begins a word and ends one; an empty pattern would be found in every text. */
const NOWHERE = String.raw`\m\M`;

/**
 * A PostgreSQL regular expression that finds any of them as whole words, longest first; text and JSON text alike. Telephone
 * spellings that differ in spaces or in what stands before the number itself are one, and so are apostrophes.
 */
export const patternOf = (identifiers: readonly string[]): string =>
  identifiers.length === 0 ? NOWHERE : [...new Set(identifiers.map(quoted))].join('|');

/** Names of two parts or more, addresses and numbers: what names one person alone, also where it does not stand in their record. */
export function unmistakable(records: readonly Named[]): string[] {
  const found = new Set<string>();
  for (const { givenName, familyName, preferredName, email, phone } of records) {
    for (const first of [givenName, preferredName, givenName?.split(/\s+/)[0]])
      if (first && familyName)
        for (const spelt of [(text: string) => text, plain, speltOut])
          for (const name of [`${first} ${familyName}`, `${familyName} ${first}`, `${familyName}, ${first}`])
            found.add(spelt(name));
    if (email) found.add(email);
    if (phone && phone.replaceAll(/\D/g, '').length > OWN_DIGITS) found.add(phone);
  }
  return [...found].toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/** Whether a text tells who it is. */
export const namesAnyOf = (text: string, identifiers: readonly string[]): boolean => {
  const words = (said: string): string =>
    ` ${plain(said)
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}@.+'-]+/gu, ' ')
      .trim()} `;
  return identifiers.some((one) => words(text).includes(words(one)));
};
