import { refusal } from '#kernel';

export class PackOfOtherProduct extends refusal({
  code: 'pack_of_other_product',
  kind: 'rule',
  title: 'The code on the pack belongs to another product',
}) {}

export class PackOfOtherStrength extends refusal({
  code: 'pack_of_other_strength',
  kind: 'rule',
  title: 'The code on the pack belongs to vials of another strength',
}) {}

export class DeliveryUncounted extends refusal({
  code: 'delivery_uncounted',
  kind: 'bad-input',
  title: 'A delivery says where it came to and how many vials it has, at least one a serial',
}) {}

export class ScanOfOtherLot extends refusal({
  code: 'scan_of_other_lot',
  kind: 'rule',
  title: 'The scanned pack is of another lot',
}) {}

export class SerialKnown extends refusal({
  code: 'serial_known',
  kind: 'conflict',
  title: 'A vial of this lot with this serial is in the stock already',
}) {}

export class TooFewVials extends refusal({
  code: 'too_few_vials',
  kind: 'conflict',
  title: 'There are not that many sealed vials of the lot at this location',
}) {}

export class TransferNowhere extends refusal({
  code: 'transfer_nowhere',
  kind: 'bad-input',
  title: 'A transfer goes to another location',
}) {}
