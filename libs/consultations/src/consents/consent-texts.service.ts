import { record } from '#audit';
import { areaOf, CatalogueService } from '#catalogue';
import { Database, type Tx } from '#database';
import { pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { isId, textHash } from '#kernel';
import { Injectable } from '@nestjs/common';

import {
  ConsentAreaMismatch,
  ConsentTextDiffers,
  ConsentTextMissing,
  ConsentTextNotFound,
  ConsentTextUnknown,
} from '../domain/consultations.errors.js';
import type { GiveConsent } from './http/consent.dto.js';
import { ConsentTextsRepository, type ConsentTextRow } from './consent-texts.repository.js';
import type {
  ConsentTextPage,
  ConsentTextView,
  FindConsentTexts,
  KeepConsentText,
} from './http/consent-text.dto.js';

const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The texts patients sign, version by version, kept for good. */
@Injectable()
export class ConsentTextsService {
  constructor(
    private readonly database: Database,
    private readonly texts: ConsentTextsRepository,
    private readonly catalogue: CatalogueService,
  ) {}

  /** Newest first. */
  list(actor: RequestActor, { kind, limit, after }: FindConsentTexts): Promise<ConsentTextPage> {
    const [before = LAST] = readCursor(after, [isId]) ?? [];
    return this.database.read(actor, async (tx) => {
      const rows = await this.texts.list(tx, kind, String(before), limit);
      const { items, next } = pageOf(rows, limit, ({ id }) => [id]);
      return { items, next };
    });
  }

  /** What somebody read who consented. @throws ConsentTextNotFound */
  read(actor: RequestActor, id: string): Promise<ConsentTextView> {
    return this.database.read(actor, async (tx) => {
      const text = await this.texts.read(tx, id);
      if (!text) throw new ConsentTextNotFound();
      return text;
    });
  }

  /** Keeps a version for consents to come. @throws ConsentAreaMismatch, UnknownArea, ConsentTextDiffers */
  keep(
    actor: RequestActor,
    wanted: KeepConsentText,
  ): Promise<Pick<ConsentTextView, 'id' | 'textHash' | 'covers'>> {
    return this.database.write(actor, async (tx) => {
      if (wanted.kind === 'treatment' && wanted.area !== undefined)
        throw new ConsentAreaMismatch({ kind: wanted.kind });
      if (wanted.area !== undefined) areaOf(await this.catalogue.current(tx), wanted.area);
      const kept = await this.#keep(tx, wanted);
      await record(tx, { action: 'consent-text.keep', entityId: kept.id, patientId: null });
      return kept;
    });
  }

  /**
   * Keeps that a patient consented; the id of the consent.
   * @throws ConsentTextMissing, ConsentTextUnknown, ConsentTextDiffers
   */
  async give(
    tx: Tx,
    consultation: { readonly id: string; readonly patientId: string },
    consent: GiveConsent,
  ): Promise<string> {
    return this.texts.give(tx, consultation, consent, await this.#read(tx, consent));
  }

  /**
   * The text a patient says to have read: given whole it is kept, by hash or by version alone it must be known.
   * @throws ConsentTextMissing, ConsentTextUnknown, ConsentTextDiffers
   */
  async #read(
    tx: Tx,
    { kind, area, textVersion: version, text, textHash: hash, covers }: GiveConsent,
  ): Promise<ConsentTextRow> {
    if (text !== undefined && hash !== undefined) throw new ConsentTextMissing();
    if (text !== undefined) {
      const known = await this.texts.ofVersion(tx, kind, area, version);
      if (known?.textHash === textHash(text)) return known;
      return this.#keep(tx, {
        kind,
        version,
        text,
        ...(area ? { area } : {}),
        ...(covers ? { covers } : {}),
      });
    }
    const known =
      hash === undefined
        ? await this.texts.ofVersion(tx, kind, area, version)
        : await this.texts.ofHash(tx, kind, area, version, hash);
    if (known) return known;
    throw hash === undefined ? new ConsentTextMissing() : new ConsentTextUnknown({ textHash: hash });
  }

  async #keep(tx: Tx, wanted: KeepConsentText): Promise<ConsentTextRow> {
    const kept = await this.texts.keep(tx, wanted);
    if (kept.textHash !== textHash(wanted.text))
      throw new ConsentTextDiffers({ kind: wanted.kind, area: wanted.area ?? null, version: wanted.version });
    return kept;
  }
}
