import 'reflect-metadata';

import { readConfig } from '#config';
import { Database, DatabaseModule, POOL } from '#database';
import { Worker } from '#jobs';
import { ConsoleLogger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type pg from 'pg';

import { HANDLERS, NIGHTLY_QUEUES, OFTEN_QUEUES, WorkerModule } from './worker.module.js';

/** Works off the queue with the settings of the environment until it is stopped. */
export async function startWorker(): Promise<{ stop: () => Promise<void> }> {
  const config = readConfig();
  const quiet = config.logLevel === 'silent' || config.logLevel === 'error' || config.logLevel === 'warn';
  const app = await NestFactory.createApplicationContext(WorkerModule.with(config), {
    logger: new ConsoleLogger({
      json: true,
      colors: false,
      logLevels: quiet ? ['fatal', 'error', 'warn'] : ['fatal', 'error', 'warn', 'log'],
    }),
    abortOnError: false,
  });
  await app.get(DatabaseModule).assertFit();
  const handlers = HANDLERS.map((handler) => app.get(handler));
  const worker = new Worker(
    app.get<pg.Pool>(POOL),
    app.get(Database),
    handlers,
    NIGHTLY_QUEUES,
    OFTEN_QUEUES,
  );
  await worker.start();
  const stop = async (): Promise<void> => {
    await worker.stop();
    await app.close();
  };
  return { stop };
}

if (import.meta.main) {
  const { stop } = await startWorker();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
}
