import { contentHash } from '#kernel';

export interface SignedInjection {
  readonly id: string;
  readonly area: string;
  readonly muscle: string | null;
  readonly side: string;
  readonly x: number | null;
  readonly y: number | null;
  readonly depth: string | null;
  /** Left out where none was recorded, as in records older than the field. */
  readonly needle?: string | null;
  readonly product: string;
  readonly lotId: string;
  readonly lotNumber: string;
  /** Left out of the hash where no vial was named, as before vials were known. */
  readonly vialId?: string | null | undefined;
  /** Units of that product. */
  readonly units: number;
  readonly volumeMl: number | null;
}

/** Everything a signature stands for. */
export interface SignedContent {
  readonly id: string;
  readonly patientId: string;
  readonly practitionerId: string;
  readonly locationId: string;
  readonly appointmentId: string | null;
  readonly clearanceId: string | null;
  readonly treatedOn: string;
  readonly kind: string;
  readonly completesId: string | null;
  readonly amendsId: string | null;
  readonly amendReason: string | null;
  readonly note: string | null;
  readonly record?: Readonly<Record<string, string | boolean | null>>;
  readonly catalogueVersion?: number | null;
  readonly injections: readonly SignedInjection[];
  /** What the dose guard found and who accepted it, as kept. */
  readonly doseFindings: unknown;
  /** ISO 8601 in UTC, milliseconds. */
  readonly signedAt: string;
  readonly signedBy: string;
  readonly signedName: string;
  readonly signedMeaning: string;
}

/**
 * What a signature locks; the order in which injections are read makes no difference. What a record has no value for is
 * left out, so that a field added later leaves older hashes as they are.
 */
export function signedContent(content: SignedContent): object {
  const injections = content.injections
    .map((one): SignedInjection => ({
      id: one.id,
      area: one.area,
      muscle: one.muscle,
      side: one.side,
      x: one.x,
      y: one.y,
      depth: one.depth,
      ...(one.needle == null ? {} : { needle: one.needle }),
      product: one.product,
      lotId: one.lotId,
      lotNumber: one.lotNumber,
      vialId: one.vialId ?? undefined,
      units: one.units,
      volumeMl: one.volumeMl,
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const record = Object.entries(content.record ?? {}).filter(
    ([, value]) => value !== null && value !== false,
  );
  return {
    id: content.id,
    patientId: content.patientId,
    practitionerId: content.practitionerId,
    locationId: content.locationId,
    appointmentId: content.appointmentId,
    clearanceId: content.clearanceId,
    treatedOn: content.treatedOn,
    kind: content.kind,
    completesId: content.completesId,
    amendsId: content.amendsId,
    amendReason: content.amendReason,
    note: content.note,
    ...(record.length === 0 ? {} : { record: Object.fromEntries(record) }),
    ...(content.catalogueVersion == null ? {} : { catalogueVersion: content.catalogueVersion }),
    injections,
    doseFindings: content.doseFindings,
    signedAt: content.signedAt,
    signedBy: content.signedBy,
    signedName: content.signedName,
    signedMeaning: content.signedMeaning,
  };
}

/** The SHA-256 a signature locks. @throws NotHashable */
export const signatureHash = (content: SignedContent): string => contentHash(signedContent(content));
