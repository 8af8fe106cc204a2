import { refusal } from '#kernel';

export class LotNotFound extends refusal({
  code: 'lot_not_found',
  kind: 'not-found',
  title: 'There is no such lot in this clinic',
}) {}

export class LotExists extends refusal({
  code: 'lot_exists',
  kind: 'conflict',
  title: 'This lot is in the stock already',
}) {}

export class LotIncomplete extends refusal({
  code: 'lot_incomplete',
  kind: 'bad-input',
  title: 'A lot needs a number and an expiry date, from the scanned code or typed, not both',
}) {}

export class LotStatusRefused extends refusal({
  code: 'lot_status_refused',
  kind: 'conflict',
  title: 'The lot cannot take this step in its present status',
}) {}

export class LotOfOtherProduct extends refusal({
  code: 'lot_of_other_product',
  kind: 'rule',
  title: 'The lot is of another product than the injection',
}) {}

export class LotExpired extends refusal({
  code: 'lot_expired',
  kind: 'rule',
  title: 'The lot is past its expiry date on the day of the treatment',
}) {}

export class LotNotUsable extends refusal({
  code: 'lot_not_usable',
  kind: 'rule',
  title: 'The lot is quarantined or recalled',
}) {}
