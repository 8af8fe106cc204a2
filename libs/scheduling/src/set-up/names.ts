import { violatedConstraint } from '#database';

import { NameTaken } from '../domain/scheduling.errors.js';

const UNIQUE_NAMES: ReadonlySet<string> = new Set([
  'location_name_unique',
  'room_name_unique',
  'appointment_type_name_unique',
]);

/** A name that turns out to be another's is refused by name. @throws NameTaken */
export async function keepingNamesApart<T>(name: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (UNIQUE_NAMES.has(violatedConstraint(error) ?? '')) throw new NameTaken({ name });
    throw error;
  }
}
