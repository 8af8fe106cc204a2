import type { MessageLanguage } from '#messages';

import { RecallTemplateUnfit } from '../../domain/recall.errors.js';

/** The words of a recall message, with places for what differs from patient to patient. */
export interface TemplateWords {
  readonly subject: string;
  readonly text: string;
}

/** What a template may leave to the message: {{name}}, {{clinic}}, {{summary}}, {{visit}}, {{stop}}. */
export const PLACES = ['name', 'clinic', 'summary', 'visit', 'stop'] as const;
type Place = (typeof PLACES)[number];
/** Every message says where the patient stands, and how to be left in peace. */
const NEEDED: readonly Place[] = ['summary', 'stop'];

const PLACE = /\{\{\s*([^{}]*?)\s*\}\}/g;

const BUILT_IN: Readonly<Record<MessageLanguage, TemplateWords>> = {
  en: {
    subject: 'Your next visit to {{clinic}}',
    text: 'Dear {{name}},\n\n{{summary}}\n\n{{visit}}\n\nPlease call us to find a time.\n\n{{stop}}\n\n{{clinic}}',
  },
  de: {
    subject: 'Ihr nächster Besuch: {{clinic}}',
    text: 'Guten Tag {{name}}\n\n{{summary}}\n\n{{visit}}\n\nBitte rufen Sie uns an, um eine Zeit zu vereinbaren.\n\n{{stop}}\n\n{{clinic}}',
  },
  fr: {
    subject: 'Votre prochaine visite : {{clinic}}',
    text: 'Bonjour {{name}},\n\n{{summary}}\n\n{{visit}}\n\nAppelez-nous pour convenir d’une heure.\n\n{{stop}}\n\n{{clinic}}',
  },
  it: {
    subject: 'La sua prossima visita: {{clinic}}',
    text: 'Buongiorno {{name}},\n\n{{summary}}\n\n{{visit}}\n\nCi chiami per fissare un orario.\n\n{{stop}}\n\n{{clinic}}',
  },
  es: {
    subject: 'Su próxima visita: {{clinic}}',
    text: 'Hola {{name}}:\n\n{{summary}}\n\n{{visit}}\n\nLlámenos para acordar una hora.\n\n{{stop}}\n\n{{clinic}}',
  },
};

/** Used until the clinic writes its own. */
export const builtIn = (language: MessageLanguage): TemplateWords => BUILT_IN[language];

// The class of medicines in the languages of the messages, and what everybody calls it: a prescription-only medicine is not
// to be promoted to the public (Human Medicines Regulations 2012, reg. 284; CAP Code 12.12), nor its indications.
const MEDICINE = [
  'botul',
  'toxin',
  'tossin',
  'botox',
  'neuromodulat',
  'wrinkle',
  'falten',
  'faltchen',
  'antirid',
  'antirug',
];
const INDICATION = ['rides', 'rughe', 'arrugas', 'ridules'];
const ADVERTISING = new Set([
  'discount',
  'offer',
  'offers',
  'sale',
  'voucher',
  'deal',
  'bargain',
  'promotion',
  'promo',
  'gift',
  'younger',
  'loyalty',
  'rabatt',
  'angebot',
  'gutschein',
  'aktion',
  'geschenk',
  'gratis',
  'remise',
  'offre',
  'solde',
  'soldes',
  'cadeau',
  'rajeunir',
  'reduction',
  'sconto',
  'offerta',
  'promozione',
  'regalo',
  'descuento',
  'oferta',
  'promocion',
  'rebaja',
  'cupon',
]);

/** Lower case without accents, as names are compared. */
const plain = (text: string): string =>
  text.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll('ß', 'ss').toLowerCase();
const wordsOf = (text: string): string[] =>
  plain(text)
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
/** Letters written apart are a word too. */
const spacedOut = (text: string): string[] =>
  [...plain(text).matchAll(/\b[a-z](?:[^a-z0-9]+[a-z]\b){3,}/g)].map(([run]) =>
    run.replaceAll(/[^a-z]/g, ''),
  );

/**
 * Words that name a medicine, by the class, its indication or any of `names` (catalogue: brands and substances), also with
 * the letters written apart.
 */
export function medicinesNamed(text: string, names: readonly string[]): string[] {
  const words = [...wordsOf(text), ...spacedOut(text)];
  const stems = [...MEDICINE, ...names.flatMap((name) => wordsOf(name).filter((word) => word.length >= 5))];
  const found = stems.filter((stem) => words.some((word) => word.includes(stem)));
  return [...new Set([...found, ...INDICATION.filter((word) => words.includes(word))])].toSorted();
}

/** Words of advertising, and percentages: a reminder is none. */
export function advertisingIn(text: string): string[] {
  const words = wordsOf(text);
  const shares = [...text.matchAll(/\d+\s?%/g)].map(([share]) => share);
  return [...new Set([...words.filter((word) => ADVERTISING.has(word)), ...shares])].toSorted();
}

/**
 * What the clinic wants to say to patients.
 * @throws RecallTemplateUnfit with every place it does not know, misses, and every word it must not have
 */
export function assertFit({ subject, text }: TemplateWords, medicineNames: readonly string[]): void {
  const used = [...`${subject} ${text}`.matchAll(PLACE)].map(([, name = '']) => name);
  const known = (name: string): boolean => PLACES.some((place) => place === name);
  const inText = new Set([...text.matchAll(PLACE)].map(([, name = '']) => name));
  const said = `${subject} ${text}`.replaceAll(PLACE, ' ');
  const facts = {
    unknownPlaces: [...new Set(used.filter((name) => !known(name)))],
    missingPlaces: NEEDED.filter((place) => !inText.has(place)),
    medicines: medicinesNamed(said, medicineNames),
    advertising: advertisingIn(said),
  };
  if (Object.values(facts).some((list) => list.length > 0)) throw new RecallTemplateUnfit(facts);
}

/** The words with everything in its place; a paragraph that is left empty goes. Nothing put in is read as a place again. */
export function fillIn(
  { subject, text }: TemplateWords,
  said: Readonly<Record<Place, string>>,
): TemplateWords {
  const put = (words: string): string =>
    words.replaceAll(PLACE, (whole, name: string) => {
      const place = PLACES.find((one) => one === name);
      return place === undefined ? whole : said[place];
    });
  return {
    subject: put(subject).replaceAll(/\s+/g, ' ').trim(),
    text: put(text)
      .split(/\n{2,}/)
      .map((paragraph) => paragraph.trim())
      .filter((paragraph) => paragraph !== '')
      .join('\n\n'),
  };
}
