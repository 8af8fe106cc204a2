import type { ClientBase } from 'pg';

export function createClinic(
  client: ClientBase,
  wanted: { slug: string; name: string; market: string; email: string; admin: string },
): Promise<{ clinicId: string; token: string }>;
export function listClinics(
  client: ClientBase,
): Promise<{ slug: string; name: string; market: string; since: string; admins: number; people: number }[]>;
export function resetAdmin(
  client: ClientBase,
  wanted: { slug: string; email: string; removeSecondFactor: boolean },
): Promise<{ token: string; allowedPasswords: boolean }>;
