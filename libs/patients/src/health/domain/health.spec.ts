import { addDays, calendarDate } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { assertCode } from './code.js';
import { givenOn } from './given-on.js';
import { HealthCodeUnknown } from './health.errors.js';

const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const ATC = 'http://www.whocc.no/atc';
const ICD10CM = 'http://hl7.org/fhir/sid/icd-10-cm';
const today = calendarDate('2026-11-27');

describe('a coded health fact', () => {
  it.each([
    ['medication', RXNORM, '11289'],
    ['medication', ATC, 'M03AX01'],
    ['allergy', ATC, 'J01FA'],
    ['allergy', ICD10CM, 'Z91.011'],
    ['condition', ICD10CM, 'G70.01'],
    ['condition', 'http://hl7.org/fhir/sid/icd-10', 'G70.0'],
  ])('takes a %s from %s: %s', (kind, codeSystem, code) => {
    expect(() => assertCode({ kind, codeSystem, code })).not.toThrow();
  });

  it('needs no code at all', () => {
    expect(() => assertCode({ kind: 'allergy' })).not.toThrow();
  });

  it.each([
    ['condition', RXNORM, '11289'],
    ['medication', RXNORM, '0'],
    ['medication', ATC, 'X03'],
    ['medication', ICD10CM, 'G70.0'],
    ['condition', ICD10CM, 'myasthenia'],
    ['condition', 'http://snomed.info/sct', '91637004'],
    ['condition', 'toString', 'G70.0'],
    ['condition', ICD10CM, undefined],
    ['condition', undefined, 'G70.0'],
  ])('refuses a %s from %s: %s', (kind, codeSystem, code) => {
    const coded = {
      kind,
      ...(codeSystem === undefined ? {} : { codeSystem }),
      ...(code === undefined ? {} : { code }),
    };
    expect(() => assertCode(coded)).toThrow(HealthCodeUnknown);
  });
});

describe('when toxin was given elsewhere', () => {
  it.each([
    ['2026-02-20', '2026-02-20'],
    ['2026-02', '2026-02-28'],
    ['2024-02', '2024-02-29'],
    ['2025', '2025-12-31'],
    ['2026-11', '2026-11-27'],
    ['2026', '2026-11-27'],
    ['2027', '2027-12-31'],
  ])('%s was %s at the latest', (text, latest) => {
    expect(givenOn(text, today)).toEqual({ text, latest });
  });

  it('is never counted earlier than it can have been, nor after today', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), fc.constantFrom(4, 7, 10), (back, precision) => {
        const truth = addDays(today, -back);
        const { latest } = givenOn(truth.slice(0, precision), today);
        expect(latest >= truth && latest <= today).toBe(true);
        expect(latest.slice(0, precision)).toBe(truth.slice(0, precision));
      }),
    );
  });
});
