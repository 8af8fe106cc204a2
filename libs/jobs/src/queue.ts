import { PgBoss, type ConstructorOptions } from 'pg-boss';
import type pg from 'pg';

/** The queue's schema is made by `npm run db:migrate`; the service role may use it, not change it. */
export function queueOver(pool: pg.Pool, options: Partial<ConstructorOptions>): PgBoss {
  return new PgBoss({
    schema: 'pgboss',
    migrate: false,
    createSchema: false,
    db: { executeSql: (text, values) => pool.query(text, values) },
    ...options,
  });
}
