import { refusal } from '#kernel';

export class AddressRefused extends refusal({
  code: 'address_refused',
  kind: 'rule',
  title: 'The service sends nothing to this address: it must be public, and https',
}) {}
