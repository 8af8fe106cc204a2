import { createHash, randomBytes } from 'node:crypto';

import type { TestDatabase } from '#database/testing';
import { newId } from '#kernel';
import { hash } from '@node-rs/argon2';

import { permissionsOf } from '../domain/permissions.js';
import type { RequestActor } from '../request-actor.js';

const STAFF = {
  receptionist: { displayName: 'Rhea Desk', roles: ['receptionist'], isPrescriber: false },
  practitioner: { displayName: 'Nadia Nurse', roles: ['practitioner'], isPrescriber: false },
  prescriber: { displayName: 'Dr Ada Okafor', roles: ['practitioner'], isPrescriber: true },
  admin: { displayName: 'Max Office', roles: ['admin'], isPrescriber: false },
} as const;

export type StaffKind = keyof typeof STAFF;

export const TEST_PASSWORD = 'correct-horse-battery';

/** A clinic with one person of each kind, signed in. */
export interface TestClinic {
  readonly clinicId: string;
  readonly slug: string;
  /** The actor a service gets for this person. */
  readonly actor: Readonly<Record<StaffKind, RequestActor>>;
  /** A bearer token of this person's open session. */
  readonly token: Readonly<Record<StaffKind, string>>;
  readonly email: Readonly<Record<StaffKind, string>>;
}

/** Inserts a clinic past row-level security, as the operator would. `slug` is made up when not given. */
export async function aClinic(
  { admin }: Pick<TestDatabase, 'admin'>,
  { market = 'UK', slug = `clinic-${randomBytes(3).toString('hex')}` } = {},
): Promise<TestClinic> {
  const clinicId = newId();
  await admin.query('INSERT INTO clinic (id, slug, name, market) VALUES ($1, $2, $2, $3)', [
    clinicId,
    slug,
    market,
  ]);
  const passwordHash = await cheapHash();
  const people = await Promise.all(
    Object.entries(STAFF).map(async ([kind, person]) => {
      const [staffId, sessionId, token] = [newId(), newId(), randomBytes(32).toString('base64url')];
      const email = `${kind}@${slug}.example`;
      await admin.query(
        'INSERT INTO staff (clinic_id, id, email, display_name, password_hash, roles, is_prescriber) VALUES ($1, $2, $3, $4, $5, $6, $7)',
        [clinicId, staffId, email, person.displayName, passwordHash, person.roles, person.isPrescriber],
      );
      await admin.query(
        `INSERT INTO session (clinic_id, id, staff_id, token_hash, expires_at) VALUES ($1, $2, $3, $4, now() + interval '10 years')`,
        [clinicId, sessionId, staffId, createHash('sha256').update(token).digest()],
      );
      const actor: RequestActor = {
        ...person,
        clinicId,
        staffId,
        sessionId,
        market,
        permissions: permissionsOf(person.roles),
      };
      return [kind, { actor, token, email }] as const;
    }),
  );
  const each = <T>(pick: (person: (typeof people)[number][1]) => T): Record<StaffKind, T> =>
    Object.fromEntries(people.map(([kind, person]) => [kind, pick(person)])) as Record<StaffKind, T>;
  return {
    clinicId,
    slug,
    actor: each(({ actor }) => actor),
    token: each(({ token }) => token),
    email: each(({ email }) => email),
  };
}

let cheap: Promise<string> | undefined;
const cheapHash = (): Promise<string> =>
  (cheap ??= hash(TEST_PASSWORD, { memoryCost: 8, timeCost: 1, parallelism: 1 }));
