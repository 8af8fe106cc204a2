import { refusal } from '#kernel';

export class FileTypeRefused extends refusal({
  code: 'file_type_refused',
  kind: 'rule',
  title: 'A file of this type is not taken here',
}) {}

export class FileUnreadable extends refusal({
  code: 'file_unreadable',
  kind: 'rule',
  title: 'The file is damaged, or larger in pixels than any camera makes',
}) {}

export class FileGone extends refusal({
  code: 'file_gone',
  kind: 'unavailable',
  title: 'The store does not have this file at the moment',
}) {}

export class EnteredInErrorNotShown extends refusal({
  code: 'entered_in_error_not_shown',
  kind: 'rule',
  title: 'This was entered in error and is no longer shown',
}) {}
