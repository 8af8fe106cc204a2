import { Database, sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

export interface AccountRow {
  readonly staffId: string;
  readonly email: string;
  readonly displayName: string;
  readonly passwordHash: string | null;
  readonly active: boolean;
  readonly joinedAt: Date | null;
  readonly clinicName: string;
  readonly clinicSlug: string;
  /** False: the clinic's people sign in at its identity provider only. */
  readonly passwordsAllowed: boolean;
  readonly version: number;
}

export type LinkPurpose = 'invitation' | 'reset';

export interface LinkOwner {
  readonly clinicId: string;
  readonly staffId: string;
  readonly tokenId: string;
  readonly purpose: LinkPurpose;
}

const READ = sql(`
  SELECT s.id AS "staffId", s.email, s.display_name AS "displayName", s.password_hash AS "passwordHash", s.active,
         s.joined_at AS "joinedAt", c.name AS "clinicName", c.slug AS "clinicSlug",
         c.passwords_allowed AS "passwordsAllowed", s.version
    FROM staff s JOIN clinic c ON c.id = s.clinic_id WHERE s.clinic_id = $1 AND s.id = $2`);
const RENAME = sql(`
  UPDATE staff SET display_name = $3, version = version + 1 WHERE clinic_id = $1 AND id = $2`);
const SET_PASSWORD = sql(`
  UPDATE staff SET password_hash = $3, joined_at = coalesce(joined_at, $4) WHERE clinic_id = $1 AND id = $2`);
const OWNER = sql(`
  SELECT clinic_id AS "clinicId", staff_id AS "staffId", token_id AS "tokenId", purpose FROM account_token_owner($1)`);
const FORGET_LINKS = sql(
  'DELETE FROM account_token WHERE clinic_id = $1 AND staff_id = $2 AND used_at IS NULL',
);
const KEEP_LINK = sql(`
  INSERT INTO account_token (clinic_id, id, staff_id, purpose, token_hash, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`);
const USE_LINK = sql(`
  UPDATE account_token SET used_at = $3 WHERE clinic_id = $1 AND id = $2 AND used_at IS NULL AND expires_at > $3`);

@Injectable()
export class AccountsRepository {
  constructor(private readonly database: Database) {}

  read(tx: Tx, staffId: string): Promise<AccountRow> {
    return tx.one<AccountRow>(READ, [tx.clinicId, staffId]);
  }

  find(tx: Tx, staffId: string): Promise<AccountRow | null> {
    return tx.maybe<AccountRow>(READ, [tx.clinicId, staffId]);
  }

  async rename(tx: Tx, staffId: string, displayName: string): Promise<void> {
    await tx.run(RENAME, [tx.clinicId, staffId, displayName]);
  }

  /** Whoever sets a password has taken the invitation up. */
  async setPassword(tx: Tx, staffId: string, hash: string): Promise<void> {
    await tx.run(SET_PASSWORD, [tx.clinicId, staffId, hash, tx.now]);
  }

  /** Whose password a link may set: one round trip before any clinic is known. */
  linkOwner(hash: Buffer): Promise<LinkOwner | null> {
    return this.database.lookUp<LinkOwner>(OWNER, [hash]);
  }

  /** Only the newest link of a person opens anything. */
  async keepLink(
    tx: Tx,
    link: { id: string; staffId: string; purpose: LinkPurpose; hash: Buffer; expiresAt: Date },
  ): Promise<void> {
    await this.forgetLinks(tx, link.staffId);
    const { id, staffId, purpose, hash, expiresAt } = link;
    await tx.run(KEEP_LINK, [tx.clinicId, id, staffId, purpose, hash, tx.now, expiresAt]);
  }

  async forgetLinks(tx: Tx, staffId: string): Promise<void> {
    await tx.run(FORGET_LINKS, [tx.clinicId, staffId]);
  }

  /** False when somebody used it a moment before. */
  async useLink(tx: Tx, tokenId: string): Promise<boolean> {
    return (await tx.run(USE_LINK, [tx.clinicId, tokenId, tx.now])) === 1;
  }
}
