import type { CalendarDate } from '#kernel';
import type { MessageLanguage } from '#messages';

import type { WindowDates, WindowState } from '../../../domain/window-status.js';

/** What a message says by itself, in one language; dates come written out. Nothing names a treatment, an area or a product. */
interface Sentences {
  readonly due: (to: string) => string;
  readonly dueWithoutEnd: string;
  readonly pastDue: (to: string) => string;
  readonly lapsed: (on: string) => string;
  readonly visit: (on: string) => string;
  /** How to be left in peace: every message says it. */
  readonly stop: string;
}

const SENTENCES: Readonly<Record<MessageLanguage, Sentences>> = {
  en: {
    due: (to) => `Now is a good time for your next visit, best by ${to}.`,
    dueWithoutEnd: 'Now is a good time for your next visit.',
    pastDue: (to) => `The best time for your next visit was until ${to}, and you are welcome any day.`,
    lapsed: (on) => `Your last visit was on ${on}, and you are welcome any day.`,
    visit: (on) => `We suggest ${on} or a day close to it.`,
    stop: 'If you would rather not hear from us about visits, tell us and we will not write again.',
  },
  de: {
    due: (to) => `Jetzt ist eine gute Zeit für Ihren nächsten Besuch, am besten bis zum ${to}.`,
    dueWithoutEnd: 'Jetzt ist eine gute Zeit für Ihren nächsten Besuch.',
    pastDue: (to) =>
      `Die beste Zeit für Ihren nächsten Besuch war bis zum ${to}; Sie sind jederzeit willkommen.`,
    lapsed: (on) => `Ihr letzter Besuch war am ${on}; Sie sind jederzeit willkommen.`,
    visit: (on) => `Unser Vorschlag: ${on} oder ein Tag in der Nähe.`,
    stop: 'Möchten Sie keine Nachrichten zu Besuchen mehr erhalten, sagen Sie es uns bitte; wir schreiben dann nicht mehr.',
  },
  fr: {
    due: (to) => `C’est le bon moment pour votre prochaine visite, de préférence avant le ${to} inclus.`,
    dueWithoutEnd: 'C’est le bon moment pour votre prochaine visite.',
    pastDue: (to) =>
      `Le meilleur moment pour votre prochaine visite allait jusqu’au ${to} ; vous êtes bienvenu(e) à tout moment.`,
    lapsed: (on) => `Votre dernière visite date du ${on} ; vous êtes bienvenu(e) à tout moment.`,
    visit: (on) => `Nous vous proposons le ${on} ou un jour proche.`,
    stop: 'Si vous ne souhaitez plus recevoir de messages au sujet des visites, dites-le-nous et nous n’écrirons plus.',
  },
  it: {
    due: (to) => `È un buon momento per la sua prossima visita, preferibilmente entro il ${to}.`,
    dueWithoutEnd: 'È un buon momento per la sua prossima visita.',
    pastDue: (to) =>
      `Il momento migliore per la sua prossima visita era fino al ${to}; è sempre il/la benvenuto/a.`,
    lapsed: (on) => `La sua ultima visita risale al ${on}; è sempre il/la benvenuto/a.`,
    visit: (on) => `Le proponiamo ${on} o un giorno vicino.`,
    stop: 'Se non desidera più ricevere messaggi sulle visite, ce lo dica e non le scriveremo più.',
  },
  es: {
    due: (to) => `Es un buen momento para su próxima visita, preferiblemente hasta el ${to}.`,
    dueWithoutEnd: 'Es un buen momento para su próxima visita.',
    pastDue: (to) => `El mejor momento para su próxima visita era hasta el ${to}; puede venir cualquier día.`,
    lapsed: (on) => `Su última visita fue el ${on}; puede venir cualquier día.`,
    visit: (on) => `Le proponemos el ${on} o un día cercano.`,
    stop: 'Si prefiere no recibir mensajes sobre visitas, díganoslo y no volveremos a escribirle.',
  },
};

const LOCALES: Readonly<Record<MessageLanguage, string>> = {
  en: 'en-GB',
  de: 'de-DE',
  fr: 'fr-FR',
  it: 'it-IT',
  es: 'es-ES',
};

/** What a message is about: the most pressing of the areas the patient may be asked about. */
export interface AreaToSay extends Pick<WindowDates, 'recommendedTo'> {
  readonly state: WindowState;
  readonly lastTreatedOn: CalendarDate | null;
}

/** A civil date as it is written out; with the weekday where a day is proposed. */
export function writtenOut(date: CalendarDate, language: MessageLanguage, weekday = false): string {
  const style = { dateStyle: weekday ? 'full' : 'long', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(LOCALES[language], style).format(new Date(`${date}T00:00:00Z`));
}

/** One sentence of where the patient stands: that of `patientSummary`, for eyes it may not be meant for. */
export function summarySentence(
  { state, recommendedTo, lastTreatedOn }: AreaToSay,
  language: MessageLanguage,
): string {
  const { due, dueWithoutEnd, pastDue, lapsed } = SENTENCES[language];
  if (state === 'lapsed' && lastTreatedOn !== null) return lapsed(writtenOut(lastTreatedOn, language));
  if (recommendedTo === null || state === 'lapsed') return dueWithoutEnd;
  return (state === 'past-due' ? pastDue : due)(writtenOut(recommendedTo, language));
}

export const visitSentence = (on: CalendarDate, language: MessageLanguage): string =>
  SENTENCES[language].visit(writtenOut(on, language, true));

export const stopSentence = (language: MessageLanguage): string => SENTENCES[language].stop;
