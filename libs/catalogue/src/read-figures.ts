import type { Cited } from './domain/catalogue.js';
import { JsonAt } from './domain/json-at.js';
import type { DaysFigure, ProtocolFigures, WeeksFigure } from './domain/protocol.js';
import { readMarket, readOffset } from './domain/read-products.js';

/**
 * A clinic's own figures as they were kept.
 * @throws MalformedCatalogue naming the pointer of what is missing or mistyped
 */
export function readFigures(json: unknown): ProtocolFigures {
  const root = new JsonAt(json);
  const window = root.at('window');
  const touchUp = root.at('touchUp');
  return {
    market: readMarket(root.at('market')),
    product: root.at('product').text(),
    area: root.at('area').text(),
    licensed: root.at('licensed').flag(),
    onLabel: root.at('onLabel').flag(),
    minIntervals: root.at('minIntervals').list((at) => ({
      ...ruled(at),
      offset: readOffset(at.at('offset')),
      wording: at.at('wording').text(),
    })),
    window: {
      profile: window.at('profile').orNull((at) => at.text()),
      from: window.at('from').orNull(readWeeks),
      target: window.at('target').orNull(readWeeks),
      to: window.at('to').orNull(readWeeks),
      lapse: window.at('lapse').orNull(readWeeks),
    },
    review: readDays(root.at('review')),
    nonResponse: { ...ruled(root.at('nonResponse')), day: root.at('nonResponse').at('day').whole() },
    touchUp: { ...readDays(touchUp), countsForInterval: touchUp.at('countsForInterval').flag() },
    notes: root.at('notes').texts(),
  };
}

const ruled = (at: JsonAt): Cited & { readonly ruleId: string } => ({
  ruleId: at.at('ruleId').text(),
  sources: at.at('sources').texts(),
  confidence: at.at('confidence').text(),
});

const readWeeks = (at: JsonAt): WeeksFigure => ({ ...ruled(at), weeks: at.at('weeks').whole() });

function readDays(at: JsonAt): DaysFigure {
  const [fromDay, toDay] = [at.at('fromDay').whole(), at.at('toDay').whole()];
  if (fromDay > toDay) at.refuse('ends before it begins');
  return { ...ruled(at), fromDay, toDay };
}
