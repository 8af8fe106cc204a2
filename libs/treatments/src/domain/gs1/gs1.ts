import { calendarDate, isCalendarDate, type CalendarDate } from '#kernel';
import { formatOf, identifierAt, type IdentifierFormat } from './gs1-identifiers.js';
import {
  BadElementCharacter,
  BadGs1Date,
  BadGtinCheckDigit,
  BadKeyCheckDigit,
  ConflictingElement,
  ElementTooLong,
  NotGs1,
  TruncatedElement,
  UnknownApplicationIdentifier,
} from './gs1.errors.js';

export interface Gs1Element {
  readonly ai: string;
  readonly value: string;
}

/** What a scanned pack says; a field the code does not carry is null. */
export interface Gs1Code {
  readonly gtin: string | null;
  readonly lot: string | null;
  readonly serial: string | null;
  readonly expiry: CalendarDate | null;
  readonly producedOn: CalendarDate | null;
  /** Every field, in the order of the code. */
  readonly elements: readonly Gs1Element[];
}

/** FNC1 as scanners send it: ASCII 29, after a field of variable length that is not the last. */
export const SEPARATOR = '\u001d';

const SYMBOLOGY = /^\](d2|C1|Q3|e0|J1)/;
const CHARACTERS = /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*$/;
const DIGITS = /^\d*$/;

/**
 * Reads a GS1 element string as scanned (optional symbology prefix, any order of fields) or as printed with brackets,
 * `(01)…(17)…(10)…`. Years are placed within 49 back and 50 ahead of `today`; a day 00 is the last of the month.
 * @throws NotGs1, UnknownApplicationIdentifier, TruncatedElement, ElementTooLong, BadElementCharacter,
 *   BadGtinCheckDigit, BadKeyCheckDigit, BadGs1Date, ConflictingElement
 */
export function readGs1(raw: string, today: CalendarDate): Gs1Code {
  const text = raw.trim().replace(SYMBOLOGY, '');
  if (text === '' || text.startsWith(']')) throw new NotGs1({ length: raw.length });
  const elements = text.startsWith('(') ? printed(text) : scanned(text);
  const found = new Map<string, string>();
  for (const { ai, value } of elements) {
    check(ai, value);
    if (found.has(ai) && found.get(ai) !== value) throw new ConflictingElement({ ai });
    found.set(ai, value);
  }
  const dates = new Map<string, CalendarDate>();
  for (const [ai, value] of found) if (formatOf(ai)?.isDate) dates.set(ai, readDate(ai, value, today));
  return {
    gtin: found.get('01') ?? null,
    lot: found.get('10') ?? null,
    serial: found.get('21') ?? null,
    expiry: dates.get('17') ?? null,
    producedOn: dates.get('11') ?? null,
    elements,
  };
}

function scanned(text: string): Gs1Element[] {
  const elements: Gs1Element[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === SEPARATOR) {
      at += 1;
      continue;
    }
    const ai = identifierAt(text.slice(at, at + 4));
    if (ai === null) throw new UnknownApplicationIdentifier({ ai: text.slice(at, at + 4) });
    at += ai.length;
    const separator = text.indexOf(SEPARATOR, at);
    const stop = separator === -1 ? text.length : separator;
    const end = formatAt(ai).predefinedLength ? Math.min(at + formatAt(ai).max, stop) : stop;
    elements.push({ ai, value: text.slice(at, end) });
    at = end;
  }
  return elements;
}

/** A value may hold brackets itself, so only brackets around a defined identifier start a field. */
function printed(text: string): Gs1Element[] {
  const marks = [...text.matchAll(/\((\d{2,4})\)/g)].filter(
    ({ 1: ai, index }) => index === 0 || formatOf(ai ?? ''),
  );
  return marks.map(({ 0: mark, 1: ai = '', index }, place) => {
    if (!formatOf(ai)) throw new UnknownApplicationIdentifier({ ai });
    const value = text.slice(index + mark.length, marks[place + 1]?.index ?? text.length);
    return { ai, value: value.replaceAll(SEPARATOR, '').trim() };
  });
}

function formatAt(ai: string): IdentifierFormat {
  const format = formatOf(ai);
  if (!format) throw new UnknownApplicationIdentifier({ ai });
  return format;
}

function check(ai: string, value: string): void {
  const { digitsOnly, min, max, isGtin, keyDigits } = formatAt(ai);
  if (value.length < min) throw new TruncatedElement({ ai, length: value.length, expected: min });
  if (value.length > max) throw new ElementTooLong({ ai, length: value.length, expected: max });
  if (!(digitsOnly ? DIGITS : CHARACTERS).test(value)) throw new BadElementCharacter({ ai });
  if (keyDigits === 0 || hasCheckDigit(value.slice(0, keyDigits))) return;
  throw isGtin ? new BadGtinCheckDigit({ ai, gtin: value }) : new BadKeyCheckDigit({ ai });
}

/** Whether the last digit is the GS1 mod-10 check digit of the others (GTIN-8, -12, -13 and -14). */
export function hasGtinCheckDigit(gtin: string): boolean {
  return /^(\d{8}|\d{12,14})$/.test(gtin) && hasCheckDigit(gtin);
}

/** The same for any GS1 key, whatever its length. */
function hasCheckDigit(key: string): boolean {
  const sum = Array.from(key)
    .toReversed()
    .reduce((total, digit, place) => total + Number(digit) * (place % 2 === 1 ? 3 : 1), 0);
  return sum % 10 === 0;
}

function readDate(ai: string, value: string, today: CalendarDate): CalendarDate {
  const [yy, mm, dd] = [value.slice(0, 2), value.slice(2, 4), value.slice(4, 6)];
  const present = Number(today.slice(0, 4));
  const ahead = Number(yy) - (present % 100);
  const century = Math.floor(present / 100) + (ahead >= 51 ? -1 : ahead <= -50 ? 1 : 0);
  const year = `${century}${yy}`;
  const days = dd === '00' ? ['31', '30', '29', '28'] : [dd];
  const date = days.map((day) => `${year}-${mm}-${day}`).find(isCalendarDate);
  if (date === undefined) throw new BadGs1Date({ ai, value });
  return calendarDate(date);
}
