import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

export interface IdentityProviderRow {
  readonly issuer: string;
  readonly clientId: string;
  readonly sealedClientSecret: string | null;
  readonly redirectUri: string;
  readonly vouchesSecondFactor: boolean;
  readonly version: number;
}

const READ = sql(`
  SELECT issuer, client_id AS "clientId", sealed_client_secret AS "sealedClientSecret", redirect_uri AS "redirectUri",
         vouches_second_factor AS "vouchesSecondFactor", version
    FROM identity_provider WHERE clinic_id = $1`);
const SET = sql(`
  INSERT INTO identity_provider AS p (clinic_id, issuer, client_id, sealed_client_secret, redirect_uri, vouches_second_factor, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (clinic_id) DO UPDATE SET issuer = $2, client_id = $3, sealed_client_secret = $4, redirect_uri = $5,
         vouches_second_factor = $6, updated_at = $7, version = p.version + 1`);
const REMOVE = sql('DELETE FROM identity_provider WHERE clinic_id = $1');
const FORGET_LOGINS = sql(
  'DELETE FROM staff_login WHERE clinic_id = $1 AND ($2::text IS NULL OR issuer <> $2)',
);
const NAME_CLINIC = sql(`SELECT set_config('app.clinic_slug', $1, true)`);
const BY_SLUG = sql('SELECT id FROM clinic WHERE slug = $1');
const LINKED = sql(`
  UPDATE staff_login l SET signed_in_at = $4 FROM staff s
   WHERE l.clinic_id = $1 AND l.issuer = $2 AND l.subject = $3 AND s.clinic_id = l.clinic_id AND s.id = l.staff_id AND s.active
   RETURNING s.id`);
const IS_LINKED = sql(
  'SELECT 1 AS known FROM staff_login WHERE clinic_id = $1 AND issuer = $2 AND subject = $3',
);
const BY_EMAIL = sql(
  `SELECT id FROM staff WHERE clinic_id = $1 AND email = $2 AND active AND kind = 'person' FOR UPDATE`,
);
const LINK = sql(`
  INSERT INTO staff_login (clinic_id, issuer, subject, staff_id, linked_at, signed_in_at) VALUES ($1, $2, $3, $4, $5, $5)`);
const HAS_SIGNED_IN = sql(`
  SELECT 1 AS known FROM identity_provider p
    JOIN staff_login l ON l.clinic_id = p.clinic_id AND l.issuer = p.issuer AND l.signed_in_at >= p.updated_at
   WHERE p.clinic_id = $1 AND l.staff_id = $2 LIMIT 1`);
const JOIN = sql('UPDATE staff SET joined_at = $3 WHERE clinic_id = $1 AND id = $2 AND joined_at IS NULL');

@Injectable()
export class IdentityProvidersRepository {
  read(tx: Tx): Promise<IdentityProviderRow | null> {
    return tx.maybe<IdentityProviderRow>(READ, [tx.clinicId]);
  }

  /** Subjects of another issuer are forgotten: the same word would mean somebody else there. */
  async set(tx: Tx, provider: Omit<IdentityProviderRow, 'version'>): Promise<void> {
    const { issuer, clientId, sealedClientSecret, redirectUri, vouchesSecondFactor } = provider;
    await tx.run(FORGET_LOGINS, [tx.clinicId, issuer]);
    await tx.run(SET, [
      tx.clinicId,
      issuer,
      clientId,
      sealedClientSecret,
      redirectUri,
      vouchesSecondFactor,
      tx.now,
    ]);
  }

  async remove(tx: Tx): Promise<boolean> {
    await tx.run(FORGET_LOGINS, [tx.clinicId, null]);
    return (await tx.run(REMOVE, [tx.clinicId])) === 1;
  }

  /** Before a clinic is entered: the one of this short name. */
  async clinicOf(tx: Tx, slug: string): Promise<string | null> {
    await tx.run(NAME_CLINIC, [slug]);
    return (await tx.maybe<{ id: string }>(BY_SLUG, [slug]))?.id ?? null;
  }

  /** The active person a subject is; the first time the one whose address the provider has verified, linked from then on. */
  async personOf(
    tx: Tx,
    issuer: string,
    subject: string,
    verifiedEmail: string | null,
  ): Promise<string | null> {
    const linked = await tx.maybe<{ id: string }>(LINKED, [tx.clinicId, issuer, subject, tx.now]);
    if (linked) return linked.id;
    if (verifiedEmail === null || (await tx.maybe(IS_LINKED, [tx.clinicId, issuer, subject]))) return null;
    const person = await tx.maybe<{ id: string }>(BY_EMAIL, [tx.clinicId, verifiedEmail.toLowerCase()]);
    if (!person) return null;
    await tx.run(LINK, [tx.clinicId, issuer, subject, person.id, tx.now]);
    await tx.run(JOIN, [tx.clinicId, person.id, tx.now]);
    return person.id;
  }

  /** Whether somebody has signed in at the provider since it was set as it is. */
  async hasSignedIn(tx: Tx, staffId: string): Promise<boolean> {
    return (await tx.maybe(HAS_SIGNED_IN, [tx.clinicId, staffId])) !== null;
  }
}
