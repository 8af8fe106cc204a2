import { verifySigned, type RecordFault, type SignedSource } from '#audit';
import { ConfigModule, readConfig, type Config } from '#config';
import { ConsultationRecordsRepository } from '#consultations';
import { Database, DatabaseModule, systemActor, type Tx } from '#database';
import { SignedTreatmentsRepository } from '#treatments';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

@Module({
  imports: [DatabaseModule],
  providers: [ConsultationRecordsRepository, SignedTreatmentsRepository],
})
class VerificationModule {
  static with(config: Config): DynamicModule {
    return { module: VerificationModule, imports: [ConfigModule.with(config)] };
  }
}

/** A signed record that is not what was signed, and whose. */
export interface ClinicRecordFault extends RecordFault {
  readonly clinicId: string;
}

/**
 * Reads every signed record of every clinic anew, a page at a time, as the service's own role. Reports each that is not
 * what was signed and answers how many were read.
 */
export async function verifyRecords(
  report: (fault: ClinicRecordFault) => void,
  config: Config = readConfig(),
): Promise<{ clinics: number; records: number }> {
  const app = await NestFactory.createApplicationContext(VerificationModule.with(config), {
    logger: ['fatal', 'error'],
    abortOnError: false,
  });
  try {
    const database = app.get(Database);
    const sources: SignedSource[] = [
      app.get(ConsultationRecordsRepository),
      app.get(SignedTreatmentsRepository),
    ];
    const clinics = await database.clinicIds();
    let records = 0;
    for (const clinicId of clinics) {
      const inClinic = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
        database.read(systemActor(clinicId), work);
      for (const source of sources)
        records += await verifySigned(inClinic, source, (fault) => report({ clinicId, ...fault }));
    }
    return { clinics: clinics.length, records };
  } finally {
    await app.close();
  }
}
