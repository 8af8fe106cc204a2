import { refusal } from '#kernel';

export class ApiKeyNotFound extends refusal({
  code: 'api_key_not_found',
  kind: 'not-found',
  title: 'There is no such API key in this clinic, or it has ended',
}) {}

export class ScopeBeyondOwn extends refusal({
  code: 'scope_beyond_own',
  kind: 'forbidden',
  title: 'Nobody gives a key more than they may do themselves',
}) {}

export class ApiKeyExpiryInvalid extends refusal({
  code: 'api_key_expiry_invalid',
  kind: 'rule',
  title: 'A key ends on a day ahead, within a year',
}) {}
