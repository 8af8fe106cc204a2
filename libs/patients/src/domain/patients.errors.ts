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
  title: 'This patient is deceased or transferred',
}) {}

export class PatientMerged extends refusal({
  code: 'patient_merged',
  kind: 'rule',
  title: 'This record was merged into another one: go on with that',
}) {}

export class QuietHoursEmpty extends refusal({
  code: 'quiet_hours_empty',
  kind: 'rule',
  title: 'Quiet hours begin and end at different times',
}) {}

export class RefusalReasonMisplaced extends refusal({
  code: 'refusal_reason_misplaced',
  kind: 'rule',
  title: 'A reason not to contact the patient needs the wish not to be contacted',
}) {}
