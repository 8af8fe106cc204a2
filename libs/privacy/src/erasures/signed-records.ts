import {
  recordDifferences,
  type CertifiedRedactions,
  type PresentRecord,
  type SignedKind,
  type SignedSource,
  withDifferences,
} from '#audit';
import { ConsultationRecordsRepository } from '#consultations';
import type { Tx } from '#database';
import { canonicalJson, textHash } from '#kernel';
import { SignedTreatmentsRepository } from '#treatments';
import { Injectable } from '@nestjs/common';

import type { CertifiedRecord } from '../domain/certificate.js';
import type { PatientRows } from '../rows/patient-rows.repository.js';
import { ErasuresRepository } from './erasures.repository.js';

/** A patient's signed records as they were before an erasure. */
export interface SignedBefore {
  readonly kind: SignedKind;
  readonly record: PresentRecord;
  readonly signedHash: string;
  readonly differed: readonly string[];
}

/** What an erasure does to signed records, told so that it can be proved afterwards that it did nothing else. */
@Injectable()
export class SignedRecordsOfPatient {
  readonly #sources: readonly SignedSource[];

  constructor(
    consultations: ConsultationRecordsRepository,
    treatments: SignedTreatmentsRepository,
    private readonly erasures: ErasuresRepository,
  ) {
    this.#sources = [consultations, treatments];
  }

  /** Reads them before anything is taken out, and whether each still is what was signed. */
  async before(tx: Tx, { rows }: PatientRows, earlier: CertifiedRedactions): Promise<SignedBefore[]> {
    const all: SignedBefore[] = [];
    for (const source of this.#sources) {
      const { kind } = source;
      const ids = (rows.get(kind) ?? []).map(({ id }) => String(id));
      const records = await withDifferences(tx, kind, await source.read(tx, ids), earlier);
      for (const { differs, ...record } of records) {
        const signedHash = earlier.get(`${kind} ${record.id}`)?.signedHash ?? record.contentHash;
        all.push({ kind, record, signedHash, differed: differs });
      }
    }
    return all;
  }

  /** Makes the copy of each what is left of it, and tells for each what that is. `gone`: nothing is left. */
  async after(
    tx: Tx,
    erasureId: string,
    before: readonly SignedBefore[],
    { pattern, gone }: { readonly pattern: string; readonly gone: boolean },
  ): Promise<CertifiedRecord[]> {
    const left = new Map<string, PresentRecord>();
    for (const source of gone ? [] : this.#sources) {
      const ids = before.filter(({ kind }) => kind === source.kind).map(({ record }) => record.id);
      for (const one of await source.read(tx, ids)) left.set(one.id, one);
    }
    const contents = before.map(({ record: { id } }) => {
      const present = left.get(id);
      return present === undefined ? null : canonicalJson(present.content);
    });
    const copies = before.flatMap(({ kind, record: { id } }, i) => {
      const content = contents[i] ?? null;
      return content === null ? [] : [{ kind, id, content }];
    });
    await this.erasures.redactCopies(tx, erasureId, copies);
    // A path names what it leads to, and that may be a text.
    const redacted = before.map(({ record }, i) => {
      const content = contents[i] ?? null;
      return content === null ? [] : recordDifferences(plain(record.content), JSON.parse(content));
    });
    const paths = await this.erasures.withoutNames(tx, redacted, pattern);
    const differed = await this.erasures.withoutNames(
      tx,
      before.map((one) => one.differed),
      pattern,
    );
    return before.map(({ kind, record: { id }, signedHash }, i) => {
      const content = contents[i] ?? null;
      return {
        kind,
        id,
        signedHash,
        leftHash: content === null ? null : textHash(content),
        redacted: paths[i] ?? [],
        differed: differed[i] ?? [],
      };
    });
  }
}

const plain = (content: unknown): unknown => JSON.parse(canonicalJson(content));
