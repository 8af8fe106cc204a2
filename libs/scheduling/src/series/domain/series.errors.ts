import { refusal } from '#kernel';

export class SeriesNotFound extends refusal({
  code: 'series_not_found',
  kind: 'not-found',
  title: 'There is no such series in this clinic',
}) {}

/** Facts: `visits`, each that cannot be had with its `problem` and the nearest free `alternatives`. */
export class SeriesBlocked extends refusal({
  code: 'series_blocked',
  kind: 'conflict',
  title: 'Not every visit of the series can be had as asked, so none was booked or changed',
}) {}

export class SeriesVisitsOverlap extends refusal({
  code: 'series_visits_overlap',
  kind: 'conflict',
  title: 'Two visits of the series would take place at the same time',
}) {}

export class SeriesVisitUnknown extends refusal({
  code: 'series_visit_unknown',
  kind: 'bad-input',
  title: 'A visit is named that the series does not have, or is named twice',
}) {}

export class SeriesNothingOpen extends refusal({
  code: 'series_nothing_open',
  kind: 'conflict',
  title: 'No visit of the series is left to book or to change from here on',
}) {}
