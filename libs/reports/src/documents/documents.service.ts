import { record } from '#audit';
import { Database, type Tx } from '#database';
import { InvalidInput, pageOf, readCursor, type InputError, type PageQuery } from '#http';
import type { RequestActor } from '#identity';
import { Jobs } from '#jobs';
import { isId, type CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { ReturnFilter } from '../domain/return-filter.js';
import { periodOf } from '../figures/period.js';
import { ReportFrame } from '../report-frame.js';
import { ReportDocumentNotFound, ReportDocumentNotReady } from './documents.errors.js';
import { DocumentsRepository, type DocumentRow } from './documents.repository.js';
import type { AskReportDocument, ReportDocumentPage, ReportDocumentView } from './http/document.dto.js';

const KEPT_MS = 7 * 86_400_000;
const MEDIA_TYPES = { html: 'text/html; charset=utf-8', csv: 'text/csv; charset=utf-8' } as const;

/** Reports that take their time: asked for, made by the worker, kept for a week for whoever asked. */
@Injectable()
export class DocumentsService {
  constructor(
    private readonly database: Database,
    private readonly frame: ReportFrame,
    private readonly documents: DocumentsRepository,
    private readonly jobs: Jobs,
  ) {}

  /**
   * asOf is fixed now, so that the document says what the question meant, whenever it is made.
   * @throws AsOfInFuture, InvalidInput, StaffNotFound, ReportLocationNotFound, UnknownProduct, UnknownArea
   */
  ask(actor: RequestActor, wanted: AskReportDocument): Promise<ReportDocumentView> {
    return this.database.write(actor, async (tx) => {
      const asOf = await this.frame.asOf(tx, wanted.asOf);
      const filter = await this.frame.filter(tx, wanted, 'body');
      if (wanted.kind === 'clinic-figures') mustBeOfFigures(asOf, filter);
      const { kind, format, scope, cohortBy, by = null, horizons = null } = wanted;
      const {
        practitionerId = null,
        locationId = null,
        product = null,
        area = null,
        from = null,
        to = null,
      } = wanted;
      const id = await this.documents.ask(tx, {
        kind,
        format,
        askedBy: actor.staffId,
        tellsSmall: actor.permissions.has('charts:read'),
        expiresAt: new Date(tx.now.getTime() + KEPT_MS),
        question: {
          market: actor.market,
          asOf,
          scope,
          cohortBy,
          by,
          horizons,
          practitionerId,
          locationId,
          product,
          area,
          from,
          to,
        },
      });
      await this.jobs.enqueue(tx, 'report-document', { clinicId: tx.clinicId, documentId: id });
      await record(tx, {
        action: 'report-document.ask',
        entityId: id,
        patientId: null,
        detail: { kind, format },
      });
      return view(await this.#own(tx, actor, id));
    });
  }

  /** One's own, newest first; those that tell small numbers only as long as one may be told them. */
  list(actor: RequestActor, { limit, after }: PageQuery): Promise<ReportDocumentPage> {
    const [before = null] = readCursor(after, [isId]) ?? [];
    return this.database.read(actor, async (tx) => {
      const rows = await this.documents.list(tx, actor.staffId, {
        tellingSmall: actor.permissions.has('charts:read'),
        before: before === null ? null : String(before),
        limit,
      });
      const { items, next } = pageOf(rows, limit, ({ id }) => [id]);
      return { items: items.map(view), next };
    });
  }

  /** @throws ReportDocumentNotFound */
  read(actor: RequestActor, id: string): Promise<ReportDocumentView> {
    return this.database.read(actor, async (tx) => view(await this.#own(tx, actor, id)));
  }

  /** The document itself. @throws ReportDocumentNotFound, ReportDocumentNotReady */
  content(actor: RequestActor, id: string): Promise<{ mediaType: string; name: string; text: string }> {
    return this.database.read(actor, async (tx) => {
      const { kind, format, question, status } = await this.#own(tx, actor, id);
      const text = await this.documents.content(tx, id);
      if (text === null) throw new ReportDocumentNotReady({ status });
      await record(tx, { action: 'report-document.read', entityId: id, patientId: null });
      return { mediaType: MEDIA_TYPES[format], name: `${kind}-${question.asOf}.${format}`, text };
    });
  }

  /** Another’s report is as unknown as one that is not there: it may tell what the asker may not see. */
  async #own(tx: Tx, actor: RequestActor, id: string): Promise<DocumentRow> {
    const row = await this.documents.read(tx, id);
    const mayStill = row !== null && (!row.tellsSmall || actor.permissions.has('charts:read'));
    if (row === null || row.askedBy !== actor.staffId || !mayStill) throw new ReportDocumentNotFound();
    return row;
  }
}

/** Figures know no product or area: a page that named one above them would say what is not so. */
function mustBeOfFigures(asOf: CalendarDate, { product, area, ...days }: ReturnFilter): void {
  const wrong = Object.entries({ product, area }).flatMap(([name, value]): InputError[] =>
    value === undefined
      ? []
      : [{ pointer: `/${name}`, in: 'body', detail: `The clinic’s figures are not cut by ${name}` }],
  );
  if (wrong.length > 0) throw new InvalidInput(wrong);
  periodOf(asOf, days, 'body');
}

const view = ({
  id,
  kind,
  format,
  question,
  status,
  progress,
  sha256,
  ...dates
}: DocumentRow): ReportDocumentView => ({
  id,
  kind,
  format,
  asOf: question.asOf,
  status,
  progress,
  sha256,
  link: status === 'done' ? `/v1/reports/documents/${id}/content` : null,
  askedAt: dates.askedAt,
  doneAt: dates.doneAt,
  expiresAt: dates.expiresAt,
});
