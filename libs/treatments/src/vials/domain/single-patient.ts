import type { Market } from '#catalogue';

/** Where the label allows a vial for one patient in one session only (clinical.md 1: S11, S43, S38, S94, S95). */
const SINGLE_PATIENT: Readonly<Record<string, readonly Market[]>> = {
  abo: ['EU', 'UK'],
  abo_rtu: ['EU', 'UK'],
  inco: ['EU', 'UK'],
  prabo: ['US'],
  rela: ['EU', 'UK', 'CH'],
};

export const isSinglePatient = (product: string, market: Market): boolean =>
  SINGLE_PATIENT[product]?.includes(market) ?? false;
