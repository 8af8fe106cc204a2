import { record } from '#audit';
import { CatalogueService } from '#catalogue';
import { Database, type Tx } from '#database';
import { assertFresh, StaleVersion } from '#http';
import type { RequestActor } from '#identity';
import { MESSAGE_LANGUAGES, type MessageLanguage } from '#messages';
import { Injectable } from '@nestjs/common';

import { assertFit, builtIn, type TemplateWords } from './domain/template.js';
import type { RecallTemplateList, RecallTemplateView } from './http/templates.dto.js';
import { medicineNames } from './message-writer.js';
import { TemplatesRepository } from './templates.repository.js';

/** The clinic's own words for recall messages. */
@Injectable()
export class MessageTemplatesService {
  constructor(
    private readonly database: Database,
    private readonly templates: TemplatesRepository,
    private readonly catalogue: CatalogueService,
  ) {}

  list(actor: RequestActor): Promise<RecallTemplateList> {
    return this.database.read(actor, async (tx) => ({ items: await this.#all(tx) }));
  }

  /** A new version; what was sent keeps the number of its own. @throws RecallTemplateUnfit, StaleVersion */
  write(
    actor: RequestActor,
    language: MessageLanguage,
    words: TemplateWords,
    read: number | undefined,
  ): Promise<RecallTemplateView> {
    return this.database.write(actor, async (tx) => {
      assertFit(words, await medicineNames(tx, this.catalogue));
      const present = (await this.#of(tx, language)).version;
      assertFresh(present, read);
      const kept = await this.templates.add(tx, language, present + 1, words);
      if (!kept) throw new StaleVersion({ present: present + 1, read: read ?? present });
      const detail = { language, version: present + 1 };
      await record(tx, { action: 'recall-template.write', entityId: null, patientId: null, detail });
      return this.#of(tx, language);
    });
  }

  async #of(tx: Tx, language: MessageLanguage): Promise<RecallTemplateView> {
    const found = (await this.#all(tx)).find((one) => one.language === language);
    return found ?? builtInView(language);
  }

  async #all(tx: Tx): Promise<RecallTemplateView[]> {
    const own = new Map((await this.templates.inForce(tx)).map((one) => [one.language, one]));
    return MESSAGE_LANGUAGES.map((language) => own.get(language) ?? builtInView(language));
  }
}

const builtInView = (language: MessageLanguage): RecallTemplateView => ({
  language,
  ...builtIn(language),
  version: 0,
  at: null,
  staffId: null,
  staffName: null,
});
