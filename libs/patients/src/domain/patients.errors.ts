import { refusal } from '#kernel';

export class PatientNotFound extends refusal({
  code: 'patient_not_found',
  kind: 'not-found',
  title: 'There is no such patient in this clinic',
}) {}

export class PossibleDuplicate extends refusal({
  code: 'possible_duplicate',
  kind: 'conflict',
  title: 'This may be someone already registered: open one of these, or say that it is another person',
}) {}

export class BirthDateImpossible extends refusal({
  code: 'birth_date_impossible',
  kind: 'rule',
  title: 'A birth date lies in the past and not more than 130 years ago',
}) {}

export class RecordedDateImpossible extends refusal({
  code: 'recorded_date_impossible',
  kind: 'rule',
  title: 'What is recorded of a patient happened between their birth and today',
}) {}

export class PatientLeftCare extends refusal({
  code: 'patient_left_care',
  kind: 'rule',
  title: 'This patient is deceased, transferred or merged into another record',
}) {}
