import { describe, expect, it } from '@jest/globals';
import { calendarDate } from '#kernel';
import * as fc from 'fast-check';
import vectors from '../../testing/vectors/clinical.json' with { type: 'json' };
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
import { allIdentifiers, formatOf } from './gs1-identifiers.js';
import { hasGtinCheckDigit, readGs1, SEPARATOR } from './gs1.js';

const today = calendarDate('2026-11-23');
const read = (raw: string, on = today) => readGs1(raw, on);
const GTIN = '00300239232013';

describe('the worked GS1 examples', () => {
  it.each(vectors.gs1)('$id', ({ raw, expect: expected }) => {
    if ('error' in expected) {
      expect(() => read(raw)).toThrow(expect.objectContaining({ name: expected.error }));
    } else {
      expect(read(raw)).toMatchObject(expected);
    }
  });
});

describe('a scanned pack', () => {
  it('reads the fields in any order', () => {
    expect(read(`10ABC${SEPARATOR}21S1${SEPARATOR}1727063001${GTIN}`)).toMatchObject({
      gtin: GTIN,
      lot: 'ABC',
      serial: 'S1',
      expiry: '2027-06-30',
    });
  });

  it('never mistakes digits inside a lot for a field', () => {
    expect(read(`10170630${SEPARATOR}01${GTIN}`)).toMatchObject({ lot: '170630', gtin: GTIN, expiry: null });
  });

  it('reads what is printed in brackets, also a lot with brackets in it', () => {
    expect(read(`(01)${GTIN}(17)270600(10)A(x)1`)).toMatchObject({
      gtin: GTIN,
      expiry: '2027-06-30',
      lot: 'A(x)1',
    });
  });

  it.each([']d2', ']C1', ']Q3'])('accepts the symbology mark %s', (mark) => {
    expect(read(`${mark}01${GTIN}`).gtin).toBe(GTIN);
  });

  it('tolerates a separator after a field of fixed length and at the end', () => {
    expect(read(`${SEPARATOR}01${GTIN}${SEPARATOR}10A${SEPARATOR}`)).toMatchObject({ gtin: GTIN, lot: 'A' });
  });

  it.each([
    ['270200', '2027-02-28'],
    ['280200', '2028-02-29'],
    ['760101', '2076-01-01'],
    ['770101', '1977-01-01'],
  ])('reads the date %s as %s', (value, expected) => {
    expect(read(`17${value}`).expiry).toBe(expected);
  });

  it('looks fifty years ahead over the turn of the century', () => {
    expect(read('17100101', calendarDate('2085-01-01')).expiry).toBe('2110-01-01');
  });

  it.each([
    ['00', '123456789012345675'],
    ['414', '5412345000013'],
    ['8003', '05412345000013AB'],
    ['253', '5412345000013XYZ'],
  ])('knows the check digit of the key (%s) in %s', (ai, key) => {
    expect(read(ai + key).elements).toEqual([{ ai, value: key }]);
  });

  it('accepts one field twice when both say the same', () => {
    expect(read(`10A${SEPARATOR}10A`).lot).toBe('A');
  });

  it.each([
    ['nothing', '', NotGs1],
    ['another kind of symbol', ']E04006381333931', NotGs1],
    ['an identifier GS1 does not define', '05123', UnknownApplicationIdentifier],
    ['an identifier GS1 does not define, in brackets', '(05)123', UnknownApplicationIdentifier],
    ['a GTIN that ends too early', '010030023923', TruncatedElement],
    ['an empty lot', `10${SEPARATOR}01${GTIN}`, TruncatedElement],
    ['a lot of 21 characters', `10${'A'.repeat(21)}`, ElementTooLong],
    ['a letter in a date', '1727063A', BadElementCharacter],
    ['a space in a lot', '10A B', BadElementCharacter],
    ['a wrong check digit', '0100300239232014', BadGtinCheckDigit],
    ['a wrong check digit of an SSCC', '00123456789012345676', BadKeyCheckDigit],
    ['a wrong check digit of a location', '4145412345000014', BadKeyCheckDigit],
    ['a month 13', '17271301', BadGs1Date],
    ['a 31 June', '17270631', BadGs1Date],
    ['a 29 February of a common year', '17270229', BadGs1Date],
    ['two different lots', `10A${SEPARATOR}10B`, ConflictingElement],
  ] as const)('is refused for %s', (_name, raw, error) => {
    expect(() => read(raw)).toThrow(error);
  });
});

const value = (ai: string) => {
  const format = formatOf(ai);
  const characters = format?.digitsOnly ? '0123456789' : 'ABCxyz0123456789-./_';
  return fc.string({
    unit: fc.constantFrom(...characters.split('')),
    minLength: format?.min ?? 1,
    maxLength: format?.max ?? 1,
  });
};

describe('GS1 in general', () => {
  it('has no identifier that begins another', () => {
    const all = allIdentifiers();
    expect(all.length).toBeGreaterThan(400);
    const clashing = all.filter((ai) => all.some((other) => other !== ai && other.startsWith(ai)));
    expect(clashing).toEqual([]);
  });

  it('knows the check digit of the Vistabel pack', () => {
    expect(hasGtinCheckDigit('4024787430498')).toBe(true);
    expect(hasGtinCheckDigit('4024787430499')).toBe(false);
    expect(hasGtinCheckDigit('402478743049')).toBe(false);
  });

  const plain = allIdentifiers().filter((ai) => !formatOf(ai)?.isDate && formatOf(ai)?.keyDigits === 0);
  const element = fc.constantFrom(...plain).chain((ai) => value(ai).map((text) => ({ ai, value: text })));

  it('reads back any fields in any order, separated only where needed', () => {
    const elements = fc.uniqueArray(element, { minLength: 1, maxLength: 6, selector: ({ ai }) => ai });
    fc.assert(
      fc.property(elements, fc.boolean(), (written, marked) => {
        const raw = written.map(
          ({ ai, value: text }, place) =>
            ai + text + (formatOf(ai)?.predefinedLength || place === written.length - 1 ? '' : SEPARATOR),
        );
        expect(read((marked ? ']d2' : '') + raw.join('')).elements).toEqual(written);
      }),
    );
  });

  it('answers any text with a code or a refusal of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789A()]d'.split(''), SEPARATOR) }), (raw) => {
        try {
          expect(read(raw).elements.length).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toHaveProperty('spec.kind', 'bad-input');
        }
      }),
    );
  });
});
