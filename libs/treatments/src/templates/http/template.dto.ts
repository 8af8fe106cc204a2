import { IsFilled, PageQuery } from '#http';
import { OmitType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, MaxLength, ValidateNested } from 'class-validator';

import { ChartInjection } from '../../http/injection.dto.js';

/** A point without what belongs to the day: its lot and vial, and the volume that follows from them. */
export class TemplatePoint extends OmitType(ChartInjection, ['lotId', 'vialId', 'volumeMl'] as const) {}

export class KeepTemplate {
  /** @example My usual upper face */
  @IsFilled()
  @MaxLength(100)
  name!: string;

  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => TemplatePoint)
  points!: TemplatePoint[];
}

export class ListTemplates extends PageQuery {}

export class TemplateView {
  id!: string;
  name!: string;
  points!: TemplatePoint[];

  /** Also the ETag. */
  version!: number;
}

export class TemplatePage {
  items!: TemplateView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}
