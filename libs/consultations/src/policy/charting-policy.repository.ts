import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { ChartingPolicy } from './domain/charting-policy.js';

/** A clinic's own policy as it decided it last. */
export interface KeptPolicy {
  readonly version: number;
  readonly policy: ChartingPolicy;
  readonly reason: string;
  readonly authorId: string;
}

const NEWEST = sql(`
  SELECT version, document AS policy, reason, author_id AS "authorId"
    FROM charting_policy WHERE clinic_id = $1 ORDER BY version DESC LIMIT 1`);
const KEEP = sql(`
  INSERT INTO charting_policy (clinic_id, version, document, reason, author_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT DO NOTHING`);

@Injectable()
export class ChartingPolicyRepository {
  newest(tx: Tx): Promise<KeptPolicy | null> {
    return tx.maybe<KeptPolicy>(NEWEST, [tx.clinicId]);
  }

  /** False when somebody else made that version at the same moment. */
  async keep(tx: Tx, version: number, policy: ChartingPolicy, reason: string): Promise<boolean> {
    const values = [tx.clinicId, version, JSON.stringify(policy), reason, tx.actor.staffId, tx.now];
    return (await tx.run(KEEP, values)) === 1;
  }
}
