import { refusal } from '#kernel';

export class PatientNotHere extends refusal({
  code: 'record_not_found',
  kind: 'not-found',
  title: 'There is no such record in this clinic',
}) {}

export class ExportNotReady extends refusal({
  code: 'export_not_ready',
  kind: 'conflict',
  title: 'The export is not made yet, or was forgotten after its week',
}) {}

export class UnderLegalHold extends refusal({
  code: 'under_legal_hold',
  kind: 'conflict',
  title: 'A legal hold stands: nothing of this patient is erased before it is lifted',
}) {}

export class LegalHoldLifted extends refusal({
  code: 'legal_hold_lifted',
  kind: 'conflict',
  title: 'This legal hold was lifted before',
}) {}

export class VisitsAhead extends refusal({
  code: 'visits_ahead',
  kind: 'conflict',
  title: 'Visits are still to come: cancel them before the patient is erased',
}) {}

export class ErasureOver extends refusal({
  code: 'erasure_over',
  kind: 'conflict',
  title: 'This erasure was executed or withdrawn before',
}) {}

export class ErasurePlanned extends refusal({
  code: 'erasure_planned',
  kind: 'conflict',
  title: 'An erasure of this patient is planned already',
}) {}

export class AlreadyErased extends refusal({
  code: 'already_erased',
  kind: 'conflict',
  title: 'This patient was erased before; what is kept goes by itself when its time is over',
}) {}

export class UndeclaredTables extends refusal({
  code: 'erasure_undeclared',
  kind: 'rule',
  title:
    'It is not declared what an erasure does with some tables that name this patient: nothing was erased',
}) {}

export class ReasonNamesPatient extends refusal({
  code: 'reason_names_patient',
  kind: 'rule',
  title: 'The reason is kept after the erasure, so it must not name the patient',
}) {}

export class EmergencyAccessOff extends refusal({
  code: 'emergency_access_off',
  kind: 'forbidden',
  title: 'This clinic does not let records be opened in an emergency',
}) {}

export class NoEmergencyAccess extends refusal({
  code: 'no_emergency_access',
  kind: 'forbidden',
  title: 'Say first why this record must be opened in an emergency, or again: the time is over',
}) {}

export class CertificateKeyMissing extends refusal({
  code: 'certificate_key_missing',
  kind: 'unavailable',
  title: 'The service has no key to make certificates with: the operator sets AUDIT_KEYS',
}) {}
