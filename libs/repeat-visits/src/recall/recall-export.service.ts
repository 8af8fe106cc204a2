import { record } from '#audit';
import { Database } from '#database';
import type { RequestActor } from '#identity';
import { Injectable } from '@nestjs/common';

import type { DuePatientView, FindDue } from './http/recall-list.dto.js';
import { recallFile } from './recall-file.js';
import { placeAfter, RecallListService } from './recall-list.service.js';

const A_PAGE = 100;
/** More than a desk can call in a quarter of a year; a longer list is narrowed by its filters. */
export const MOST_PATIENTS = 5000;

export interface RecallFile {
  readonly csv: string;
  /** Where the next file begins; null when this one holds the rest of the list. */
  readonly next: string | null;
}

/** The list on paper. */
@Injectable()
export class RecallExportService {
  constructor(
    private readonly database: Database,
    private readonly list: RecallListService,
  ) {}

  /** The first patients from `after` on, in the order of the list, as CSV. @throws as RecallListService.due */
  file(actor: RequestActor, query: FindDue, mostPatients: number = MOST_PATIENTS): Promise<RecallFile> {
    const first = placeAfter(query.after);
    return this.database.read(actor, async (tx) => {
      const items: DuePatientView[] = [];
      let [after, next] = [first, null as string | null];
      do {
        const limit = Math.min(A_PAGE, mostPatients - items.length);
        // The file tells no free times: none are looked for.
        const { typeId: _, ...asked } = query;
        const page = await this.list.pageIn(tx, { ...asked, limit }, after);
        items.push(...page.items);
        next = page.next;
        after = placeAfter(next ?? undefined);
      } while (after !== null && items.length < mostPatients);
      await record(tx, {
        action: 'recall-list.export',
        entityId: null,
        patientId: null,
        detail: { patients: items.length, isCut: next !== null },
      });
      return { csv: recallFile(items), next };
    });
  }
}
