import { strToU8, zipSync, type Zippable } from 'fflate';

import type { Row } from '../rows/patient-rows.repository.js';
import type { PatientFile } from './patient-files.js';
import { recordPage } from './record-page.js';

export interface ExportContent {
  readonly clinic: string;
  /** By whose clock times are told: that of the clinic's first location. */
  readonly zone: string;
  readonly madeAt: Date;
  readonly patientId: string;
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  /** What the ids of staff, places, kinds of visit, areas and products stand for. */
  readonly names: ReadonlyMap<string, string>;
  readonly files: readonly PatientFile[];
}

/** A zip with the record for machines (`record.json`), for people (`record.html`) and the patient's files. */
export function archiveOf({ files, ...content }: ExportContent): Uint8Array {
  const { rows, patientId, madeAt, clinic } = content;
  const missing = files.filter((file) => file.content === null).map(({ name }) => name);
  const json = {
    clinic,
    patientId,
    madeAt: madeAt.toISOString(),
    filesNotIncluded: missing,
    tables: Object.fromEntries(rows),
  };
  const fileNames = new Map<string, string>();
  const parts: Zippable = { 'record.json': strToU8(JSON.stringify(json, undefined, 2)) };
  for (const { id, name, content: bytes } of files) {
    if (!bytes) continue;
    const safe = name.replaceAll(/[^\w.-]/g, '_');
    fileNames.set(id, safe);
    parts[`files/${safe}`] = [bytes, { level: 0 }];
  }
  parts['record.html'] = strToU8(recordPage({ ...content, fileNames, missing: missing.length }));
  return zipSync(parts, { mtime: madeAt });
}
