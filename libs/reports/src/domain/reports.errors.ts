import { refusal } from '#kernel';

export class AsOfInFuture extends refusal({
  code: 'as_of_in_future',
  kind: 'rule',
  title: 'A report can only say what is known by today: asOf lies in the future of every location',
}) {}

export class ReportLocationNotFound extends refusal({
  code: 'report_location_not_found',
  kind: 'not-found',
  title: 'There is no location with this id',
}) {}
