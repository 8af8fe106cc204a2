import { PageQuery } from '#http';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

export class TraceLot extends PageQuery {
  /** Patients a page, 1 to 1000. @example 1000 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  override limit: number = 1000;
}

export class TracedInjection {
  id!: string;
  area!: string;
  side!: string;

  /** Units of the lot's product. */
  units!: number;
  vialId!: string | null;
}

export class TracedTreatment {
  id!: string;
  treatedOn!: string;

  /** signed, draft: charted and not signed yet, but perhaps given. */
  status!: string;
  practitionerId!: string;
  locationId!: string;
  units!: number;
  injections!: TracedInjection[];
}

export class TracedPatient {
  patientId!: string;
  patientNumber!: number;
  patientName!: string;

  /** Units of the lot, charted and drawn outside a chart. */
  units!: number;

  /** Units drawn outside a chart. */
  unchartedUnits!: number;

  /** Newest first. */
  treatments!: TracedTreatment[];
}

export class TraceTotals {
  patients!: number;
  treatments!: number;
  injections!: number;
  units!: number;
}

export class LotTraceView {
  lotId!: string;
  number!: string;
  product!: string;

  /** in-use, quarantined, recalled */
  status!: string;

  /** Of the whole lot, whatever the page. */
  totals!: TraceTotals;

  /** By patient number. */
  items!: TracedPatient[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}
