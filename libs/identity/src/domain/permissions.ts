/** What a role may do. Roles add up; being a prescriber is a quality of a person, not a role. */
export const ROLES = ['receptionist', 'practitioner', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const DESK = [
  'patients:read',
  'patients:write',
  'appointments:read',
  'appointments:book',
  'appointments:run',
  'scheduling:read',
  'repeat-visits:read',
  'recall:contact',
  'follow-ups:read',
  'lot-recalls:contact',
  'catalogue:read',
] as const;

/** Whoever works through the recall list on paper. */
const RECALL = ['recall:export'] as const;

const CLINICAL = [
  'patients:merge',
  'appointments:override',
  'charts:read',
  'photos:record',
  'consultations:record',
  'treatments:record',
  'treatments:sign',
  'lots:read',
  'lots:receive',
  'vials:use',
  'follow-ups:record',
  'adverse-events:record',
  'clinical-tasks:work',
  'lot-recalls:manage',
  'repeat-visits:decide',
] as const;

const OFFICE = [
  'patients:merge',
  'appointments:override',
  'scheduling:set-up',
  'consultations:set-up',
  'reports:read',
  'lots:read',
  'lots:receive',
  'clinical-tasks:work',
  'lot-recalls:manage',
  'staff:read',
  'protocols:write',
  'clinic:set-up',
] as const;

export type Permission =
  (typeof DESK)[number] | (typeof RECALL)[number] | (typeof CLINICAL)[number] | (typeof OFFICE)[number];

/** As data, so that the matrix role × permission can be read, shown and tested. */
export const PERMISSIONS_OF: Readonly<Record<Role, readonly Permission[]>> = {
  receptionist: [...DESK, ...RECALL],
  practitioner: [...DESK, ...CLINICAL],
  admin: [...DESK, ...RECALL, ...OFFICE],
};

export const isRole = (word: string): word is Role => ROLES.some((role) => role === word);

export function permissionsOf(roles: readonly string[]): ReadonlySet<Permission> {
  return new Set(roles.filter(isRole).flatMap((role) => PERMISSIONS_OF[role]));
}
