import { sql, type Tx } from '#database';

import type { StaffView } from './http/staff.dto.js';

const LIST = sql(`
  SELECT id, display_name AS "displayName", roles, is_prescriber AS "isPrescriber", active
    FROM staff WHERE clinic_id = $1 AND ($2::text IS NULL OR $2 = ANY (roles)) AND active AND kind = 'person'
   ORDER BY display_name, id LIMIT 500`);
const READ = sql(`
  SELECT id, display_name AS "displayName", roles, is_prescriber AS "isPrescriber", active
    FROM staff WHERE clinic_id = $1 AND id = ANY ($2::uuid[])`);

/** Active people in order of their names, those of a role or all. */
export const staffOfRole = (tx: Tx, role: string | undefined): Promise<StaffView[]> =>
  tx.rows<StaffView>(LIST, [tx.clinicId, role ?? null]);

/** By id, in any order, those who left too; absent and foreign ones are simply missing. */
export const staffByIds = (tx: Tx, ids: readonly string[]): Promise<StaffView[]> =>
  tx.rows<StaffView>(READ, [tx.clinicId, ids]);
