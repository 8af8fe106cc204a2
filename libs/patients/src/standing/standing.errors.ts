import { refusal } from '#kernel';

export class NeverLeftCare extends refusal({
  code: 'never_left_care',
  kind: 'rule',
  title: 'This patient is in care: there is nothing to take back',
}) {}

export class DeathStands extends refusal({
  code: 'death_stands',
  kind: 'rule',
  title: 'Who died does not return: say that it was recorded by mistake',
}) {}
