import { Injectable, ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';

import { InvalidInput, type InputError } from './http.errors.js';

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
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => new InvalidInput(errors.flatMap((error) => pointers(error, ''))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const place = PLACE[metadata.type];
    const wantsObject = metadata.metatype !== undefined && !PRIMITIVE.has(metadata.metatype);
    if (metadata.type === 'body' && wantsObject && !isPlainObject(value)) {
      throw new InvalidInput([{ pointer: '', in: 'body', detail: 'The body must be a JSON object' }]);
    }
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      const errors = error.errors.map((one) => ({ ...one, in: place }));
      throw new InvalidInput(errors);
    }
  }
}

const PRIMITIVE = new Set<unknown>([String, Boolean, Number, Array, Object, Date]);

const isPlainObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function pointers(error: ValidationError, above: string): InputError[] {
  const pointer = `${above}/${error.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const own = Object.entries(error.constraints ?? {}).map(([kind, text]): InputError => ({
    pointer,
    in: 'body',
    detail: kind === 'whitelistValidation' ? 'This field is not known here' : text,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => pointers(child, pointer))];
}
