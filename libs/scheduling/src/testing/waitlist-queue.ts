import type { JobData } from '#jobs';

import type { Scheduling, TestQueue } from './scheduling-on.js';

interface Waiting {
  readonly name: string;
  readonly data: JobData;
  readonly startAfter: Date | undefined;
}

/** The waitlist's jobs, worked off by the test's clock; jobs of a transaction that was rolled back do no harm here. */
export function aWaitlistQueue(): TestQueue & {
  due(now: Date): Waiting[];
  forget(): void;
  /** Until nothing is due. */
  workOff(scheduling: Pick<Scheduling, 'waitlistJobs'>, now: Date): Promise<void>;
} {
  let waiting: Waiting[] = [];
  const due = (now: Date): Waiting[] =>
    waiting.filter(({ startAfter }) => startAfter === undefined || startAfter <= now);
  return {
    enqueue: (_, name, data, options) => {
      waiting.push({ name, data, startAfter: options?.startAfter });
      return Promise.resolve();
    },
    due,
    forget: () => {
      waiting = [];
    },
    async workOff({ waitlistJobs: { match, endOffer } }, now) {
      for (let [job] = due(now); job !== undefined; [job] = due(now)) {
        const taken = job;
        waiting = waiting.filter((one) => one !== taken);
        if (taken.name === match.queue) await match.work(taken.data);
        if (taken.name === endOffer.queue) await endOffer.work(taken.data);
      }
    },
  };
}
