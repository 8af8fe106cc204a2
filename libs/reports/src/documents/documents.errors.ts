import { refusal } from '#kernel';

export class ReportDocumentNotFound extends refusal({
  code: 'report_document_not_found',
  kind: 'not-found',
  title: 'There is no report with this id that you asked for, or it has expired',
}) {}

export class ReportDocumentNotReady extends refusal({
  code: 'report_document_not_ready',
  kind: 'conflict',
  title: 'The report is not made yet, or could not be made',
}) {}
