import { sql, type Tx } from '#database';
import type { MessageLanguage } from '#messages';
import { Injectable } from '@nestjs/common';

import type { TemplateWords } from './domain/template.js';

/** The clinic's own words in one language, as they are in force. */
export interface TemplateRow extends TemplateWords {
  readonly language: MessageLanguage;
  readonly version: number;
  readonly at: Date;
  readonly staffId: string;
  readonly staffName: string;
}

const IN_FORCE = sql(`
  SELECT DISTINCT ON (t.language) t.language, t.version, t.subject, t.text, t.at, t.staff_id AS "staffId", s.display_name AS "staffName"
    FROM recall_template t JOIN staff s ON s.clinic_id = t.clinic_id AND s.id = t.staff_id
   WHERE t.clinic_id = $1 ORDER BY t.language, t.version DESC`);
// Of two who write the same version at once the key lets one.
const ADD = sql(`
  INSERT INTO recall_template (clinic_id, language, version, subject, text, staff_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT DO NOTHING`);

@Injectable()
export class TemplatesRepository {
  /** Of every language the clinic wrote its own words in. */
  inForce(tx: Tx): Promise<TemplateRow[]> {
    return tx.rows<TemplateRow>(IN_FORCE, [tx.clinicId]);
  }

  /** Whether it was kept: false when somebody else wrote this version meanwhile. */
  async add(
    tx: Tx,
    language: MessageLanguage,
    version: number,
    { subject, text }: TemplateWords,
  ): Promise<boolean> {
    const added = await tx.run(ADD, [
      tx.clinicId,
      language,
      version,
      subject,
      text,
      tx.actor.staffId,
      tx.now,
    ]);
    return added === 1;
  }
}
