import { describe, expect, it } from '@jest/globals';
import { calendarDate } from '#kernel';
import { MESSAGE_LANGUAGES, messageLanguageOf } from '#messages';

import { RecallTemplateUnfit } from '../../domain/recall.errors.js';
import { stopSentence, summarySentence, visitSentence } from './sentences.js';
import { advertisingIn, assertFit, builtIn, fillIn, medicinesNamed } from './template.js';

const BRANDS = ['Botox', 'Dysport', 'Azzalure', 'Vistabel', 'Xeomin', 'Letybo'];
const said = (change: object = {}) => ({
  name: 'Zoë',
  clinic: 'Harley Street',
  summary: 'Now is a good time.',
  visit: '',
  stop: 'Tell us.',
  ...change,
});
const factsOf = (subject: string, text: string): unknown => {
  try {
    assertFit({ subject, text }, BRANDS);
  } catch (error) {
    if (error instanceof RecallTemplateUnfit) return error.facts;
    throw error;
  }
  return null;
};
const FINE = { unknownPlaces: [], missingPlaces: [], medicines: [], advertising: [] };

describe('the words of a recall message', () => {
  it.each(MESSAGE_LANGUAGES)('are fit as they come with the service (%s)', (language) => {
    expect(() => assertFit(builtIn(language), BRANDS)).not.toThrow();
    const day = calendarDate('2026-06-30');
    const area = { recommendedTo: day, lastTreatedOn: day };
    const sentences = [
      summarySentence({ ...area, state: 'due' }, language),
      summarySentence({ ...area, state: 'past-due' }, language),
      summarySentence({ ...area, state: 'lapsed' }, language),
      summarySentence({ ...area, recommendedTo: null, state: 'due' }, language),
      visitSentence(day, language),
      stopSentence(language),
    ];
    expect(medicinesNamed(sentences.join(' '), BRANDS)).toEqual([]);
    expect(advertisingIn(sentences.join(' '))).toEqual([]);
    for (const sentence of sentences.slice(0, 3)) expect(sentence).toMatch(/30\D+2026/);
  });

  it('say where the patient stands and how to be left in peace, and know their places', () => {
    expect(factsOf('Hello', 'Dear {{name}}, come! {{ visits }}')).toEqual({
      ...FINE,
      unknownPlaces: ['visits'],
      missingPlaces: ['summary', 'stop'],
    });
    expect(factsOf('{{summary}} {{stop}}', 'Dear {{name}}')).toMatchObject({
      missingPlaces: ['summary', 'stop'],
    });
    expect(factsOf('{{clinic}}', '{{ summary }}\n{{visit}}\n{{stop}}')).toBeNull();
  });

  it.each([
    ['Time for your Botox', ['botox']],
    ['Your BOTULINUM visit', ['botul']],
    ['Anti-wrinkle injections', ['wrinkle']],
    ['D.y.s.p.o.r.t is back', ['dysport']],
    ['B o t o x for you', ['botox']],
    ['Azzalüre', ['azzalure']],
    ['Botulinumtoxin gegen Falten', ['botul', 'falten', 'toxin']],
    ['Contre les rides', ['rides']],
    ['Cosmetic clinic, ready when you are', []],
    ['Auf alten Wegen entfaltet', []],
  ])('do not name a prescription-only medicine: %s', (text, medicines) => {
    expect(medicinesNamed(text, BRANDS)).toEqual(medicines);
    expect(factsOf('Hello', `${text} {{summary}} {{stop}}`)).toEqual(
      medicines.length === 0 ? null : { ...FINE, medicines },
    );
  });

  it.each([
    ['20% off this week', ['20%']],
    ['A special offer, with a voucher', ['offer', 'voucher']],
    ['Unser Angebot: 10 % Rabatt', ['10 %', 'angebot', 'rabatt']],
    ['We offered you a coffer', []],
  ])('do not advertise: %s', (text, advertising) => {
    expect(advertisingIn(text)).toEqual(advertising);
    expect(factsOf(text, '{{summary}} {{stop}}')).toEqual(
      advertising.length === 0 ? null : { ...FINE, advertising },
    );
  });

  it('have everything in its place, and drop a paragraph that is left empty', () => {
    const { subject, text } = fillIn(builtIn('en'), said());
    expect(subject).toBe('Your next visit to Harley Street');
    expect(text).toBe(
      'Dear Zoë,\n\nNow is a good time.\n\nPlease call us to find a time.\n\nTell us.\n\nHarley Street',
    );
  });

  it('read nothing that is put in as a place or a line of the header', () => {
    const { subject, text } = fillIn(
      { subject: '{{name}}', text: '{{name}} {{summary}} {{stop}}' },
      said({ name: '{{stop}} $& \r\nBcc: x@y.example' }),
    );
    expect(subject).toBe('{{stop}} $& Bcc: x@y.example');
    expect(text).toContain('{{stop}} $&');
  });

  it('are in the patient’s own language where it is spoken, else in the clinic’s', () => {
    expect(messageLanguageOf('de-CH', 'en')).toBe('de');
    expect(messageLanguageOf('FR', 'en')).toBe('fr');
    expect(messageLanguageOf('pl', 'it')).toBe('it');
    expect(messageLanguageOf(null, 'xx')).toBe('en');
  });

  it('write dates out', () => {
    const day = calendarDate('2026-06-01');
    expect(visitSentence(day, 'en')).toMatch(/Monday,? 1 June 2026/);
    expect(visitSentence(day, 'de')).toContain('Montag, 1. Juni 2026');
    expect(visitSentence(day, 'fr')).toContain('lundi 1 juin 2026');
  });
});
