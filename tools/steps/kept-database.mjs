// The database that `npm start` keeps, for commands that are told of no other.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvFile } from 'node:process';
import { checkout } from '../postgres/account.mjs';

/** Sets DATABASE_URL and MIGRATE_DATABASE_URL as `npm start` wrote them, unless either is given. */
export function useKeptDatabase() {
  if (process.env['DATABASE_URL'] || process.env['MIGRATE_DATABASE_URL']) return;
  const note = join(checkout, '.revisit/database.env');
  if (existsSync(note)) loadEnvFile(note);
}
