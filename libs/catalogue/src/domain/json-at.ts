import { MalformedCatalogue } from './catalogue.errors.js';

/** A value inside a JSON document that knows where it stands, so that every complaint names its place (RFC 6901). */
export class JsonAt {
  constructor(
    readonly value: unknown,
    readonly pointer = '',
  ) {}

  /** @throws MalformedCatalogue always, with the pointer and the problem. */
  refuse(problem: string): never {
    throw new MalformedCatalogue(
      { pointer: this.pointer, problem },
      `${this.pointer || 'The document'}: ${problem}`,
    );
  }

  get isNull(): boolean {
    return this.value === null || this.value === undefined;
  }

  private fields(): object {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return this.refuse('is not an object');
    return value;
  }

  /** The member, which may be absent. */
  at(name: string): JsonAt {
    const fields = this.fields();
    const step = name.replaceAll('~', '~0').replaceAll('/', '~1');
    return new JsonAt(Object.getOwnPropertyDescriptor(fields, name)?.value, `${this.pointer}/${step}`);
  }

  entries(): (readonly [string, JsonAt])[] {
    return Object.keys(this.fields()).map((name) => [name, this.at(name)]);
  }

  /** Each item read; a document without the list is malformed. */
  list<T>(read: (item: JsonAt) => T): T[] {
    if (!Array.isArray(this.value)) return this.refuse('is not a list');
    return this.value.map((item, index) => read(new JsonAt(item, `${this.pointer}/${index}`)));
  }

  /** Null and absent become null, anything else is read. */
  orNull<T>(read: (present: JsonAt) => T): T | null {
    return this.isNull ? null : read(this);
  }

  text(): string {
    return typeof this.value === 'string' && this.value !== '' ? this.value : this.refuse('is not a text');
  }

  flag(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.refuse('is not true or false');
  }

  /** A finite number above zero. */
  amount(): number {
    const { value } = this;
    return typeof value === 'number' && Number.isFinite(value) && value > 0
      ? value
      : this.refuse('is not above zero');
  }

  /** A whole number from 0. */
  whole(): number {
    const { value } = this;
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
      ? value
      : this.refuse('is not a whole number from 0');
  }

  oneOf<T extends string>(allowed: readonly T[]): T {
    return allowed.find((word) => word === this.value) ?? this.refuse(`is none of ${allowed.join(', ')}`);
  }

  /** Two whole numbers in order. */
  range(): readonly [number, number] {
    const [from, to, ...rest] = this.list((item) => item.whole());
    if (from === undefined || to === undefined || rest.length > 0 || from > to)
      return this.refuse('is not a range');
    return [from, to];
  }

  texts(): string[] {
    return this.list((item) => item.text());
  }
}
