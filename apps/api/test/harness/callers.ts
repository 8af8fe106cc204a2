import { createHash, randomBytes } from 'node:crypto';

import { newId } from '#kernel';
import type pg from 'pg';

type Connection = Pick<pg.Pool, 'query'>;

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
const newToken = (): string => randomBytes(32).toString('base64url');

/** Somebody of a clinic, past row-level security. @returns their id */
export async function joinPerson(
  admin: Connection,
  clinicId: string,
  { roles, isPrescriber = false }: { roles: readonly string[]; isPrescriber?: boolean },
): Promise<string> {
  const id = newId();
  await admin.query(
    `INSERT INTO staff (clinic_id, id, email, display_name, roles, is_prescriber) VALUES ($1, $2, $3, 'Somebody', $4, $5)`,
    [clinicId, id, `${id}@somebody.example`, roles, isPrescriber],
  );
  return id;
}

/** An open session of theirs, for a day. @returns its token */
export async function openSession(
  admin: Connection,
  clinicId: string,
  staffId: string,
  token = newToken(),
): Promise<string> {
  await admin.query(
    `INSERT INTO session (clinic_id, id, staff_id, token_hash, expires_at) VALUES ($1, $2, $3, $4, now() + interval '1 day')`,
    [clinicId, newId(), staffId, sha256(token)],
  );
  return token;
}

/** An integration with a key of these scopes, for a day. @returns its id, and the key as it is sent */
export async function joinKey(
  admin: Connection,
  clinicId: string,
  scopes: readonly string[],
  secret = newToken(),
): Promise<{ staffId: string; token: string }> {
  const staffId = newId();
  await admin.query(
    `INSERT INTO staff (clinic_id, id, kind, email, display_name, roles) VALUES ($1, $2, 'integration', $3, 'Robot', '{}')`,
    [clinicId, staffId, `${staffId}@integration.invalid`],
  );
  await admin.query(
    `INSERT INTO api_key (clinic_id, id, staff_id, token_hash, hint, scopes, created_by, created_at, expires_at)
     VALUES ($1, $2, $3, $4, 'hint', $5, $3, now(), now() + interval '1 day')`,
    [clinicId, newId(), staffId, sha256(secret), scopes],
  );
  return { staffId, token: `rvk_${secret}` };
}
