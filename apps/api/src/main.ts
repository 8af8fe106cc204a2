import 'reflect-metadata';

import { readConfig } from '#config';
import { DatabaseModule } from '#database';
import type { OpenAPIObject } from '@nestjs/swagger';

import { createApi, describeApi } from './configure.js';

/** Longer than any request may take. */
const DRAIN_MS = 35_000;

/** Serves the API with the settings of the environment; resolves when it listens. */
export async function startApi(): Promise<{ url: string; stop: () => Promise<void> }> {
  const config = readConfig();
  const app = await createApi(config);
  await app.get(DatabaseModule).assertFit();
  await app.listen(config.port, config.host);
  return { url: await app.getUrl(), stop: () => app.close() };
}

/** The OpenAPI document, made without a database. */
export async function openApiDocument(): Promise<OpenAPIObject> {
  const nowhere = {
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nowhere',
    LOG_LEVEL: 'error',
    SERVE_DOCS: 'false',
  };
  const app = await createApi(readConfig(nowhere));
  await app.init();
  const document = describeApi(app);
  await app.close();
  return document;
}

if (import.meta.main) {
  const { stop } = await startApi();
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      // Requests under way are answered first; one that never ends must not keep the process from ending.
      setTimeout(() => process.exit(1), DRAIN_MS).unref();
      void stop();
    });
}
