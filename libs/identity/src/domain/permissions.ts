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

/** Whoever works through the whole recall list: on paper, or by messages to many. */
const RECALL = ['recall:export', 'recall:message'] as const;

const CLINICAL = [
  'patients:merge',
  'appointments:override',
  'charts:read',
  'charts:write',
  'photos:record',
  'consultations:record',
  'treatments:record',
  'treatments:sign',
  'lots:read',
  'lots:receive',
  'vials:use',
  'follow-ups:record',
  'records:emergency',
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
  'staff:manage',
  'sign-in:set-up',
  'integrations:manage',
  'audit:read',
  'privacy:manage',
  'records:emergency',
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

/**
 * What an API key may be given. Charting, signing and overriding ask for a person who answers for it; staff, sign-in and
 * other keys would let a key make itself more than it was given.
 */
export const SCOPES = [
  ...DESK,
  'charts:read',
  'lots:read',
  'lots:receive',
  'reports:read',
  'staff:read',
  'scheduling:set-up',
] as const satisfies readonly Permission[];

export const isRole = (word: string): word is Role => ROLES.some((role) => role === word);
const isScope = (word: string): word is (typeof SCOPES)[number] => SCOPES.some((scope) => scope === word);

/** `deskReadsCharts` is the clinic's switch: without it a receptionist sees no injection, dose or finding. */
export function permissionsOf(
  roles: readonly string[],
  { deskReadsCharts = false }: { readonly deskReadsCharts?: boolean } = {},
): ReadonlySet<Permission> {
  const own = roles.filter(isRole).flatMap((role) => PERMISSIONS_OF[role]);
  const charts: Permission[] = deskReadsCharts && roles.includes('receptionist') ? ['charts:read'] : [];
  return new Set([...own, ...charts]);
}

/** What a key's scopes allow; words that are no scope any more allow nothing. */
export const permissionsOfScopes = (scopes: readonly string[]): ReadonlySet<Permission> =>
  new Set(scopes.filter(isScope));
