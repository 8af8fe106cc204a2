import { refusal } from '#kernel';

/** Facts: `pointer` (RFC 6901) into the document and `problem`. */
export class MalformedCatalogue extends refusal({
  code: 'malformed_catalogue',
  kind: 'bad-input',
  title: 'The catalogue data cannot be read: a value is missing, mistyped or refers to nothing',
}) {}

export class UnknownProduct extends refusal({
  code: 'unknown_product',
  kind: 'bad-input',
  title: 'The catalogue has no product of this id',
}) {}

export class UnknownArea extends refusal({
  code: 'unknown_area',
  kind: 'bad-input',
  title: 'The catalogue has no area of this id',
}) {}
