import { InvalidInput } from '#http';
import { MESSAGE_LANGUAGES, type MessageLanguage } from '#messages';
import { Injectable, type PipeTransform } from '@nestjs/common';

/** Messages are written in few languages. */
@Injectable()
export class LanguagePipe implements PipeTransform {
  transform(value: unknown): MessageLanguage {
    const known = MESSAGE_LANGUAGES.find((language) => language === value);
    if (known !== undefined) return known;
    const detail = `Give one of ${MESSAGE_LANGUAGES.join(', ')}`;
    throw new InvalidInput([{ pointer: '/language', in: 'path', detail }]);
  }
}
