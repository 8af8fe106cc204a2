import type { JobData } from './jobs.js';

/** Does one kind of job. It may run twice (a worker can die after its work), so its effect must not double. */
export abstract class JobHandler {
  /** The queue's name in queues.json. */
  abstract readonly queue: string;

  abstract work(data: JobData): Promise<void>;
}
