import { PickType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

import { FilterQuery } from '../../http/report-query.dto.js';

class AtLocation extends PickType(FilterQuery, ['asOf', 'locationId']) {}

export class AskDueForecast extends AtLocation {
  /**
   * Weeks ahead, 1 to 26.
   * @example 12
   */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(26)
  weeks: number = 12;
}

export class DueWeekView {
  firstDay!: string;
  lastDay!: string;

  /** Patients whose target lies in the week; null when too few to be told. */
  due!: number | null;
  booked!: number | null;
  toBook!: number | null;
  freeMinutes!: number;
  freeVisits!: number | null;

  /** Visits to book beyond the free ones. */
  shortBy!: number | null;
}

export class DueForecastView {
  definition!: string;
  asOf!: string;
  locationId!: string | null;

  /** How long a treatment visit is taken to be. */
  visitMinutes!: number | null;
  overdue!: number | null;
  weeks!: DueWeekView[];
}

export class AskExpiringStock extends AtLocation {
  /**
   * Lots that expire within so many days, 1 to 730.
   * @example 180
   */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(730)
  days: number = 180;
}

export class ExpiringLotView {
  lotId!: string;
  lotNumber!: string;
  product!: string;
  expiresOn!: string;

  /** Vials that are not empty, an open one included. */
  vials!: number;

  /** In them, in units of the product. */
  units!: number;

  /** Of the units, those that planned visits would take before the lot expires, and those left on that day. */
  planned!: number;
  expiring!: number;
}

export class ExpiringProductView {
  product!: string;
  vials!: number;

  /** Units are a product’s own and add up only within it. */
  units!: number;
  planned!: number;
  expiring!: number;
}

export class ExpiringStockView {
  definition!: string;
  asOf!: string;

  /** The last day of expiry that is looked at. */
  until!: string;
  locationId!: string | null;

  /** The lots below, added up. */
  products!: ExpiringProductView[];
  lots!: ExpiringLotView[];
}
