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
