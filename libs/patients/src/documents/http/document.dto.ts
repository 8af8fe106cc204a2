import { IsCalendarDate, IsFilled, PageQuery } from '#http';
import { IsIn, IsOptional, MaxLength } from 'class-validator';

export const DOCUMENT_KINDS = ['identity', 'correspondence', 'agreement', 'clinical'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

export class AddDocument {
  /** A clinical one is seen by those who may read charts. */
  @IsIn(DOCUMENT_KINDS)
  kind!: DocumentKind;

  /** @example Letter of the general practitioner */
  @IsFilled()
  @MaxLength(200)
  title!: string;

  /** The day written on it. @example 2026-11-01 */
  @IsCalendarDate()
  datedOn!: string;
}

export class CorrectDocument {
  /** @example Belongs to another patient */
  @IsFilled()
  @MaxLength(500)
  reason!: string;
}

export class ListDocuments extends PageQuery {
  @IsOptional()
  @IsIn(DOCUMENT_KINDS)
  kind?: DocumentKind;
}

export class DocumentView {
  id!: string;
  patientId!: string;
  kind!: DocumentKind;
  title!: string;
  datedOn!: string;
  mediaType!: string;

  /** Size in bytes. */
  bytes!: number;

  /** SHA-256 of the file as it is kept. */
  sha256!: string;

  /** Why it is wrong, where it was entered in error. */
  errorReason!: string | null;

  recordedById!: string;

  /** Also the ETag. */
  version!: number;
}

export class DocumentPage {
  /** Newest first. */
  items!: DocumentView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}
