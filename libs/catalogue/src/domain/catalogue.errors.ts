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

export class CatalogueNotPublished extends refusal({
  code: 'catalogue_not_published',
  kind: 'unavailable',
  title: 'This database holds no clinical catalogue yet: migrate it',
}) {}

export class ProductNotFound extends refusal({
  code: 'product_not_found',
  kind: 'not-found',
  title: 'The catalogue has no product of this id',
}) {}

export class ProtocolNotFound extends refusal({
  code: 'protocol_not_found',
  kind: 'not-found',
  title: 'The catalogue has no product or no area of this id, so there is no protocol for them',
}) {}

/** Facts: `before` and `after`, the figures that cross. */
export class ProtocolOutOfOrder extends refusal({
  code: 'protocol_out_of_order',
  kind: 'rule',
  title: 'The figures of a window must be in order: from, target, to, lapse',
}) {}

/** Facts: `validFrom` and `today`. */
export class ProtocolBackdated extends refusal({
  code: 'protocol_backdated',
  kind: 'rule',
  title: 'Figures come into force today or later: what was given to patients before stays as it was',
}) {}
