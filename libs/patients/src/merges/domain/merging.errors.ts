import { refusal } from '#kernel';

export class MergeRefused extends refusal({
  code: 'merge_refused',
  kind: 'rule',
  title: 'These two records cannot be one person as they stand',
}) {}

export class NotMerged extends refusal({
  code: 'not_merged',
  kind: 'rule',
  title: 'This record is not merged into another one',
}) {}
