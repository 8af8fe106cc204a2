import { CATALOGUE_ID } from '#catalogue';
import { IsCalendarDate, IsFilled, PageQuery } from '#http';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';

import type { LotStatus } from '../../domain/lot.js';
import type { PackWarning } from '../domain/pack.js';
import { Delivery } from './delivery.dto.js';

export class ReceiveLot {
  /** Catalogue id of the product. @example ona */
  @Matches(CATALOGUE_ID)
  product!: string;

  /** The GS1 DataMatrix of the pack, as scanned or as printed with brackets; it brings number, expiry, GTIN and serial. */
  @IsOptional()
  @IsFilled()
  @MaxLength(500)
  scan?: string;

  /** Without a scan. @example C1234 */
  @IsOptional()
  @IsFilled()
  @MaxLength(20)
  number?: string;

  /** The last day of use. @example 2028-06-30 */
  @IsOptional()
  @IsCalendarDate()
  expiresOn?: string;

  /** @example 00300230221009 */
  @IsOptional()
  @Matches(/^(\d{8}|\d{12,14})$/)
  gtin?: string;

  @IsOptional()
  @IsFilled()
  @MaxLength(20)
  serial?: string;

  /** Units of the product in one vial. @example 100 */
  @IsInt()
  @Min(1)
  @Max(1000)
  vialUnits!: number;

  /** The vials that came with it; left out: the lot is known, its vials are not counted. */
  @IsOptional()
  @ValidateNested()
  @Type(() => Delivery)
  delivery?: Delivery;
}

export class ListLots extends PageQuery {
  /** @example ona */
  @IsOptional()
  @Matches(CATALOGUE_ID)
  product?: string;

  /** Only lots that may be used on this day: in use and not expired. */
  @IsOptional()
  @IsCalendarDate()
  usableOn?: string;
}

export class ChangeLot {
  /** @example Cold chain broken for three hours */
  @IsFilled()
  @MaxLength(1000)
  reason!: string;
}

export class LotView {
  id!: string;
  product!: string;
  number!: string;
  expiresOn!: string;
  gtin!: string | null;
  serial!: string | null;
  vialUnits!: number;

  /** in-use, quarantined, recalled */
  status!: LotStatus;

  /** Why it was put aside, released or recalled last. */
  statusReason!: string | null;
  receivedOn!: string;
}

export class ReceivedLotView extends LotView {
  /**
   * gtin_unknown: the catalogue does not know the code, compare the pack with the product's name; gtin_missing: it has none;
   * brand_of_other_market: the brand is not licensed in the market of the clinic.
   */
  warnings!: PackWarning[];

  /** The vials that came with it. */
  vialIds!: string[];
}

export class LotPage {
  items!: LotView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}
