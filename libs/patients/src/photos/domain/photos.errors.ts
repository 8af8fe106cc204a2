import { refusal } from '#kernel';

export class PhotoNotFound extends refusal({
  code: 'photo_not_found',
  kind: 'not-found',
  title: 'There is no such photo in this clinic',
}) {}

export class PhotoVisitNotFound extends refusal({
  code: 'photo_visit_not_found',
  kind: 'not-found',
  title: 'This patient has no such treatment or consultation',
}) {}

export class PhotoAlreadyKept extends refusal({
  code: 'photo_already_kept',
  kind: 'conflict',
  title: 'This very picture is kept with this patient already',
}) {}

export class PhotoUseNotAllowed extends refusal({
  code: 'photo_use_not_allowed',
  kind: 'rule',
  title: 'The patient has not agreed to this use of the photo, or no longer does',
}) {}

export class PhotoUseAllowedAlready extends refusal({
  code: 'photo_use_allowed_already',
  kind: 'rule',
  title: 'The patient has agreed to this use of the photo before',
}) {}
