import type { Permission } from '#identity';
import { Injectable } from '@nestjs/common';

/** What one context has to tell of a patient, as SQL over its own tables. */
export interface TimelineSource {
  /** Who may see it. */
  readonly permission: Permission;
  /**
   * A SELECT of `kind` text, `id` uuid, `at` timestamptz, `day` date (civil, where it happened), `title` text and `status`
   * text, of the rows with clinic_id = $1 and patient_id = ANY ($2::uuid[]).
   */
  readonly select: string;
}

/** Every context that knows something of a patient offers it here; the timeline reads all of them in one query. */
@Injectable()
export class TimelinePort {
  readonly #sources: TimelineSource[] = [];

  offer(...sources: readonly TimelineSource[]): void {
    this.#sources.push(...sources);
  }

  /** What somebody with these permissions may see. */
  sourcesFor(permissions: ReadonlySet<Permission>): readonly TimelineSource[] {
    return this.#sources.filter(({ permission }) => permissions.has(permission));
  }
}
