import { refusal } from '#kernel';

export class LotRecallNotFound extends refusal({
  code: 'lot_recall_not_found',
  kind: 'not-found',
  title: 'There is no such recall in this clinic',
}) {}

export class LotRecallClosed extends refusal({
  code: 'lot_recall_closed',
  kind: 'conflict',
  title: 'The recall is closed',
}) {}

export class PatientNotInRecall extends refusal({
  code: 'patient_not_in_recall',
  kind: 'not-found',
  title: 'The recall has no such patient',
}) {}
