import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

const SERIAL = /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/;

/** How many vials came where. */
export class Delivery {
  /** Where they are. */
  @IsUUID()
  locationId!: string;

  /** How many; left out: as many as there are serials or scans. @example 10 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(500)
  vials?: number;

  /** Of some or all of the vials. */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(500)
  @Matches(SERIAL, { each: true })
  serials?: string[];
}

export class ReceiveVials extends Delivery {
  /** The codes of the packs, each with its serial; they must be of this lot. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(500)
  @IsString({ each: true })
  @MaxLength(500, { each: true })
  scans?: string[];
}

export class TransferVials {
  @IsUUID()
  lotId!: string;

  @IsUUID()
  fromLocationId!: string;

  @IsUUID()
  toLocationId!: string;

  /** How many sealed vials of the lot; left out: those in `vialIds`. @example 5 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(500)
  vials?: number;

  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @ArrayMaxSize(500)
  @IsUUID(undefined, { each: true })
  vialIds?: string[];
}

export class DeliveryView {
  lotId!: string;
  locationId!: string;

  /** The vials, in the order of their serials as sent. */
  vialIds!: string[];
}
