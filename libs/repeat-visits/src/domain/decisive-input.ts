import { type CalendarDate, latest } from '#kernel';
import type { KeptDose, WindowInput } from './kept-windows.js';

/** What decides the dates of a window: the same for very many windows of a clinic. */
export interface Decisive {
  /** Equal keys, equal dates, whatever the figures become. */
  readonly key: string;
  /** The input without what decides nothing. */
  readonly input: WindowInput;
  /** The last dose: from this day on the window can be computed. */
  readonly from: CalendarDate;
}

/**
 * Of each product the latest full dose and a later touch-up decide: an interval added to an earlier day never ends later. With
 * the patient's own interval every full dose counts. Ids of treatments decide nothing.
 */
export function decisive({ formula, personalInterval, figures, doses }: WindowInput): Decisive {
  const kept: KeptDose[] = [];
  const waiting = new Set(Object.keys(figures));
  let key = personalInterval ? 'own' : '';
  let from: CalendarDate | undefined;
  // Newest first, until every product has had a full dose.
  for (const dose of doses.toReversed()) {
    if (!personalInterval && waiting.size === 0) break;
    const [treatedOn, product, kind] = dose;
    from = from === undefined ? treatedOn : latest(from, treatedOn);
    const isWaiting = kind === 'full' ? waiting.delete(product) : waiting.has(product);
    if (!isWaiting && !(personalInterval && kind === 'full')) continue;
    key += `${treatedOn} ${product} ${kind}\n`;
    kept.push(dose);
  }
  if (from === undefined) throw new Error('A window hangs on a dose');
  for (const product in figures) key += `${product} ${figures[product] ?? ''}\n`;
  return { key, from, input: { formula, personalInterval, figures, doses: kept.toReversed() } };
}
