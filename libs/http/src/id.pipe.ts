import { isId } from '#kernel';
import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';

import { InvalidInput } from './http.errors.js';

/** Path ids are UUIDs; anything else is bad input, not an absent record. */
@Injectable()
export class IdPipe implements PipeTransform {
  transform(value: unknown, { data }: ArgumentMetadata): string {
    if (isId(value)) return value.toLowerCase();
    throw new InvalidInput([{ pointer: `/${data ?? 'id'}`, in: 'path', detail: 'This is not an id (UUID)' }]);
  }
}
