import { CATALOGUE_ID } from '#catalogue';
import { PageQuery } from '#http';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNumber, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';

import type { LotStatus } from '../../domain/lot.js';
import { VialView } from '../../vials/http/vial.view.js';

export class FindStock extends PageQuery {
  @IsOptional()
  @IsUUID()
  locationId?: string;

  /** @example ona */
  @IsOptional()
  @Matches(CATALOGUE_ID)
  product?: string;
}

export class FindVials extends PageQuery {
  @IsUUID()
  locationId!: string;

  /** sealed, open, discarded */
  @IsIn(['sealed', 'open', 'discarded'])
  status: 'sealed' | 'open' | 'discarded' = 'open';

  /** @example ona */
  @IsOptional()
  @Matches(CATALOGUE_ID)
  product?: string;
}

export class AskWhatToUse {
  /** @example ona */
  @Matches(CATALOGUE_ID)
  product!: string;

  @IsUUID()
  locationId!: string;

  /** Only opened vials with so many units free. @example 20 */
  @IsOptional()
  @Type(() => Number)
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0.01)
  @Max(1000)
  units?: number;

  /** For whom: their own single-patient vial is suggested too. */
  @IsOptional()
  @IsUUID()
  patientId?: string;
}

export class WatchExpiry {
  /** @example 60 */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(730)
  days: number = 60;

  @IsOptional()
  @IsUUID()
  locationId?: string;
}

export class StockRow {
  locationId!: string;
  locationName!: string;
  lotId!: string;
  lotNumber!: string;
  product!: string;
  expiresOn!: string;

  /** in-use, quarantined, recalled */
  lotStatus!: LotStatus;
  vialUnits!: number;
  sealedVials!: number;
  openVials!: number;

  /** Units left in opened vials. */
  openUnits!: number;
}

export class StockPage {
  items!: StockRow[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

export class VialPage {
  items!: VialView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

export class SuggestedVial {
  /** open-vial, sealed-vial */
  kind!: 'open-vial' | 'sealed-vial';

  /** Null: any sealed vial of the lot. */
  vialId!: string | null;
  lotId!: string;
  lotNumber!: string;
  expiresOn!: string;

  /** Of an opened vial. */
  useBy!: Date | null;
  freeUnits!: number;

  /** Sealed vials of the lot at the location. */
  sealedVials!: number;
}

export class SuggestionView {
  /** The day at the location. */
  on!: string;

  /** What to take first, first. */
  items!: SuggestedVial[];
}

export class ExpiringLot {
  lotId!: string;
  lotNumber!: string;
  product!: string;
  locationId!: string;
  locationName!: string;
  expiresOn!: string;

  /** Below zero once it is over. */
  daysLeft!: number;

  /** Vials not discarded. */
  vials!: number;

  /** Units in them. */
  units!: number;

  /** Units of the product cleared and planned at the location and not yet given. */
  plannedUnits!: number;

  /** Units of this lot that will be used in time: as many a day as in the last twelve weeks, at least those planned. */
  expectedUnits!: number;

  /** What will be left of it on its last day. */
  unitsAtRisk!: number;
}

export class ExpiryWatch {
  on!: string;
  days!: number;

  /** First to expire first, the first 2,000. */
  items!: ExpiringLot[];

  /** There are more than are told of: ask for one location, or for fewer days. */
  truncated!: boolean;
}
