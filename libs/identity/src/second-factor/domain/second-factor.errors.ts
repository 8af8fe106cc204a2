import { refusal } from '#kernel';

export class SecondFactorNeeded extends refusal({
  code: 'second_factor_needed',
  kind: 'unauthenticated',
  title: 'Send the code of the authenticator app, or a recovery code, as well',
}) {}

export class SecondFactorRefused extends refusal({
  code: 'second_factor_refused',
  kind: 'unauthenticated',
  title: 'The code is wrong, over, or was used before',
}) {}

export class SecondFactorDue extends refusal({
  code: 'second_factor_due',
  kind: 'forbidden',
  title: 'The clinic asks for a second factor: set one up first',
}) {}

export class SecondFactorSetUp extends refusal({
  code: 'second_factor_set_up',
  kind: 'conflict',
  title: 'A second factor is set up already: remove it first',
}) {}

export class SecondFactorMissing extends refusal({
  code: 'second_factor_missing',
  kind: 'rule',
  title: 'There is no second factor to confirm or use: set one up first',
}) {}

export class SecondFactorCodeWrong extends refusal({
  code: 'second_factor_code_wrong',
  kind: 'rule',
  title: 'The code is wrong, over, or was used before',
}) {}

export class SecondFactorObligatory extends refusal({
  code: 'second_factor_obligatory',
  kind: 'rule',
  title: 'The clinic asks for a second factor: it can be replaced by the office, not removed',
}) {}
