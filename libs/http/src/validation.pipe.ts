import { Injectable, ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';

import { InvalidInput, type InputError } from './http.errors.js';
import { overlooked, withLowerIds } from './plain-input.js';

const PLACE = { body: 'body', query: 'query', param: 'path', custom: 'body' } as const;

/** Refuses unknown and mistyped fields, naming each by JSON pointer; what passes is an instance of the DTO. */
@Injectable()
export class Validation extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      transform: true,
      stopAtFirstError: true,
      validationError: { target: false, value: true },
      exceptionFactory: (errors) => new InvalidInput(errors.flatMap((error) => pointers(error, ''))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const place = PLACE[metadata.type];
    const wantsObject = metadata.metatype !== undefined && !PRIMITIVE.has(metadata.metatype);
    if (!wantsObject) return super.transform(value, metadata);
    if (metadata.type === 'body' && !isPlainObject(value)) {
      throw new InvalidInput([{ pointer: '', in: 'body', detail: 'The body must be a JSON object' }]);
    }
    const refuse = (errors: readonly Omit<InputError, 'in'>[]): never => {
      throw new InvalidInput(errors.slice(0, MOST_ERRORS).map((one) => ({ ...one, in: place })));
    };
    const dto: unknown = await super.transform(withLowerIds(value), metadata).catch((error: unknown) => {
      if (error instanceof InvalidInput) return refuse(error.errors);
      throw error;
    });
    const rest = overlooked(dto);
    return rest.length > 0 ? refuse(rest) : dto;
  }
}

/** As many as a person can mend at once; a body of nothing but unknown fields must not come back tenfold. */
const MOST_ERRORS = 20;
const LONGEST_POINTER = 200;

const PRIMITIVE = new Set<unknown>([String, Boolean, Number, Array, Object, Date]);

const isPlainObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function pointers(error: ValidationError, above: string): InputError[] {
  const name = error.property.replaceAll('~', '~0').replaceAll('/', '~1');
  const pointer = `${above}/${name}`.slice(0, LONGEST_POINTER);
  const own = Object.entries(error.constraints ?? {}).map(([kind, text]): InputError => {
    const isMissing = error.value === undefined && kind !== 'whitelistValidation';
    const unknown = kind === 'whitelistValidation' ? 'This field is not known here' : text;
    return { pointer, in: 'body', detail: isMissing ? 'This field is required' : unknown };
  });
  return [...own, ...(error.children ?? []).flatMap((child) => pointers(child, pointer))];
}
