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

/** Whoever writes this is a person, never a job. @throws Error for the service itself: a mistake of ours */
export function recorder({ actor }: { readonly actor: Actor }): string {
  if (actor.staffId === null) throw new Error('Only a person records this');
  return actor.staffId;
}
