import { sql, type Tx, violatedConstraint } from '#database';
import { Injectable } from '@nestjs/common';

import { LastAdmin, StaffEmailTaken, WorkplaceNotFound } from './domain/staff.errors.js';
import type { StaffMemberView } from './http/staff-member.dto.js';

export type MemberStatus = StaffMemberView['status'];

const STATUS = `CASE WHEN NOT s.active THEN 'deactivated' WHEN s.joined_at IS NULL THEN 'invited' ELSE 'active' END`;
const MEMBER = `
  SELECT s.id, s.email, s.display_name AS "displayName", s.roles, s.is_prescriber AS "isPrescriber", ${STATUS} AS status,
         CASE WHEN s.registration_number IS NOT NULL THEN json_build_object('body', s.registration_body, 'number', s.registration_number,
           'checkedBy', s.registration_checked_by, 'checkedAt', s.registration_checked_at) END AS registration,
         ARRAY(SELECT l.location_id FROM staff_location l
                WHERE l.clinic_id = s.clinic_id AND l.staff_id = s.id ORDER BY l.location_id) AS "locationIds",
         EXISTS (SELECT FROM second_factor f
                  WHERE f.clinic_id = s.clinic_id AND f.staff_id = s.id AND f.confirmed_at IS NOT NULL) AS "hasSecondFactor",
         (SELECT max(x.last_seen_at) FROM session x WHERE x.clinic_id = s.clinic_id AND x.staff_id = s.id) AS "lastSeenAt",
         s.version
    FROM staff s`;
const READ = sql(`${MEMBER} WHERE s.clinic_id = $1 AND s.id = $2 AND s.kind = 'person'`);
const LIST = sql(`${MEMBER}
   WHERE s.clinic_id = $1 AND s.kind = 'person' AND ($2::text IS NULL OR ${STATUS} = $2)
     AND ($3::text IS NULL OR (s.display_name, s.id) > ($3, $4::uuid))
   ORDER BY s.display_name, s.id LIMIT $5`);
const LOCK = sql(`SELECT id FROM staff WHERE clinic_id = $1 AND id = $2 AND kind = 'person' FOR UPDATE`);
const ADD = sql(`
  INSERT INTO staff (clinic_id, id, email, display_name, roles, joined_at, created_at) VALUES ($1, $2, $3, $4, $5, NULL, $6)`);
const SET_ROLES = sql(`
  UPDATE staff SET roles = $3, is_prescriber = is_prescriber AND 'practitioner' = ANY ($3), version = version + 1
   WHERE clinic_id = $1 AND id = $2`);
const REGISTER = sql(`
  UPDATE staff SET registration_body = $3, registration_number = $4, is_prescriber = $5, registration_checked_by = $6,
         registration_checked_at = $7, version = version + 1 WHERE clinic_id = $1 AND id = $2`);
const SET_ACTIVE = sql(`
  UPDATE staff SET active = $3, deactivated_at = $4, version = version + 1 WHERE clinic_id = $1 AND id = $2`);
const LEAVE_LOCATIONS = sql('DELETE FROM staff_location WHERE clinic_id = $1 AND staff_id = $2');
const GO_TO_LOCATIONS = sql(`
  INSERT INTO staff_location (clinic_id, staff_id, location_id) SELECT $1, $2, unnest($3::uuid[])`);
const NEXT_VERSION = sql('UPDATE staff SET version = version + 1 WHERE clinic_id = $1 AND id = $2');

@Injectable()
export class StaffMembersRepository {
  read(tx: Tx, id: string): Promise<StaffMemberView | null> {
    return tx.maybe<StaffMemberView>(READ, [tx.clinicId, id]);
  }

  /** As it is once nobody else changes it any more. */
  async lock(tx: Tx, id: string): Promise<StaffMemberView | null> {
    return (await tx.run(LOCK, [tx.clinicId, id])) === 1 ? this.read(tx, id) : null;
  }

  list(
    tx: Tx,
    wanted: {
      readonly status: MemberStatus | null;
      readonly after: readonly unknown[];
      readonly limit: number;
    },
  ): Promise<StaffMemberView[]> {
    const [name = null, id = null] = wanted.after;
    return tx.rows<StaffMemberView>(LIST, [tx.clinicId, wanted.status, name, id, wanted.limit]);
  }

  /** @throws StaffEmailTaken */
  async add(
    tx: Tx,
    { id, email, displayName, roles }: Pick<StaffMemberView, 'id' | 'email' | 'displayName' | 'roles'>,
  ): Promise<void> {
    await tx.run(ADD, [tx.clinicId, id, email, displayName, roles, tx.now]).catch(refused);
  }

  /** @throws LastAdmin */
  async setRoles(tx: Tx, id: string, roles: readonly string[]): Promise<void> {
    await tx.run(SET_ROLES, [tx.clinicId, id, roles]).catch(refused);
  }

  /** `null` takes the registration away. Who checked it and when are those of the transaction. */
  async register(
    tx: Tx,
    id: string,
    registration: { readonly body: string; readonly number: string } | null,
    isPrescriber: boolean,
  ): Promise<void> {
    const { body = null, number = null } = registration ?? {};
    const checked = registration === null ? [null, null] : [tx.actor.staffId, tx.now];
    await tx.run(REGISTER, [tx.clinicId, id, body, number, isPrescriber, ...checked]);
  }

  /** @throws LastAdmin */
  async setActive(tx: Tx, id: string, active: boolean): Promise<void> {
    await tx.run(SET_ACTIVE, [tx.clinicId, id, active, active ? null : tx.now]).catch(refused);
  }

  /** @throws WorkplaceNotFound */
  async setLocations(tx: Tx, id: string, locationIds: readonly string[]): Promise<void> {
    await tx.run(LEAVE_LOCATIONS, [tx.clinicId, id]);
    await tx.run(GO_TO_LOCATIONS, [tx.clinicId, id, locationIds]).catch(refused);
    await tx.run(NEXT_VERSION, [tx.clinicId, id]);
  }
}

function refused(error: unknown): never {
  const promise = violatedConstraint(error);
  if (promise === 'staff_email_unique') throw new StaffEmailTaken();
  if (promise === 'clinic_keeps_an_admin') throw new LastAdmin();
  if (promise === 'staff_location_exists') throw new WorkplaceNotFound();
  throw error;
}
