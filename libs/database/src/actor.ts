/** On whose behalf a transaction runs. The clinic decides which rows exist for it (row-level security). */
export interface Actor {
  readonly clinicId: string;
  /** Absent for work of the system itself (jobs). */
  readonly staffId: string | null;
  readonly sessionId?: string;
  /** Where the request came from, for the audit trail. */
  readonly requestId?: string;
  readonly address?: string;
}

export const systemActor = (clinicId: string): Actor => ({ clinicId, staffId: null });
