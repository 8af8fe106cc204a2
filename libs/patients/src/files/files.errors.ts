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
