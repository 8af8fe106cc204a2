import { statusAfter, type WindowEvent, type WindowStatus } from './window-status.js';

/** What a recompute did. */
export interface Issued {
  readonly issued: number;
  /** Windows that ended, superseded ones included. */
  readonly ended: number;
  /** Open windows whose doses and figures are the same as before: left as they are. */
  readonly unchanged: number;
}

/** What a recompute of a few patients did, window by window. */
export interface IssuedWindows extends Issued {
  readonly windows: readonly {
    readonly what: 'issued' | 'ended';
    readonly windowId: string;
    readonly patientId: string;
  }[];
}

interface OpenOne {
  readonly id: string;
  readonly patientId: string;
  readonly area: string;
  readonly status: WindowStatus;
  readonly inputHash: string;
}

interface ComputedOne {
  readonly patientId: string;
  readonly area: string;
  readonly inputHash: string;
}

export interface EndedWindow {
  readonly id: string;
  readonly patientId: string;
  readonly status: WindowStatus;
  readonly endedBy: WindowEvent;
}

/**
 * What is to be written so that the open windows are those computed: an equal input writes nothing, another one ends
 * the present window `because`; a window without doses ends by what `withoutDoses` says of its patient.
 */
export function windowChanges<Computed extends ComputedOne>(
  open: readonly OpenOne[],
  computed: readonly Computed[],
  because: WindowEvent,
  withoutDoses: (patientId: string) => WindowEvent,
): { readonly issued: Computed[]; readonly ended: EndedWindow[]; readonly unchanged: number } {
  const left = new Map(open.map((one) => [`${one.patientId} ${one.area}`, one]));
  const issued: Computed[] = [];
  const ended: EndedWindow[] = [];
  let unchanged = 0;
  for (const window of computed) {
    const key = `${window.patientId} ${window.area}`;
    const present = left.get(key);
    left.delete(key);
    if (present?.inputHash === window.inputHash) {
      unchanged += 1;
      continue;
    }
    if (present) {
      const { id, patientId, status } = present;
      ended.push({ id, patientId, status: statusAfter(status, because), endedBy: because });
    }
    issued.push(window);
  }
  for (const { id, status, patientId } of left.values()) {
    const event = withoutDoses(patientId);
    ended.push({ id, patientId, status: statusAfter(status, event), endedBy: event });
  }
  return { issued, ended, unchanged };
}
