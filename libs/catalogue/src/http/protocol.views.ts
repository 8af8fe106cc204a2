import type { DaysFigure, ProtocolFigures, WeeksFigure } from '../domain/protocol.js';
import type { ProtocolInForce } from '../domain/protocol-in-force.js';
import { citedView } from './catalogue.views.js';
import type { DaysView, ProtocolView, WeeksView } from './protocol.dto.js';

export function protocolView(
  figures: ProtocolFigures,
  { origin, version }: ReturnType<ProtocolInForce['origin']>,
): ProtocolView {
  const { product, area, licensed, onLabel, minIntervals, window, review, nonResponse, touchUp, notes } =
    figures;
  return {
    product,
    area,
    origin,
    version,
    licensed,
    onLabel,
    minimumIntervals: minIntervals.map((figure) => ({
      ruleId: figure.ruleId,
      offset: { ...figure.offset },
      wording: figure.wording,
      ...citedView(figure),
    })),
    windowProfile: window.profile,
    from: window.from && weeksView(window.from),
    target: window.target && weeksView(window.target),
    to: window.to && weeksView(window.to),
    lapse: window.lapse && weeksView(window.lapse),
    review: daysView(review),
    nonResponse: { ruleId: nonResponse.ruleId, day: nonResponse.day, ...citedView(nonResponse) },
    touchUp: { ...daysView(touchUp), countsForInterval: touchUp.countsForInterval },
    notes: [...notes],
  };
}

const weeksView = (figure: WeeksFigure): WeeksView => ({
  ruleId: figure.ruleId,
  weeks: figure.weeks,
  ...citedView(figure),
});

const daysView = (figure: DaysFigure): DaysView => ({
  ruleId: figure.ruleId,
  fromDay: figure.fromDay,
  toDay: figure.toDay,
  ...citedView(figure),
});
