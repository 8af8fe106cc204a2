/** The types of findings.mjs for the test that plays a small proof. */
import type { Pool } from 'pg';

export function overlaps(admin: Pick<Pool, 'query'>): Promise<number>;
