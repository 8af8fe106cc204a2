import { readConfig } from '#config';
import { type JobHandler, type JobData } from '#jobs';
import { MessageGateway } from '#messages';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { HANDLERS, WorkerModule } from '../../../worker/src/worker.module.js';
import { TEST_SECRETS_KEY, type TestApi } from './test-api.js';

/** What a mail server answered that takes a mail of nobody. */
export class MailFailed extends Error {
  override readonly name = 'MailFailed';
}

interface Waiting {
  readonly id: string;
  readonly data: JobData;
}

/** The real worker's handlers over the database of an API under test, queue by queue. */
export class WorkerOf {
  private constructor(
    private readonly api: TestApi,
    private readonly app: INestApplicationContext,
  ) {}

  static async start(api: TestApi): Promise<WorkerOf> {
    const config = readConfig({
      DATABASE_URL: api.db.url,
      NODE_ENV: 'test',
      OUTBOUND_ALLOW_LOOPBACK: 'true',
      SECRETS_KEYS: TEST_SECRETS_KEY,
      FILE_STORE: api.files,
    });
    const app = await NestFactory.createApplicationContext(WorkerModule.with(config), {
      logger: false,
      abortOnError: false,
    });
    return new WorkerOf(api, app);
  }

  stop(): Promise<void> {
    return this.app.close();
  }

  get<Handler extends JobHandler>(type: Type<Handler>): Handler {
    return this.app.get(type);
  }

  /** From now on every mail is refused. */
  mailFails(because: Error): void {
    this.app.get(MessageGateway, { strict: false }).send = () => Promise.reject(because);
  }

  /** Works off what waits in a queue; what fails stays, with what the queue notes of it. @returns how many failed */
  async work(queue: string): Promise<number> {
    const handler = this.#handlerOf(queue);
    const { rows } = await this.api.db.admin.query<Waiting>(
      'SELECT id, data FROM pgboss.job WHERE name = $1 ORDER BY created_on',
      [queue],
    );
    let failed = 0;
    for (const { id, data } of rows) {
      const error = await handler.work(data).then(
        () => null,
        (problem: unknown) => problem,
      );
      if (error === null) await this.api.db.admin.query('DELETE FROM pgboss.job WHERE id = $1', [id]);
      else failed += 1;
    }
    return failed;
  }

  #handlerOf(queue: string): JobHandler {
    for (const type of HANDLERS) {
      const handler = this.app.get(type);
      if (handler.queue === queue) return handler;
    }
    throw new Error(`No handler of ${queue}`);
  }
}
