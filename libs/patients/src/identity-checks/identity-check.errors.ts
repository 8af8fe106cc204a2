import { refusal } from '#kernel';

export class IdentityCheckNotFound extends refusal({
  code: 'identity_check_not_found',
  kind: 'not-found',
  title: 'This patient has no such proof of identity or age',
}) {}
