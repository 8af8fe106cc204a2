import { IsFilled, PageQuery } from '#http';
import { IsIn, IsNumber, IsOptional, IsUUID, Max, MaxLength, Min } from 'class-validator';

import { DILUENTS, type Diluent } from '../domain/reconstitution.js';

export class OpenVial {
  @IsUUID()
  lotId!: string;

  /** Where it is opened. */
  @IsUUID()
  locationId!: string;

  /** Left out: any sealed vial of the lot there. */
  @IsOptional()
  @IsUUID()
  vialId?: string;

  /** For a powder: what it is made up with. @example sodium-chloride-0.9 */
  @IsOptional()
  @IsIn(DILUENTS)
  diluent?: Diluent;

  /** For a powder. @example 2.5 */
  @IsOptional()
  @IsNumber({ maxDecimalPlaces: 3 })
  @Min(0.1)
  @Max(100)
  diluentMl?: number;

  @IsOptional()
  @IsFilled()
  @MaxLength(50)
  diluentLot?: string;

  /** Why it is made up otherwise than the label says. */
  @IsOptional()
  @IsFilled()
  @MaxLength(1000)
  reason?: string;
}

export class DrawUnits {
  @IsUUID()
  patientId!: string;

  /** Units of the product. @example 20 */
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0.01)
  @Max(1000)
  units!: number;

  @IsOptional()
  @IsFilled()
  @MaxLength(1000)
  note?: string;
}

export class WasteUnits {
  /** Units of the product. @example 2.5 */
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0.01)
  @Max(1000)
  units!: number;

  /** @example Syringe dropped */
  @IsFilled()
  @MaxLength(1000)
  reason!: string;

  /** A colleague who saw it. */
  @IsOptional()
  @IsUUID()
  witnessId?: string;
}

export class DiscardVial {
  /** @example End of the session */
  @IsFilled()
  @MaxLength(1000)
  reason!: string;

  /** A colleague who saw it. */
  @IsOptional()
  @IsUUID()
  witnessId?: string;
}

export class CorrectVial {
  /** The draw, waste or discard that is taken back. */
  @IsUUID()
  movementId!: string;

  /** @example Drawn from the other vial */
  @IsFilled()
  @MaxLength(1000)
  reason!: string;
}

export class ListMovements extends PageQuery {}
