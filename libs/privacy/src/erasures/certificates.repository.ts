import type { CertifiedRedaction, CertifiedRedactions, SealKeys } from '#audit';
import { sql, type Tx } from '#database';
import { FIRST_ID } from '#kernel';
import { Injectable } from '@nestjs/common';

import { certificateFaults, recordsOf, type KeptCertificate } from '../domain/certificate.js';

const CERTIFICATE = `e.id AS "erasureId", e.certificate AS text, e.certificate_hash AS hash, e.certificate_key_id AS "keyId",
  e.certificate_mac AS mac,
  (SELECT a.detail ->> 'certificateHash' FROM audit_event a
    WHERE a.clinic_id = e.clinic_id AND a.patient_id = e.patient_id AND a.action = 'erasure.execute' AND a.entity_id = e.id
    ORDER BY a.id DESC LIMIT 1) AS "hashInTrail"`;
const PAGE = sql(`
  SELECT ${CERTIFICATE} FROM erasure e
   WHERE e.clinic_id = $1 AND e.status = 'executed' AND e.id > $2 ORDER BY e.id LIMIT $3`);
const OF_PATIENTS = sql(`
  SELECT ${CERTIFICATE} FROM erasure e
   WHERE e.clinic_id = $1 AND e.status = 'executed' AND e.patient_id = ANY ($2::uuid[]) ORDER BY e.id`);

const PAGE_ROWS = 200;

/** What the certificates of a clinic account for, and those that are not ours. */
export interface ReadCertificates {
  readonly certificates: number;
  readonly redactions: CertifiedRedactions;
  readonly faults: readonly { readonly id: string; readonly differs: readonly string[] }[];
}

/** Certificates of executed erasures, as far as they prove what may differ in a signed record. */
@Injectable()
export class CertificatesRepository {
  /** Of a whole clinic, a page a transaction. A forged one accounts for nothing; of several the last one speaks. */
  async all(
    inClinic: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
    keys: SealKeys,
  ): Promise<ReadCertificates> {
    const redactions = new Map<string, CertifiedRedaction>();
    const faults: { id: string; differs: string[] }[] = [];
    let certificates = 0;
    for (let after = FIRST_ID; ;) {
      const from = after;
      const page = await inClinic((tx) => tx.rows<KeptCertificate>(PAGE, [tx.clinicId, from, PAGE_ROWS]));
      certificates += page.length;
      for (const one of page) {
        const differs = certificateFaults(one, keys);
        if (differs.length > 0) faults.push({ id: one.erasureId, differs });
        else account(one, redactions);
      }
      after = page.at(-1)?.erasureId ?? after;
      if (page.length < PAGE_ROWS) return { certificates, redactions, faults };
    }
  }

  /** What earlier erasures of these patients account for. */
  async ofPatients(tx: Tx, patientIds: readonly string[], keys: SealKeys): Promise<CertifiedRedactions> {
    const redactions = new Map<string, CertifiedRedaction>();
    for (const one of await tx.rows<KeptCertificate>(OF_PATIENTS, [tx.clinicId, patientIds]))
      if (certificateFaults(one, keys).length === 0) account(one, redactions);
    return redactions;
  }
}

function account({ erasureId, text }: KeptCertificate, to: Map<string, CertifiedRedaction>): void {
  for (const { kind, id, signedHash, leftHash, differed } of recordsOf(text))
    to.set(`${kind} ${id}`, { erasureId, signedHash, leftHash, differed });
}
