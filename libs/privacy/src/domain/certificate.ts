import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What an erasure did to one signed record: enough to tell it from anything done to the record besides. */
export interface CertifiedRecord {
  readonly kind: 'consultation' | 'treatment';
  readonly id: string;
  /** SHA-256 of what was signed. */
  readonly signedHash: string;
  /** SHA-256 of what is left of it; null when the whole record went. */
  readonly leftHash: string | null;
  /** Where something was taken out: paths, without what stood there. */
  readonly redacted: readonly string[];
  /** Where it was not what was signed before anything was taken out. */
  readonly differed: readonly string[];
}

/** A certificate as it is kept: a JSON text, its hash, and what was made of both with the operator's key. */
export interface KeptCertificate {
  readonly erasureId: string;
  readonly text: string;
  readonly hash: string;
  readonly keyId: string | null;
  readonly mac: Buffer | null;
  /** The hash the audit trail tells of; null when it tells of no such erasure. */
  readonly hashInTrail: string | null;
}

export const certificateHash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** HMAC-SHA-256 over the certificate of an erasure. */
export const certificateMac = (erasureId: string, text: string, key: Buffer): Buffer =>
  createHmac('sha256', key)
    .update(JSON.stringify(['revisit-erasure-certificate-1', erasureId, text]))
    .digest();

/** Why a certificate cannot be one this service made; none when it is. One from before certificates were made with a key proves no redaction. */
export function certificateFaults(kept: KeptCertificate, keys: ReadonlyMap<string, Buffer>): string[] {
  const { erasureId, text, hash, keyId, mac, hashInTrail } = kept;
  const faults: string[] = [];
  if (certificateHash(text) !== hash) faults.push('certificate changed');
  if (hashInTrail !== hash) faults.push('certificate is not the one the audit trail tells of');
  const key = keyId === null ? undefined : keys.get(keyId);
  if (keyId === null || mac === null) {
    if (recordsOf(text).length > 0) faults.push('certificate was made without a key');
  } else if (!key)
    faults.push(`certificate was made with the key "${keyId}", which is not among those given`);
  else if (!timingSafeEqual(certificateMac(erasureId, text, key), mac))
    faults.push('certificate was not made with the key');
  return faults;
}

/** The signed records a certificate accounts for; none where it is no JSON. */
export function recordsOf(text: string): readonly CertifiedRecord[] {
  try {
    const said: { signedRecords?: CertifiedRecord[] } = JSON.parse(text);
    return said.signedRecords ?? [];
  } catch {
    return [];
  }
}
