import { IsIn, IsOptional } from 'class-validator';

import { ROLES } from '../domain/permissions.js';

export class FindStaff {
  /** Only people with this role. @example practitioner */
  @IsOptional()
  @IsIn(ROLES)
  role?: string;
}

export class StaffView {
  id!: string;

  /** @example Dr Ada Okafor */
  displayName!: string;

  /** @example ["practitioner"] */
  roles!: string[];

  isPrescriber!: boolean;
  active!: boolean;
}

export class StaffList {
  items!: StaffView[];
}
