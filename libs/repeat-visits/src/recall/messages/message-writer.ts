import { CatalogueService } from '#catalogue';
import type { Tx } from '#database';
import type { ClinicSettings } from '#identity';
import { addDays } from '#kernel';
import { type MessageLanguage, messageLanguageOf } from '#messages';
import { Injectable } from '@nestjs/common';

import type { Bearing } from '../contact-checks.js';
import { visitToOffer } from '../visit-to-offer.js';
import { type AreaToSay, stopSentence, summarySentence, visitSentence } from './domain/sentences.js';
import { builtIn, fillIn, medicinesNamed, type TemplateWords } from './domain/template.js';
import type { Decided } from './message-decisions.js';
import { TemplatesRepository } from './templates.repository.js';

export interface Written extends TemplateWords {
  readonly language: MessageLanguage;
  /** 0: the built-in words. */
  readonly templateVersion: number;
  /** Words that name a medicine: a message with any is not sent. */
  readonly medicines: readonly string[];
}

/** Words of brands and substances that no message may have. */
export async function medicineNames(tx: Tx, catalogue: CatalogueService): Promise<string[]> {
  const { products } = await catalogue.current(tx);
  // A brand's own word is its first: "cosmetic" behind it is a word like any other.
  return products.flatMap(({ brands }) => brands.flatMap(({ brand }) => brand.split(' ')[0] ?? []));
}

/** Puts a message to one patient into words, in the patient's language and the clinic's own wording. */
@Injectable()
export class MessageWriter {
  constructor(
    private readonly templates: TemplatesRepository,
    private readonly catalogue: CatalogueService,
  ) {}

  /** `area`: the most pressing of those it is about. */
  async write(
    tx: Tx,
    settings: ClinicSettings,
    bearing: Bearing,
    area: AreaToSay,
    offersVisit: boolean,
  ): Promise<Written> {
    const { contact, windows, on } = bearing;
    const language = messageLanguageOf(contact.language, settings.messageLanguage);
    const own = (await this.templates.inForce(tx)).find((one) => one.language === language);
    const words = own ?? builtIn(language);
    // Nobody comes on the day they read of it.
    const visit = offersVisit ? visitToOffer(windows, 'messaged', addDays(on, 1)) : null;
    const filled = fillIn(words, {
      name: contact.preferredName ?? contact.givenName,
      clinic: settings.name,
      summary: summarySentence(area, language),
      visit: visit === null ? '' : visitSentence(visit.date, language),
      stop: stopSentence(language),
    });
    const said = `${words.subject} ${words.text} ${settings.name}`;
    const medicines = medicinesNamed(said, await medicineNames(tx, this.catalogue));
    return { ...filled, language, templateVersion: own?.version ?? 0, medicines };
  }
}

/** The most pressing area of a message; null when it is about none. */
export const areaToSay = ({ about: [first] }: Decided): AreaToSay | null =>
  first === undefined
    ? null
    : {
        state: first.state,
        recommendedTo: first.window.recommendedTo,
        lastTreatedOn: first.window.lastTreatedOn,
      };
