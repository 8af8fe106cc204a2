/** The types of verbs.mjs for the test that plays a small proof. */
import type { Pool } from 'pg';

import type { Told } from './callers.mjs';

export type Call = () => Promise<Told>;
export interface Stage {
  readonly post: (path: string, body?: object) => Promise<Told>;
  readonly admin: Pick<Pool, 'query'>;
}

export const VERBS: Readonly<
  Record<
    string,
    {
      readonly takes: readonly ('practitioner' | 'room')[];
      readonly prepare: (stage: Stage, callers: readonly number[], goal: string) => Promise<Call[]>;
    }
  >
>;
export const KEPT: Readonly<
  Record<
    string,
    (
      stage: Stage,
      callers: readonly number[],
      goal: string,
    ) => Promise<{ readonly holdId: string; readonly calls: Call[] }>
  >
>;
export function expireSoon(admin: Stage['admin'], holdId: string, milliseconds: number): Promise<void>;
export function pairs(names: readonly string[]): [string, string][];
export function alternating(some: readonly Call[], others: readonly Call[]): Call[];
