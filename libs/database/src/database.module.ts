import { CONFIG, type Config } from '#config';
import { Clock, SystemClock } from '#kernel';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';

import { Database } from './database.js';
import { Notifications } from './notifications.js';
import { assertFit, createPool } from './pool.js';

export const POOL = Symbol('pg.Pool');

@Global()
@Module({
  providers: [
    { provide: Clock, useClass: SystemClock },
    { provide: POOL, useFactory: (config: Config) => createPool(config), inject: [CONFIG] },
    {
      provide: Database,
      useFactory: (pool: pg.Pool, clock: Clock) => new Database(pool, clock),
      inject: [POOL, Clock],
    },
    {
      provide: Notifications,
      useFactory: ({ databaseUrl }: Config) => new Notifications({ connectionString: databaseUrl }),
      inject: [CONFIG],
    },
  ],
  exports: [Clock, Database, POOL, Notifications],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly notifications: Notifications,
    @Inject(POOL) private readonly pool: pg.Pool,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Called by the apps before they listen; the OpenAPI document is built without a database. */
  assertFit(): Promise<void> {
    return assertFit(this.pool, this.config.environment);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.notifications.close();
    await this.database.close();
  }
}
