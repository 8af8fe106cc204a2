import { refusal } from '#kernel';

export class StaffMemberNotFound extends refusal({
  code: 'staff_member_not_found',
  kind: 'not-found',
  title: 'Nobody of this id works in this clinic',
}) {}

export class StaffEmailTaken extends refusal({
  code: 'staff_email_taken',
  kind: 'conflict',
  title: 'Somebody in this clinic has this e-mail address already',
}) {}

export class LastAdmin extends refusal({
  code: 'last_admin',
  kind: 'rule',
  title: 'A clinic keeps at least one admin who can sign in: make another one first',
}) {}

export class StaffStatusRefused extends refusal({
  code: 'staff_status_refused',
  kind: 'rule',
  title: 'This cannot be done with an account in its present state',
}) {}

export class PrescriberMustPractise extends refusal({
  code: 'prescriber_must_practise',
  kind: 'rule',
  title: 'Only somebody with the role practitioner is registered as one who prescribes',
}) {}

export class WorkplaceNotFound extends refusal({
  code: 'workplace_not_found',
  kind: 'not-found',
  title: 'There is no such location in this clinic',
}) {}
