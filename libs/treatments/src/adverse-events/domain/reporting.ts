import type { AdverseEventTerm, Market, Product } from '#catalogue';
import { addDays, type CalendarDate } from '#kernel';

import type { Outcome, Seriousness } from './adverse-event.js';

export type Regulator = 'yellow-card' | 'medwatch' | 'national-authority' | 'swissmedic';
export type ReportReason = 'serious' | 'black-triangle' | 'black-triangle-unverified' | 'unexpected';

interface Duty {
  readonly regulator: Regulator;
  /** Any suspected reaction to a product under additional monitoring is reported, serious or not. */
  readonly blackTriangle: boolean;
  /** What is in no list of known reactions is reported too. */
  readonly unexpected: boolean;
}

/** To whom a clinic of the market reports, and what (clinical.md 4d: S76, S08; FDA 3500; HMG Art. 59). */
const DUTIES: Readonly<Record<Market, Duty>> = {
  UK: { regulator: 'yellow-card', blackTriangle: true, unexpected: false },
  EU: { regulator: 'national-authority', blackTriangle: true, unexpected: false },
  CH: { regulator: 'swissmedic', blackTriangle: true, unexpected: true },
  US: { regulator: 'medwatch', blackTriangle: false, unexpected: true },
};

/** Days from the day the clinic learnt of it; a proposal of ours, shorter than any duty we know. */
const DAYS_TO_REPORT = { fatalOrLifeThreatening: 7, serious: 15, other: 30 };

export interface Suspicion {
  readonly market: Market;
  readonly listed: AdverseEventTerm | null;
  readonly serious: boolean;
  readonly seriousness: readonly Seriousness[];
  readonly outcome: Outcome;
  /** The products that may have caused it. */
  readonly products: readonly Pick<Product, 'id' | 'blackTriangle'>[];
  /** The day the clinic learnt of it. */
  readonly on: CalendarDate;
}

export interface TaskDue {
  readonly kind: 'urgent-review' | 'report-to-regulator';
  readonly regulator: Regulator | null;
  readonly why: readonly string[];
  readonly dueOn: CalendarDate;
}

/** What has to be done about it: a clinician looks at once at what is or may be serious; the regulator of the market is told. */
export function tasksOf(suspicion: Suspicion): TaskDue[] {
  const { on, serious, listed } = suspicion;
  const maybe = listed?.severityFlag === 'serious?';
  const review: TaskDue[] =
    serious || maybe
      ? [
          {
            kind: 'urgent-review',
            regulator: null,
            why: [serious ? 'serious' : 'seriousness-to-decide'],
            dueOn: on,
          },
        ]
      : [];
  return [...review, ...reportOf(suspicion)];
}

function reportOf(suspicion: Suspicion): TaskDue[] {
  const { market, on } = suspicion;
  const duty = DUTIES[market];
  const why = reasonsOf(suspicion, duty);
  if (why.length === 0) return [];
  return [
    {
      kind: 'report-to-regulator',
      regulator: duty.regulator,
      why,
      dueOn: addDays(on, daysToReport(suspicion)),
    },
  ];
}

function reasonsOf({ serious, products, listed }: Suspicion, duty: Duty): ReportReason[] {
  const monitored = duty.blackTriangle ? products.map(({ blackTriangle }) => blackTriangle) : [];
  return [
    ...(serious ? (['serious'] as const) : []),
    ...(monitored.includes(true) ? (['black-triangle'] as const) : []),
    // Not known is not "no": somebody looks at the label.
    ...(monitored.includes(null) ? (['black-triangle-unverified'] as const) : []),
    ...(duty.unexpected && listed === null ? (['unexpected'] as const) : []),
  ];
}

function daysToReport({ serious, seriousness, outcome }: Suspicion): number {
  const isFatal = outcome === 'fatal' || seriousness.includes('death');
  if (isFatal || seriousness.includes('life-threatening')) return DAYS_TO_REPORT.fatalOrLifeThreatening;
  return serious ? DAYS_TO_REPORT.serious : DAYS_TO_REPORT.other;
}
