/** Where a patient may be written to by e-mail; null for whoever has left care, or did not agree to it. */
export const eMailAddressOf = (patient: {
  readonly doNotContact: boolean;
  readonly status: string;
  readonly contactChannels: readonly string[];
  readonly email: string | null;
}): string | null =>
  !patient.doNotContact && patient.status === 'active' && patient.contactChannels.includes('email')
    ? patient.email
    : null;
