import { type CalendarDate, latest } from '#kernel';
import type { ProtocolFigures } from '#catalogue';
import { type AreaForecast, forecast } from './forecast.js';
import type { Dose } from './history.js';
import type { Protocol } from './protocol.js';

/** A dose with the treatment it belongs to and where that was. */
export interface RecordedDose extends Dose {
  readonly treatmentId: string;
  readonly locationId: string;
}

/** What a window was computed from: enough to compute it again to the byte. */
export interface WindowInput {
  /** In canonical order, this area's only. */
  readonly doses: readonly Dose[];
  /** The figures of each product among them, in order of product id. */
  readonly figures: readonly ProtocolFigures[];
}

/** A window as it is kept, before anybody gave it an id. */
export interface WindowToKeep {
  readonly forecast: AreaForecast;
  /** The dose it hangs on: the last full treatment, or the last touch-up where there was none. */
  readonly treatmentId: string;
  readonly locationId: string;
  readonly protocolVersion: string;
  readonly input: WindowInput;
}

/**
 * The windows a patient's doses give, one an area. `assessedOn` is moved on to the last dose where it lies before: kept
 * dates do not depend on it. Throws whatever `protocol.figures` throws.
 */
export function windowsToKeep(
  doses: readonly RecordedDose[],
  protocol: Protocol,
  assessedOn: CalendarDate,
): WindowToKeep[] {
  const on = latest(assessedOn, ...doses.map(({ treatedOn }) => treatedOn));
  return forecast(doses, protocol, on).areas.map((area) => {
    const own = doses.filter((dose) => dose.area === area.area).toSorted(inOrder);
    const products = [...new Set(own.map(({ product }) => product))].toSorted();
    const { treatmentId, locationId } = anchorOf(own, area);
    return {
      forecast: area,
      treatmentId,
      locationId,
      protocolVersion: protocol.version,
      input: {
        doses: own.map(({ treatedOn, product, area: id, kind, treatmentId: treatment }) => ({
          treatedOn,
          product,
          area: id,
          kind,
          treatmentId: treatment,
        })),
        figures: products.map((product) => protocol.figures(product, area.area)),
      },
    };
  });
}

function anchorOf(
  doses: readonly RecordedDose[],
  { lastFullTreatment, product }: AreaForecast,
): RecordedDose {
  const full = doses.find(
    (dose) => dose.kind === 'full' && dose.treatedOn === lastFullTreatment && dose.product === product,
  );
  const anchor = full ?? doses.at(-1);
  if (!anchor) throw new Error('A window hangs on a dose');
  return anchor;
}

const keyOf = ({ treatedOn, product, kind, treatmentId }: RecordedDose): string =>
  [treatedOn, product, kind, treatmentId].join(' ');

const inOrder = (a: RecordedDose, b: RecordedDose): number => (keyOf(a) < keyOf(b) ? -1 : 1);
