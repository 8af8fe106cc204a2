import { refusal } from '#kernel';

export class NotGs1 extends refusal({
  code: 'not_gs1',
  kind: 'bad-input',
  title: 'This is not a GS1 code: it is empty or marked as another kind of symbol',
}) {}

export class UnknownApplicationIdentifier extends refusal({
  code: 'unknown_ai',
  kind: 'bad-input',
  title: 'The code has an application identifier GS1 does not define',
}) {}

export class TruncatedElement extends refusal({
  code: 'truncated',
  kind: 'bad-input',
  title: 'A field of the code ends too early',
}) {}

export class ElementTooLong extends refusal({
  code: 'field_too_long',
  kind: 'bad-input',
  title: 'A field of the code is longer than GS1 allows: a separator is probably missing',
}) {}

export class BadElementCharacter extends refusal({
  code: 'bad_character',
  kind: 'bad-input',
  title: 'A field of the code has a character GS1 does not allow there',
}) {}

export class BadGtinCheckDigit extends refusal({
  code: 'bad_gtin_check_digit',
  kind: 'bad-input',
  title: 'The check digit of the GTIN is wrong: scan or type the code again',
}) {}

export class BadKeyCheckDigit extends refusal({
  code: 'bad_check_digit',
  kind: 'bad-input',
  title: 'The check digit of a GS1 key in the code is wrong: scan it again',
}) {}

export class BadGs1Date extends refusal({
  code: 'bad_date',
  kind: 'bad-input',
  title: 'A date of the code does not exist',
}) {}

export class ConflictingElement extends refusal({
  code: 'duplicate_ai',
  kind: 'bad-input',
  title: 'The code gives one application identifier twice with different values',
}) {}

/** What reading a pack's code can refuse. */
export const REFUSED_CODES = [
  NotGs1,
  UnknownApplicationIdentifier,
  TruncatedElement,
  ElementTooLong,
  BadElementCharacter,
  BadGtinCheckDigit,
  BadKeyCheckDigit,
  BadGs1Date,
  ConflictingElement,
];
