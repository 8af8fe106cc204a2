import { NotYourLocation } from './identity.errors.js';

/** Where someone works; none named is everywhere. */
export interface Workplaces {
  readonly locationIds?: readonly string[];
}

export const worksAt = ({ locationIds = [] }: Workplaces, locationId: string): boolean =>
  locationIds.length === 0 || locationIds.includes(locationId);

/** @throws NotYourLocation */
export function assertWorksAt(who: Workplaces, locationId: string): void {
  if (!worksAt(who, locationId)) throw new NotYourLocation();
}
