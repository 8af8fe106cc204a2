import { unitsOf } from '../../domain/dose/dose.js';
import {
  VialOfOtherPatient,
  VialOverdrawn,
  VialPastUseBy,
  VialStatusRefused,
} from '../../domain/vials.errors.js';

export type VialStatus = 'sealed' | 'open' | 'discarded';

/** A vial as its ledger says; units as whole hundredths of its product. */
export interface Vial {
  readonly id: string;
  readonly status: VialStatus;
  readonly content: number;
  readonly drawn: number;
  readonly wasted: number;
  readonly useBy: Date | null;
  readonly singlePatient: boolean;
  /** Whose single-patient vial it is; null while nobody drew. */
  readonly patientId: string | null;
}

/** What drafts are going to draw from a vial once they are signed. */
export interface Claim {
  readonly patientId: string;
  readonly hundredths: number;
}

export interface Draw {
  readonly patientId: string;
  readonly hundredths: number;
}

export const leftIn = ({ content, drawn, wasted }: Vial): number => content - drawn - wasted;

export const claimed = (claims: readonly Claim[]): number =>
  claims.reduce((sum, { hundredths }) => sum + hundredths, 0);

/** What neither a ledger entry nor a draft has a hold on. */
export const freeIn = (vial: Vial, claims: readonly Claim[]): number =>
  Math.max(0, leftIn(vial) - claimed(claims));

/**
 * Refuses a draw that goes beyond what drafts leave, comes too late, or is for a second patient.
 * @throws VialStatusRefused, VialPastUseBy, VialOfOtherPatient, VialOverdrawn
 */
export function assertDrawable(
  vial: Vial,
  { patientId, hundredths }: Draw,
  claims: readonly Claim[],
  at: Date,
): void {
  assertOpen(vial, at);
  assertOfPatient(vial, patientId, claims);
  assertHolds(vial, hundredths, claims);
}

/**
 * The same for what a draft charts. What it charted before was in time then, and stays: it may be charted again and signed
 * when the vial is past its use-by or its rest thrown away.
 * @throws VialStatusRefused, VialPastUseBy, VialOfOtherPatient, VialOverdrawn
 */
export function assertChartable(
  vial: Vial,
  draw: Draw,
  before: number,
  others: readonly Claim[],
  at: Date,
): void {
  if (draw.hundredths > before) assertOpen(vial, at);
  assertOfPatient(vial, draw.patientId, others);
  assertHolds(vial, draw.hundredths, others);
}

/** @throws VialStatusRefused, VialPastUseBy */
export function assertOpen({ id: vialId, status, useBy }: Vial, at: Date): void {
  if (status !== 'open') throw new VialStatusRefused({ vialId, status, allowedFrom: ['open'] });
  if (useBy !== null && at > useBy) throw new VialPastUseBy({ vialId, useBy: useBy.toISOString() });
}

/** @throws VialOfOtherPatient */
function assertOfPatient(
  { id: vialId, singlePatient, patientId: owner }: Vial,
  patientId: string,
  claims: readonly Claim[],
): void {
  const others = [owner ?? patientId, ...claims.map((claim) => claim.patientId)];
  if (singlePatient && others.some((one) => one !== patientId)) throw new VialOfOtherPatient({ vialId });
}

/** @throws VialOverdrawn */
export function assertHolds(vial: Vial, hundredths: number, claims: readonly Claim[]): void {
  if (hundredths <= freeIn(vial, claims)) return;
  const facts = { vialId: vial.id, asked: unitsOf(hundredths), left: unitsOf(leftIn(vial)) };
  throw new VialOverdrawn({ ...facts, charted: unitsOf(claimed(claims)) });
}
