import { isCalendarDate, isMoment, isZone } from '#kernel';
import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsBoolean, ValidateBy, type ValidationOptions } from 'class-validator';

const field =
  (name: string, test: (value: unknown) => boolean, says: string) => (options?: ValidationOptions) =>
    ValidateBy({ name, validator: { validate: test, defaultMessage: () => says } }, options);

/** `YYYY-MM-DD` of an existing day: 2023-02-30 is refused. */
export const IsCalendarDate = field(
  'isCalendarDate',
  isCalendarDate,
  'This is not an existing date (YYYY-MM-DD)',
);

/** An instant with offset, or a wall-clock time of the location. */
export const IsMoment = field(
  'isMoment',
  isMoment,
  'Give an instant (2026-03-29T09:30:00Z) or a local time of the location (2026-03-29T09:30)',
);

export const IsZone = field('isZone', isZone, 'This is not an IANA time zone, e.g. Europe/London');

/** A text that holds more than white space. */
export const IsFilled = field(
  'isFilled',
  (value) => typeof value === 'string' && value.trim() !== '',
  'This must be a text that is not blank',
);

/** `true` or `false` in a query, where everything comes as text. */
export const IsFlag = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      value === 'true' ? true : value === 'false' ? false : value,
    ),
    IsBoolean(),
  );
