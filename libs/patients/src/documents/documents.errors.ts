import { refusal } from '#kernel';

export class DocumentNotFound extends refusal({
  code: 'document_not_found',
  kind: 'not-found',
  title: 'There is no such document in this clinic',
}) {}
