import { refusal } from '#kernel';

export class NotSignedIn extends refusal({
  code: 'not_signed_in',
  kind: 'unauthenticated',
  title: 'Sign in first: the session is missing, expired or ended',
}) {}

export class SignInRefused extends refusal({
  code: 'sign_in_refused',
  kind: 'unauthenticated',
  title: 'E-mail address and password do not belong together',
}) {}

export class ClinicNeeded extends refusal({
  code: 'clinic_needed',
  kind: 'rule',
  title: 'This sign-in is valid in several clinics: say which',
}) {}

export class NotPermitted extends refusal({
  code: 'not_permitted',
  kind: 'forbidden',
  title: 'Your roles do not allow this',
}) {}

export class StaffNotFound extends refusal({
  code: 'staff_not_found',
  kind: 'not-found',
  title: 'There is no such practitioner in this clinic',
}) {}

export class SessionNotFound extends refusal({
  code: 'session_not_found',
  kind: 'not-found',
  title: 'You have no such open session',
}) {}

export class NotYourLocation extends refusal({
  code: 'not_your_location',
  kind: 'forbidden',
  title: 'You do not work at this location',
}) {}

export class SealingNotSetUp extends refusal({
  code: 'sealing_not_set_up',
  kind: 'unavailable',
  title: 'The service has no key to keep secrets with: the operator sets SECRETS_KEYS',
}) {}
