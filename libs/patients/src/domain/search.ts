import { isCalendarDate } from '#kernel';

const MOST_WORDS = 6;

/**
 * What to look for in a patient's search text: each word must be found, typos forgiven. Of a telephone number the last
 * nine digits count; dates of birth become `YYYY-MM-DD` (day first, in the US month first). A single letter beside
 * longer words is found in everybody and passed over. At most six words; an empty list means "everybody".
 */
export function searchWords(typed: string, market: string): string[] {
  const plain = typed.normalize('NFC').toLowerCase().trim();
  if (/^[+(\d][\d\s()./-]{6,}$/.test(plain)) {
    const date = readBirthDate(plain, market);
    return [date ?? subscriber(plain.replaceAll(/\D/g, ''))].filter(Boolean);
  }
  const words = plain
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map((word) => readBirthDate(word, market) ?? word);
  const telling = words.filter((word) => [...word].length > 1);
  return (telling.length > 0 ? telling : words).slice(0, MOST_WORDS);
}

/** A number without what depends on where one dials from: its last nine digits, as no longer part is written alike. */
const subscriber = (digits: string): string => digits.replace(/^0+/, '').slice(-9);

function readBirthDate(word: string, market: string): string | null {
  if (isCalendarDate(word)) return word;
  const parts = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/.exec(word);
  if (!parts) return null;
  const [, first = '', second = '', year = ''] = parts;
  const [day, month] = market === 'US' ? [second, first] : [first, second];
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isCalendarDate(date) ? date : null;
}
