import { sealedFor as ofProvider } from './oidc/identity-providers.service.js';
import type { SealedColumn } from './resealing.js';
import { sealedFor as ofSecondFactor } from './second-factor/second-factors.js';

/** What this context keeps sealed. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'second_factor', column: 'sealed_secret', key: 'staff_id', belongsTo: ofSecondFactor },
  { table: 'identity_provider', column: 'sealed_client_secret', key: null, belongsTo: ofProvider },
];
