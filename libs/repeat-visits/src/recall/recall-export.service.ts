import { record } from '#audit';
import { Database } from '#database';
import type { RequestActor } from '#identity';
import { Injectable } from '@nestjs/common';

import type { DuePatientView, FindDue } from './http/recall-list.dto.js';
import { recallFile } from './recall-file.js';
import { cursorOf, RecallListService } from './recall-list.service.js';

const A_PAGE = 100;
/** More than a desk can call in a quarter of a year; a longer list is narrowed by its filters. */
const MOST_PATIENTS = 5000;

/** The list on paper. */
@Injectable()
export class RecallExportService {
  constructor(
    private readonly database: Database,
    private readonly list: RecallListService,
  ) {}

  /** The first 5,000 patients from `after` on, in the order of the list, as CSV. @throws as RecallListService.due */
  file(actor: RequestActor, query: FindDue): Promise<string> {
    const first = cursorOf(query.after);
    return this.database.read(actor, async (tx) => {
      const items: DuePatientView[] = [];
      let after = first;
      do {
        const limit = Math.min(A_PAGE, MOST_PATIENTS - items.length);
        // The file tells no free times: none are looked for.
        const { typeId: _, ...asked } = query;
        const page = await this.list.pageIn(tx, { ...asked, limit }, after);
        items.push(...page.items);
        after = cursorOf(page.next ?? undefined);
      } while (after !== null && items.length < MOST_PATIENTS);
      await record(tx, {
        action: 'recall-list.export',
        entityId: null,
        patientId: null,
        detail: { patients: items.length },
      });
      return recallFile(items);
    });
  }
}
