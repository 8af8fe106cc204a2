import { refusal } from '#kernel';

export class CalendarFeedNotFound extends refusal({
  code: 'calendar_feed_not_found',
  kind: 'not-found',
  title: 'There is no such calendar, or its address was revoked',
}) {}

export class CalendarFeedOfAnother extends refusal({
  code: 'calendar_feed_of_another',
  kind: 'forbidden',
  title: 'Only the office makes or revokes calendars of other people',
}) {}
