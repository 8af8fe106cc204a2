import type { ProtocolFigures } from '#catalogue';
import type { CalendarDate } from '#kernel';

import { type Decisive, decisive } from '../domain/decisive-input.js';
import { type KnownFigures, replay } from '../domain/kept-windows.js';
import { ShiftCount } from '../domain/window-shifts.js';
import type { WindowDates } from '../domain/window-status.js';
import { datesOf, inputOf, type OpenComputation } from './preview.queries.js';

/** Kept at a time: some megabytes; a clinic has a few thousand different ones. */
const MOST_KEPT = 20_000;

interface Alike {
  readonly before: WindowDates;
  readonly after: WindowDates;
  windows: number;
}

/** What becomes of windows with new figures of a product in an area; those that are alike are computed once. */
export class PreviewCount {
  readonly #shifts: ShiftCount;
  readonly #alike = new Map<string, Alike>();
  readonly #computed = new Map<string, WindowDates>();

  constructor(
    private readonly of: { readonly product: string; readonly area: string },
    private readonly wanted: KnownFigures,
    private readonly figuresOf: (hash: string) => ProtocolFigures | undefined,
    on: CalendarDate,
  ) {
    this.#shifts = new ShiftCount(on);
  }

  /** @throws UnknownFigures when figures of another product in its history are not kept */
  add({ dates, input }: OpenComputation): void {
    const deciding = decisive(inputOf(input));
    const { key } = deciding;
    const both = `${dates}\n${key}`;
    const alike = this.#alike.get(both);
    if (alike) {
      alike.windows += 1;
      return;
    }
    if (this.#alike.size === MOST_KEPT) this.#flush();
    const after = this.#computed.get(key) ?? this.#compute(deciding);
    this.#computed.set(key, after);
    this.#alike.set(both, { before: datesOf(dates), after, windows: 1 });
  }

  get result(): ShiftCount['result'] {
    this.#flush();
    return this.#shifts.result;
  }

  #compute({ input, from }: Decisive): WindowDates {
    const { product, area } = this.of;
    const changed = { ...input, figures: { ...input.figures, [product]: this.wanted.hash } };
    return replay({ area, protocolVersion: '', input: changed }, this.figuresOf, from);
  }

  #flush(): void {
    for (const { before, after, windows } of this.#alike.values()) this.#shifts.add(before, after, windows);
    this.#alike.clear();
    this.#computed.clear();
  }
}
