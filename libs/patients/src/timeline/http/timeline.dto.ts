import { PageQuery } from '#http';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, Matches } from 'class-validator';

export class ReadTimeline extends PageQuery {
  /** Only these kinds, separated by commas. @example treatment,photo */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsArray()
  @ArrayMaxSize(20)
  @Matches(/^[a-z-]{1,40}$/, { each: true, message: 'This is not a kind of entry' })
  kinds?: string[];
}

export class TimelineEntry {
  /** @example treatment */
  kind!: string;

  /** Of the appointment, treatment, photo … itself. */
  id!: string;

  at!: Date;

  /** The civil day where it happened. */
  day!: string;

  /** @example Treatment: glabella, forehead */
  title!: string;

  /** As the thing itself says it, where it has one. @example signed */
  status!: string | null;
}

export class TimelinePage {
  items!: TimelineEntry[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}
