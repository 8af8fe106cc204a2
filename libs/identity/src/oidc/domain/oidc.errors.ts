import { refusal } from '#kernel';

export class IdentityProviderNotFound extends refusal({
  code: 'identity_provider_not_found',
  kind: 'not-found',
  title: 'No identity provider is set up for this clinic',
}) {}

export class IdentityProviderUnusable extends refusal({
  code: 'identity_provider_unusable',
  kind: 'rule',
  title: 'The identity provider does not answer as OpenID Connect asks',
}) {}

export class IdentityProviderRefused extends refusal({
  code: 'identity_provider_refused',
  kind: 'unauthenticated',
  title: 'The identity provider has not shown that you are somebody of this clinic',
}) {}

export class PasswordsNeeded extends refusal({
  code: 'passwords_needed',
  kind: 'rule',
  title: 'Forbid passwords once you have signed in at the identity provider yourself, as it is set now',
}) {}

export class IdentityProviderNeeded extends refusal({
  code: 'identity_provider_needed',
  kind: 'rule',
  title: 'Nobody could sign in without the identity provider as it is: allow passwords first',
}) {}
