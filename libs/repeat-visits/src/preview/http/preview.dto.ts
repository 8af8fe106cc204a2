import { ProtocolFiguresToChange } from '#catalogue';

export class PreviewProtocol extends ProtocolFiguresToChange {}

export class ShiftByDaysView {
  /** Negative: earlier. @example -14 */
  days!: number;

  /** @example 321 */
  windows!: number;
}

/** How one date of the windows moves. */
export class DateShiftView {
  /**
   * earliest, recommendedFrom, target, recommendedTo, lapsedAfter
   * @example target
   */
  date!: string;
  earlier!: number;
  later!: number;
  unchanged!: number;

  /** Windows that have the date only afterwards. */
  appears!: number;

  /** Windows that have it only before. */
  disappears!: number;

  /** Windows by days moved, in order; without those that stay. */
  byDays!: ShiftByDaysView[];
}

export class PreviewView {
  /** @example ona */
  product!: string;

  /** @example glabella */
  area!: string;

  /** Today, for the states. */
  on!: string;

  /** Open windows of the area with the product in their history. */
  windows!: number;

  /** Of them, those of which any date moves. */
  moved!: number;
  dates!: DateShiftView[];

  /** Windows by state today, as they are. */
  statesBefore!: Record<string, number>;

  /** Windows by state today, as they would be. */
  statesAfter!: Record<string, number>;
}
