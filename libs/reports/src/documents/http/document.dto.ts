import { IsIn, IsOptional } from 'class-validator';

import { CUTS, type Cut } from '../../domain/courses/cuts.js';
import type { CohortPeriod } from '../../domain/return-cohorts.js';
import { PERIODS, ReturnQuery } from '../../http/report-query.dto.js';
import {
  DOCUMENT_FORMATS,
  DOCUMENT_KINDS,
  type DocumentFormat,
  type DocumentKind,
} from '../document-question.js';

export class AskReportDocument extends ReturnQuery {
  /** return-rate: curves, cohort table, figures and definitions; clinic-figures: a period’s figures, of any product and area. */
  @IsIn(DOCUMENT_KINDS)
  kind!: DocumentKind;

  /** html: one page to read and print; csv: for a spreadsheet. */
  @IsIn(DOCUMENT_FORMATS)
  format!: DocumentFormat;

  /** How the cohorts are cut. */
  @IsOptional()
  @IsIn(PERIODS)
  cohortBy: CohortPeriod = 'month';

  /** What the curves are cut by. */
  @IsOptional()
  @IsIn(CUTS)
  by?: Cut;
}

export class ReportDocumentView {
  id!: string;

  /** @example return-rate */
  kind!: string;

  /** @example html */
  format!: string;

  /** The day it stands on. @example 2026-06-30 */
  asOf!: string;

  /** waiting, running, done, failed. @example running */
  status!: string;

  /** Per cent. @example 60 */
  progress!: number;

  /** Where it is read, once it is done. @example /v1/reports/documents/0190b000-0000-7000-8003-000000000001/content */
  link!: string | null;

  /** SHA-256 of its bytes: the same question gives the same. */
  sha256!: string | null;
  askedAt!: Date;
  doneAt!: Date | null;

  /** Until when it is kept. */
  expiresAt!: Date;
}

export class ReportDocumentPage {
  items!: ReportDocumentView[];
  next!: string | null;
}
