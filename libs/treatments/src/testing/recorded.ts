/** What every market wants in the record of a signed treatment, besides its points. */
export const RECORDED = {
  identityChecked: 'known-to-clinic',
  historyConfirmed: true,
  immediateReaction: 'none',
  aftercareVersion: '2026-10',
} as const;
