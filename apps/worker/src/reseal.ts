import { ConfigModule, readConfig, type Config } from '#config';
import { Database, DatabaseModule } from '#database';
import { resealColumn, SEALED_COLUMNS, Sealing } from '#identity';
import { WEBHOOK_SEALED_COLUMNS } from '#webhooks';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

@Module({ imports: [DatabaseModule], providers: [Sealing] })
class ResealingModule {
  static with(config: Config): DynamicModule {
    return { module: ResealingModule, imports: [ConfigModule.with(config)] };
  }
}

/** Every column that holds sealed secrets, of every context. */
export const ALL_SEALED_COLUMNS = [...SEALED_COLUMNS, ...WEBHOOK_SEALED_COLUMNS];

export interface ResealedClinics {
  readonly clinics: number;
  readonly resealed: number;
  readonly unreadable: readonly { readonly clinicId: string; readonly table: string; readonly id: string }[];
}

/** Seals every secret of every clinic with the first of `SECRETS_KEYS`, as the service's own role: afterwards the others may go. */
export async function resealAll(config: Config = readConfig()): Promise<ResealedClinics> {
  const app = await NestFactory.createApplicationContext(ResealingModule.with(config), {
    logger: ['fatal', 'error'],
    abortOnError: false,
  });
  try {
    const [database, sealing] = [app.get(Database), app.get(Sealing)];
    const unreadable: { clinicId: string; table: string; id: string }[] = [];
    const clinicIds = await database.clinicIds();
    let resealed = 0;
    for (const clinicId of clinicIds) {
      for (const column of ALL_SEALED_COLUMNS) {
        const done = await resealColumn(database, sealing, clinicId, column);
        resealed += done.resealed;
        unreadable.push(...done.unreadable.map((one) => ({ clinicId, ...one })));
      }
    }
    return { clinics: clinicIds.length, resealed, unreadable };
  } finally {
    await app.close();
  }
}
