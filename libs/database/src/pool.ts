import type { Config } from '#config';
import pg from 'pg';

export const MINIMUM_SERVER = 16;

/** Why this server or role must not be used; the message says what to do. */
export class UnfitDatabase extends Error {
  override readonly name = 'UnfitDatabase';
}

const asIs = (value: string): string => value;

/** What pg would make of these values by default is wrong for us: see `types`. */
const PARSERS = new Map<number, (value: string) => unknown>([
  [pg.types.builtins.DATE, asIs],
  [pg.types.builtins.NUMERIC, Number],
  [pg.types.builtins.INT8, Number],
]);

/** Dates stay `YYYY-MM-DD`, numerics and counts become numbers: no JavaScript Date ever stands for a civil date. */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    return PARSERS.get(oid) ?? pg.types.getTypeParser(oid, format);
  },
};

/** The one pool of the process; its sessions speak UTC, because adapter-pg drops the offset of a timestamptz. */
export function createPool(config: Pick<Config, 'databaseUrl' | 'databasePoolSize'>): pg.Pool {
  const pool = new pg.Pool({
    connectionString: config.databaseUrl,
    max: config.databasePoolSize,
    connectionTimeoutMillis: 5000,
    pipeline: true,
    idleTimeoutMillis: 60_000,
    // Many short questions at once keep every core busy already: starting workers for one would only delay the others.
    options:
      '-c timezone=UTC -c lock_timeout=8000 -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000 -c pg_trgm.word_similarity_threshold=0.5 -c max_parallel_workers_per_gather=0',
    application_name: 'revisit',
    types,
  });
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}

interface Facts {
  version: number;
  zone: string;
  role: string;
  mighty: boolean;
  owns: number;
}

const FACTS = `
  SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('TimeZone') AS zone,
         current_user AS role, r.rolsuper OR r.rolbypassrls AS mighty,
         (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE c.relowner = r.oid AND n.nspname = 'public' AND c.relkind IN ('r', 'p')) AS owns
    FROM pg_roles r WHERE r.rolname = current_user`;

/**
 * Refuses a server that is too old, a session that is not in UTC and, in production, a role that could see past
 * row-level security (superuser, BYPASSRLS, owner of tables).
 * @throws UnfitDatabase
 */
export async function assertFit(pool: pg.Pool, environment: Config['environment']): Promise<void> {
  const facts = (await pool.query<Facts>(FACTS)).rows[0];
  if (!facts) throw new UnfitDatabase('The database does not tell who we are');
  if (facts.version < MINIMUM_SERVER) {
    throw new UnfitDatabase(
      `PostgreSQL ${facts.version} is too old: Revisit needs ${MINIMUM_SERVER} or newer`,
    );
  }
  if (facts.zone !== 'UTC')
    throw new UnfitDatabase(`The session's time zone is ${facts.zone} and must be UTC`);
  if (environment === 'production' && (facts.mighty || facts.owns > 0)) {
    throw new UnfitDatabase(
      `The role "${facts.role}" could see past row-level security (superuser, BYPASSRLS or owner of tables): ` +
        'let DATABASE_URL sign in as a member of revisit_service, and MIGRATE_DATABASE_URL as the owner',
    );
  }
}
