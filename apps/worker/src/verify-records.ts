import { type SignedKind, type SignedSource, verifySigned } from '#audit';
import { ConfigModule, readConfig, type Config } from '#config';
import { ConsultationRecordsRepository } from '#consultations';
import { Database, DatabaseModule, systemActor, type Tx } from '#database';
import { CertificatesRepository } from '#privacy';
import { SignedTreatmentsRepository } from '#treatments';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

@Module({
  imports: [DatabaseModule],
  providers: [CertificatesRepository, ConsultationRecordsRepository, SignedTreatmentsRepository],
})
class VerificationModule {
  static with(config: Config): DynamicModule {
    return { module: VerificationModule, imports: [ConfigModule.with(config)] };
  }
}

/** A signed record that is not what it should be, or a certificate that is not ours, and whose. */
export interface ClinicRecordFault {
  readonly clinicId: string;
  readonly kind: SignedKind | 'erasure';
  readonly id: string;
  /** Paths inside a record, or what is wrong with a certificate; never values. */
  readonly differs: readonly string[];
}

export interface RecordsVerified {
  readonly clinics: number;
  readonly records: number;
  /** How many of them an erasure took somebody out of, as its certificate says, and nothing else. */
  readonly redacted: number;
  readonly certificates: number;
}

/**
 * Reads every signed record of every clinic anew, a page at a time, as the service's own role, and every certificate of an
 * erasure, which alone accounts for what may differ. Reports each that is not what it should be.
 */
export async function verifyRecords(
  report: (fault: ClinicRecordFault) => void,
  config: Config = readConfig(),
): Promise<RecordsVerified> {
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
    const clinicIds = await database.clinicIds();
    const sum = { clinics: clinicIds.length, records: 0, redacted: 0, certificates: 0 };
    for (const clinicId of clinicIds) {
      const inClinic = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
        database.read(systemActor(clinicId), work);
      const certified = await app.get(CertificatesRepository).all(inClinic, config.auditKeys);
      sum.certificates += certified.certificates;
      for (const fault of certified.faults) report({ clinicId, kind: 'erasure', ...fault });
      for (const source of sources) {
        const { read, redacted } = await verifySigned(
          inClinic,
          source,
          (fault) => report({ clinicId, ...fault }),
          certified.redactions,
        );
        sum.records += read;
        sum.redacted += redacted;
      }
    }
    return sum;
  } finally {
    await app.close();
  }
}
