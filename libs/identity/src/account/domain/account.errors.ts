import { refusal } from '#kernel';

export class PasswordWrong extends refusal({
  code: 'password_wrong',
  kind: 'rule',
  title: 'The present password is not this one',
}) {}

export class PasswordRefused extends refusal({
  code: 'password_refused',
  kind: 'rule',
  title: 'This password is too easy to guess: choose a longer or rarer one',
}) {}

export class AccountLinkOver extends refusal({
  code: 'account_link_over',
  kind: 'rule',
  title: 'This link was used, is over, or never was: ask for another',
}) {}

export class PasswordsForbidden extends refusal({
  code: 'passwords_forbidden',
  kind: 'forbidden',
  title: 'People of this clinic sign in at its identity provider, not with passwords',
}) {}
