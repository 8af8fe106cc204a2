export class ExportView {
  id!: string;
  patientId!: string;

  /** waiting, ready, expired */
  status!: 'waiting' | 'ready' | 'expired';
  requestedBy!: string;
  requestedAt!: string;
  madeAt!: string | null;

  /** The file is forgotten then. */
  expiresAt!: string;

  /** How many rows it holds. */
  rows!: number | null;

  /** Hexadecimal hash of the file. */
  sha256!: string | null;
}
