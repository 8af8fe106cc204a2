import { CatalogueRepository, CatalogueService } from '#catalogue';
import type { Database } from '#database';

import { HealthRepository } from '../health/health.repository.js';
import { HealthService } from '../health/health.service.js';
import { IdentityChecksRepository } from '../identity-checks/identity-checks.repository.js';
import { IdentityChecksService } from '../identity-checks/identity-checks.service.js';
import { MergesRepository } from '../merges/merges.repository.js';
import { MergesService } from '../merges/merges.service.js';
import { PatientRecords } from '../patient-records.js';
import { FutureVisitsPort, PatientEventsPort } from '../patients.ports.js';
import { PatientsRepository } from '../patients.repository.js';
import { PatientsService } from '../patients.service.js';
import { RegisterService } from '../register.service.js';
import { StandingService } from '../standing/standing.service.js';

/** The register on a test's database, wired by hand. */
export function patientsOn(database: Database) {
  const repository = new PatientsRepository();
  const records = new PatientRecords(database, repository);
  const [events, visits] = [new PatientEventsPort(), new FutureVisitsPort()];
  const catalogue = new CatalogueService(database, new CatalogueRepository());
  return {
    events,
    visits,
    records,
    register: new RegisterService(database, repository, records, events),
    patients: new PatientsService(repository),
    health: new HealthService(database, records, new HealthRepository(), catalogue),
    checks: new IdentityChecksService(database, records, new IdentityChecksRepository()),
    standing: new StandingService(repository, records, visits, events),
    merges: new MergesService(database, repository, records, new MergesRepository(), visits, events),
  };
}
