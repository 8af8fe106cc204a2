import { IsOptional, IsUUID, ValidateBy, ValidateIf, type ValidationOptions } from 'class-validator';

const IsAlone = (options: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isAlone',
      validator: {
        validate: (_, validated) =>
          validated?.object instanceof MakeCalendarFeed && validated.object.practitionerId === undefined,
      },
    },
    options,
  );

/** Of a practitioner or of a location, not of both. */
export class MakeCalendarFeed {
  @ValidateIf(
    ({ practitionerId, locationId }: MakeCalendarFeed) =>
      practitionerId !== undefined || locationId === undefined,
  )
  @IsUUID()
  practitionerId?: string;

  @IsOptional()
  @IsUUID()
  @IsAlone({ message: 'A calendar is of a practitioner or of a location, not of both' })
  locationId?: string;
}

export class NewCalendarFeed {
  id!: string;

  /** Told this once: whoever has it can read the calendar. @example /calendar/0Yx3uXv0p6bXo1Yw2fJ7c8Z9aBcDeFgHiJkLmNoPqRs.ics */
  path!: string;
}

export class CalendarFeedView {
  id!: string;
  practitionerId!: string | null;
  locationId!: string | null;

  /** Of the practitioner or the location. @example Dr Ada Okafor */
  name!: string;

  createdBy!: string;
  createdAt!: Date;
}

export class CalendarFeedList {
  items!: CalendarFeedView[];
}
